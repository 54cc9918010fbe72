"""The rebuildable full-text index beside the store: query language, snippets, facets, concordance, time lines."""

from __future__ import annotations

from newscrawl.search.facets import FACETS
from newscrawl.search.index import Hit, Results, SearchIndex, default_path, open_index
from newscrawl.search.query import QueryError, parse_query
from newscrawl.search.schema import IndexUnusableError
from newscrawl.search.snippets import Snippet
from newscrawl.search.sync import SyncReport

__all__ = [
    "FACETS", "Hit", "IndexUnusableError", "QueryError", "Results", "SearchIndex", "Snippet", "SyncReport",
    "default_path", "open_index", "parse_query",
]  # fmt: skip
