"""Step of the chain: bylines."""

from __future__ import annotations

from newscrawl.items import Article


def read_bylines(article: Article) -> None:
    """Fill the fields of this step in place."""
