"""The store: articles, revisions, URL states, runs. `open_store` is the way in."""

from __future__ import annotations

from newscrawl.store.interface import (
    ArticleFilter,
    Outcome,
    Store,
    StoreError,
    StoreStatus,
    StoreUnavailableError,
)
from newscrawl.store.uri import open_store

__all__ = [
    "ArticleFilter",
    "Outcome",
    "Store",
    "StoreError",
    "StoreStatus",
    "StoreUnavailableError",
    "open_store",
]
