"""Step of the chain: dates."""

from __future__ import annotations

from newscrawl.items import Article


def read_dates(article: Article) -> None:
    """Fill the fields of this step in place."""
