"""What stands around the hits of a search: facets and time line, kept as long as the index stays as it is."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newscrawl.search import FACETS, QueryError
from newscrawl.search.schema import get_meta, guarded
from newscrawl.web.timeline import Timeline, choose_period, count_articles, count_places

if TYPE_CHECKING:
    from newscrawl.search import SearchIndex

#: Overviews kept at a time. They cost a pass over all articles found, and are asked for again with every page of hits.
MOST_KEPT = 64

_Key = tuple[str, bool, str]


@dataclass(slots=True)
class Overview:
    """facets: name -> (value, count), most first. has_words: whether there is a text that could be counted."""

    facets: dict[str, list[tuple[str, int]]]
    timeline: Timeline
    has_words: bool


@dataclass
class Overviews:
    """The overviews of the last searches; all are forgotten when the index has changed."""

    index: SearchIndex
    _state: tuple[object, ...] = ()
    _kept: dict[_Key, Overview] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, query: str, *, stories: bool, measure: str) -> Overview:
        """Return the overview of a query; `measure` is "articles" or "million". Raises QueryError."""
        key = (query, stories, measure)
        state = _state_of(self.index)
        with self._lock:
            if state != self._state:
                self._kept.clear()
                self._state = state
            found = self._kept.get(key)
        if found is None:
            found = look_over(self.index, query, stories=stories, measure=measure)
            with self._lock:
                if state == self._state:
                    while len(self._kept) >= MOST_KEPT:
                        del self._kept[next(iter(self._kept))]
                    self._kept[key] = found
        return found


def _state_of(index: SearchIndex) -> tuple[object, ...]:
    """Return what is another one whenever articles were taken in or taken out, by whomever."""
    with guarded(index.path):
        last = index.connection.execute("SELECT max(id) FROM docs").fetchone()[0]
        return last, get_meta(index.connection, "watermark"), get_meta(index.connection, "forgotten")


def look_over(index: SearchIndex, query: str, *, stories: bool, measure: str) -> Overview:
    """Count what a query finds by facets and over time. Raises QueryError."""
    facets = index.search(query, limit=0, facets=FACETS, stories=stories).facets
    has_words = index.plan(query).has_words
    months = [month for month, _ in facets["month"] if month]
    by = choose_period(months)
    if measure == "articles" or not has_words or not months:
        return Overview(facets, count_articles(index, query, by, stories=stories), has_words)
    try:
        line = count_places(index, query, by, stories=stories)
    except QueryError:  # words that are only ruled out
        return Overview(facets, count_articles(index, query, by, stories=stories), has_words)
    # Other articles were published before and after those found.
    line.bars = [bar for bar in line.bars if months[0] <= bar.until[:7] and bar.since[:7] <= months[-1]]
    return Overview(facets, line, has_words)
