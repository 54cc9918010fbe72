"""The rebuildable full-text index beside the store: queries, snippets, facets, concordance, time lines, words."""

from __future__ import annotations

from newscrawl.search.concordance import Concordance, Line, kwic
from newscrawl.search.facets import FACETS
from newscrawl.search.index import Hit, Results, SearchIndex, default_path, open_index
from newscrawl.search.query import QueryError, parse_query
from newscrawl.search.schema import IndexUnusableError
from newscrawl.search.snippets import Snippet
from newscrawl.search.sync import SyncReport
from newscrawl.search.timeline import Frequency, Point, frequency
from newscrawl.search.words import Collocate, Collocations, NGram, NGrams, collocations, ngrams

__all__ = [
    "FACETS",
    "Collocate",
    "Collocations",
    "Concordance",
    "Frequency",
    "Hit",
    "IndexUnusableError",
    "Line",
    "NGram",
    "NGrams",
    "Point",
    "QueryError",
    "Results",
    "SearchIndex",
    "Snippet",
    "SyncReport",
    "collocations",
    "default_path",
    "frequency",
    "kwic",
    "ngrams",
    "open_index",
    "parse_query",
]
