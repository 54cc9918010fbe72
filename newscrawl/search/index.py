"""The search index beside a store: SQLite FTS5 over bigrams, built from the store and never the source of truth."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl.places import data_dir
from newscrawl.search.facets import FACETS, count_facets
from newscrawl.search.plan import WEIGHTS, Plan, hints, make_plan, matches
from newscrawl.search.query import Query, QueryError, Sort, parse_query
from newscrawl.search.schema import Connections, article_id, empty, guarded, time_limited
from newscrawl.search.snippets import Snippet, cut, mark
from newscrawl.search.sync import OVERLAP, Progress, SyncReport, remove, sync, transaction
from newscrawl.search.writer import story_of
from newscrawl.store.uri import DEFAULT_DATABASE, sqlite_path

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from datetime import timedelta

    from newscrawl.items import Article
    from newscrawl.store.interface import Store

MOST_HITS = 1000
#: Articles read from the store at a time.
READ = 200
#: An order for `SearchIndex.matching`.
NEWEST = "docs.published DESC, docs.id DESC"


@dataclass(slots=True, frozen=True)
class Hit:
    """An article found. `score` is greater for better ones; `copies` counts the other articles of its story found."""

    article: Article
    score: float
    title: Snippet
    snippet: Snippet
    copies: int = 0


@dataclass(slots=True)
class Results:
    """What a search found: how many in all, one page of hits, (name, count) by facet, and notes for the asker."""

    total: int
    hits: list[Hit]
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    query: Query | None = None


def open_index(store: Store, path: str | Path | None = None) -> SearchIndex:
    """Open the search index of a store; it is made, empty, where there is none: `sync` fills it.

    `path` is the index's file; by default it lies beside an SQLite store, else in data/ under the name of the database.
    Raises IndexUnusableError.
    """
    return SearchIndex(store, Path(path) if path is not None else default_path(store.uri))


def default_path(uri: str) -> Path:
    """Return where the index of the store at `uri` lies: the same place for the same store, whatever the password."""
    scheme, _, rest = uri.partition("://")
    if scheme.lower() == "sqlite":
        return Path(sqlite_path(uri)).with_suffix(".search.db")
    server, _, database = rest.partition("?")[0].rpartition("@")[2].partition("/")
    database = database or os.environ.get("MONGO_DATABASE") or DEFAULT_DATABASE
    hosts = ",".join(sorted(server.lower().split(",")))
    name = "".join(character if character.isalnum() else "-" for character in database)
    return data_dir() / f"{name}-{sha256(f'{hosts}/{database}'.encode()).hexdigest()[:8]}.search.db"


class SearchIndex:
    """A search index. May be used from several threads; every thread gets its own connection."""

    def __init__(self, store: Store, path: Path) -> None:
        """Open the file; see `open_index`."""
        self.store = store
        self.path = path
        self._connections = Connections(path)
        self._connections.get()

    def close(self) -> None:
        """Close the index's file. The store stays open."""
        self._connections.close()

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection to the index's file, for the corpus tools beside this module."""
        return self._connections.get()

    def sync(
        self,
        store: Store | None = None,
        *,
        overlap: timedelta = OVERLAP,
        progress: Progress | None = None,
    ) -> SyncReport:
        """Take in what changed in the store since the last time; see `newscrawl.search.sync.sync`."""
        with guarded(self.path):
            return sync(self.connection, store or self.store, overlap=overlap, progress=progress)

    def remove(self, article: Article) -> bool:
        """Take an article out with all its tokens, given as it is stored: before the store forgets it, this is quick.

        False where the index has it otherwise or not at all; the sync after the store forgot it takes it out then, by
        a pass over the whole index.
        """
        with guarded(self.path):
            return remove(self.connection, article)

    def rebuild(self, *, progress: Progress | None = None) -> SyncReport:
        """Build the whole index anew from the store. Until it is done, searches find only what is already in."""
        with transaction(self.connection):
            empty(self.connection)
        report = self.sync(progress=progress)
        report.rebuilt = True
        return report

    def count(self) -> int:
        """Count the articles in the index."""
        return int(self.connection.execute("SELECT count(*) FROM docs").fetchone()[0])

    def search(
        self,
        query: str = "",
        *,
        limit: int = 10,
        offset: int = 0,
        sort: Sort | None = None,
        facets: Sequence[str] = (),
        stories: bool = False,
        snippet_length: int = 120,
        time_limit: float | None = None,
    ) -> Results:
        """Find articles; the query language is that of `newscrawl.search.query`.

        `sort` is rank (default with words to find), date (newest first; default without) or oldest; sort: in the query
        goes before it. `facets` are names of FACETS to count by. `stories` gives one hit a story. `limit` is at most
        MOST_HITS, `offset` skips that many. `time_limit` in seconds breaks off what takes the index longer. Every hit
        was checked against the text as it is stored now; what had changed since the last sync is left out and noted.
        Raises QueryError and what the store raises.
        """
        if limit < 0 or offset < 0:
            raise QueryError("limit and offset cannot be negative")
        unknown = [name for name in facets if name not in FACETS]
        if unknown:
            raise QueryError(f'no facet "{unknown[0]}"; known are {", ".join(FACETS)}')
        with guarded(self.path), time_limited(self.connection, time_limit):
            return self._search(parse_query(query), limit, offset, sort, facets, snippet_length, stories=stories)

    def _search(
        self,
        query: Query,
        limit: int,
        offset: int,
        sort: Sort | None,
        facets: Sequence[str],
        snippet_length: int,
        *,
        stories: bool,
    ) -> Results:
        plan = make_plan(self.connection, query)
        order = plan.query.sort or sort or ("rank" if plan.has_words else "date")
        total = self.total(plan, stories=stories)
        rows = (
            self._page(plan, order, min(limit, MOST_HITS), offset, stories=stories) if limit and total > offset else []
        )
        hits, stale = self._hits(plan, rows, snippet_length)
        notes = list(plan.notes)
        if stale:
            notes.append(f"{stale} articles have changed in the store since the index was synced and were left out")
        if not total:
            notes += hints(plan)
        counts = count_facets(self.connection, plan, facets, stories=stories) if facets else {}
        return Results(total - stale, hits, counts, notes, plan.query)

    def plan(self, query: str) -> Plan:
        """Return the plan of a query, for the corpus tools beside this module. Raises QueryError."""
        with guarded(self.path):
            return make_plan(self.connection, parse_query(query))

    def total(self, plan: Plan, *, stories: bool = False) -> int:
        """Count the articles (or stories) of a plan, by the index alone."""
        source, parameters = plan.source()
        what = "count(DISTINCT docs.story)" if stories else "count(*)"
        if plan.match and not plan.conditions and not stories and not self._has_dead():
            source = "FROM fts WHERE fts MATCH ?"
        return int(self.connection.execute(f"SELECT {what} {source}", parameters).fetchone()[0])

    def _has_dead(self) -> bool:
        return self.connection.execute("SELECT 1 FROM hidden WHERE dead LIMIT 1").fetchone() is not None

    def _page(
        self, plan: Plan, order: str, limit: int, offset: int, *, stories: bool
    ) -> list[tuple[bytes | str, float, int]]:
        """Return (article key, score, number of articles of its story) of one page."""
        source, parameters = plan.source()
        score = f"bm25(fts, {', '.join(map(str, WEIGHTS))})" if order == "rank" and plan.match else "0"
        by = {"date": "published DESC, id DESC", "oldest": "published = 0, published, id"}.get(order, "score, id DESC")
        if score != "0" and not plan.conditions and not stories and not self._has_dead():
            # Without docs joined in, FTS5 does the whole sorting: the quick way for common words.
            statement = f"SELECT rowid AS id, {score} AS score, 1 FROM fts WHERE fts MATCH ?"  # noqa: S608 - our own parts
        else:
            statement = f"SELECT docs.id AS id, {score} AS score, 1, docs.story, docs.published {source}"
        if stories:
            # SQLite takes the bare columns from the row that holds the minimum.
            first = {"date": "min(-published)", "oldest": "min(published)"}.get(order, "min(score)")
            # Materialized, because bm25 can only be worked out in the scan itself, not under a grouping.
            statement = (
                f"WITH found AS MATERIALIZED ({statement})"  # noqa: S608 - our own parts, values are bound
                f" SELECT id, score, count(*), {first}, published FROM found GROUP BY story"
            )
        rows = self.connection.execute(
            f"{statement} ORDER BY {by} LIMIT ? OFFSET ?", (*parameters, limit, offset)
        ).fetchall()
        keys = self._keys([row[0] for row in rows])
        return [(keys[row[0]], -row[1], row[2]) for row in rows if row[0] in keys]

    def _keys(self, docs: list[int]) -> dict[int, bytes | str]:
        marks = ", ".join("?" * len(docs))
        return dict(self.connection.execute(f"SELECT id, article FROM docs WHERE id IN ({marks})", docs).fetchall())  # noqa: S608 - question marks

    def _hits(
        self, plan: Plan, rows: list[tuple[bytes | str, float, int]], snippet_length: int
    ) -> tuple[list[Hit], int]:
        ids = [article_id(key) for key, _, _ in rows]
        articles = self.store.get_many(ids) if ids else {}
        hits = []
        for identifier, (_, score, members) in zip(ids, rows, strict=True):
            article = articles.get(identifier)
            if article is None or not matches(plan.query, article):
                continue
            snippet = cut(article.body, plan.patterns, length=snippet_length)
            title = mark(*plan.texts(article)[0])
            hits.append(Hit(article, score, title, snippet, members - 1))
        return hits, len(rows) - len(hits)

    def articles(self, query: str = "", *, stories: bool = False) -> Iterator[Article]:
        """Go through all articles that match a query, newest first (for exports). Raises QueryError."""
        return self.matching(self.plan(query), order=NEWEST, stories=stories)

    def matching(self, plan: Plan, *, order: str = "docs.id", stories: bool = False) -> Iterator[Article]:
        """Go through all articles of a plan as they are stored now, checked against it.

        `order` is of columns of docs. `stories` gives the first article of each story.
        """
        with guarded(self.path):
            yield from self._matching(plan, order, stories=stories)

    def _matching(self, plan: Plan, order: str, *, stories: bool) -> Iterator[Article]:
        seen: set[str] = set()
        source, parameters = plan.source()
        keys = self.connection.execute(f"SELECT docs.article {source} ORDER BY {order}", parameters)
        while rows := keys.fetchmany(READ):
            ids = [article_id(key) for (key,) in rows]
            articles = self.store.get_many(ids)
            for identifier in ids:
                article = articles.get(identifier)
                if article is None or not matches(plan.query, article):
                    continue
                if stories:
                    story = story_of(article)
                    if story in seen:
                        continue
                    seen.add(story)
                yield article
