"""newscrawl: a crawler and ingestion framework for Chinese regional news portals."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newscrawl.notebook import Corpus

__version__ = "0.1.0"


def open_store(uri: str | None = None) -> Corpus:
    """Open a corpus for a notebook: `newscrawl.open_store().articles(site="xjnnet")`. Raises StoreError."""
    from newscrawl.notebook import open_store as open_corpus

    return open_corpus(uri)
