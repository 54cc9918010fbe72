"""Step of the chain: boilerplate."""

from __future__ import annotations

from newscrawl.items import Article


def remove_boilerplate(article: Article) -> None:
    """Fill the fields of this step in place."""
