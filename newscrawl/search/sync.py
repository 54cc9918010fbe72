"""Bringing the index up to the store: what changed is read from a watermark on, what was forgotten is taken out.

Rows of a contentless index can only be removed with exactly the tokens they were made of. Those are read from the index
itself (`purge`), in one pass for many rows; until then a row that is out of date is `dead`: no query sees it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from newscrawl import clock
from newscrawl.search.schema import (
    IndexUnusableError,
    article_key,
    empty,
    get_meta,
    put_meta,
    version,
)
from newscrawl.search.writer import Writer, bury, microseconds

if TYPE_CHECKING:
    from newscrawl.items import Article
    from newscrawl.store.interface import Store

#: Articles a transaction. FTS5 writes what it gathered at each commit; larger steps leave less to merge.
STEP = 4000
#: Bytes that FTS5 gathers in memory before it writes a level of its tree (its own default is 1 MiB).
GATHER = 64 << 20
#: Dead rows are purged when they are more than this share of the index (a pass over the whole index).
PURGE_SHARE = 0.05
#: The index is merged when more than this share of it is new (as long as a tenth of building it).
MERGE_SHARE = 0.25
#: Pages that are merged in one step (of about 4 KB each).
MERGE_PAGES = 2000
#: How late a writer may commit and still be seen.
OVERLAP = timedelta(minutes=1)

Progress = Callable[[int], None]


@dataclass(slots=True)
class SyncReport:
    """What a sync did: articles read, put into the index (new or changed), taken out (forgotten), rows purged."""

    read: int = 0
    indexed: int = 0
    removed: int = 0
    purged: int = 0
    rebuilt: bool = False


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Hold the write lock of the index for a block; undo the block where it fails."""
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        raise IndexUnusableError(
            f"the search index is being written by somebody else ({error}); try again later"
        ) from error
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def sync(
    connection: sqlite3.Connection,
    store: Store,
    *,
    overlap: timedelta = OVERLAP,
    progress: Progress | None = None,
) -> SyncReport:
    """Bring the index up to the store; an index of another version is emptied first and built again.

    `overlap` is how far behind the watermark reading begins: writers commit out of order, and clocks differ. It is read
    again until nothing can come late any more. `progress` is called with the number of articles read so far. May be
    broken off at any time: the next call goes on.
    """
    report = SyncReport()
    with transaction(connection):
        built_with = get_meta(connection, "version")
        if built_with != version():
            report.rebuilt = built_with != ""
            empty(connection)
            put_meta(connection, "version", version())
            connection.execute("INSERT INTO fts (fts, rank) VALUES ('hashsize', ?)", (GATHER,))
    _take_changes(connection, store, overlap, report, progress)
    forgotten = _take_forgotten(connection, store, overlap, report)
    dead, rows = connection.execute(
        "SELECT (SELECT count(*) FROM hidden WHERE dead), (SELECT count(*) FROM docs)"
    ).fetchone()
    if forgotten or dead > rows * PURGE_SHARE:
        report.purged = purge(connection)
    if report.indexed > rows * MERGE_SHARE:
        optimize(connection)
    return report


def optimize(connection: sqlite3.Connection) -> None:
    """Merge the index into its smallest and quickest form, and give back what its file does not need.

    Goes in steps of MERGE_PAGES, so that other writers wait for none of them long.
    """
    pages = -MERGE_PAGES  # below zero: everything is to be merged, not only what has grown uneven
    while True:
        before = connection.total_changes
        connection.execute("INSERT INTO fts (fts, rank) VALUES ('merge', ?)", (pages,))
        if connection.total_changes - before < 2:  # how FTS5 says that nothing is left to merge
            break
        pages = MERGE_PAGES
    # As a script, because `execute` would take one step, which is one page.
    connection.executescript("PRAGMA incremental_vacuum")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _take_changes(
    connection: sqlite3.Connection, store: Store, overlap: timedelta, report: SyncReport, progress: Progress | None
) -> None:
    since = _read_time(get_meta(connection, "watermark"))
    began = clock.now()
    # Once a sync began later than the overlap after the watermark, what lies before the watermark is settled.
    settled = since is not None and get_meta(connection, "settled") == since.isoformat()
    articles = iter(store.changed_since(since - overlap if since and not settled else since))
    while step := list(islice(articles, STEP)):
        with transaction(connection):
            writer = Writer(connection)
            for article in step:
                report.indexed += writer.put(article)
            moments = [article.updated_at for article in step if article.updated_at]
            since = max([*moments, *([since] if since else [])], default=None)
            if since:
                put_meta(connection, "watermark", since.isoformat())
        report.read += len(step)
        if progress:
            progress(report.read)
    if since and began - since > overlap:
        put_meta(connection, "settled", since.isoformat())


def _take_forgotten(connection: sqlite3.Connection, store: Store, overlap: timedelta, report: SyncReport) -> int:
    since = _read_time(get_meta(connection, "forgotten"))
    tombstones = list(store.forgotten_since(since - overlap if since else None))
    removed = 0
    with transaction(connection):
        for article_id, moment in tombstones:
            since = max(since, moment) if since else moment
            row = connection.execute(
                "SELECT id, updated FROM docs WHERE article = ?", (article_key(article_id),)
            ).fetchone()
            # Read again within the overlap; an article that was stored once more after it was forgotten stays.
            if row and not (row[1] > microseconds(moment) and store.get(article_id)):
                bury(connection, row[0])
                removed += 1
        if since:
            put_meta(connection, "forgotten", since.isoformat())
    report.removed += removed
    return removed


def _read_time(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def remove(connection: sqlite3.Connection, article: Article) -> bool:
    """Take one article out with all its tokens, given as it is stored; False where the index has it otherwise."""
    with transaction(connection):
        return get_meta(connection, "version") == version() and Writer(connection).remove(article)


def purge(connection: sqlite3.Connection) -> int:
    """Remove the tokens of dead rows from the index and return how many rows that were. Reads the whole index once."""
    with transaction(connection):
        count = 0
        for doc, columns in _tokens_of_dead(connection):
            connection.execute(
                "INSERT INTO fts (fts, rowid, title, body, names) VALUES ('delete', ?, ?, ?, ?)", (doc, *columns)
            )
            count += 1
        connection.execute("DELETE FROM hidden WHERE dead")
    return count


def _tokens_of_dead(connection: sqlite3.Connection) -> Iterable[tuple[int, tuple[str, str, str]]]:
    """Yield each dead row with its three columns as they were indexed."""
    connection.execute("DROP TABLE IF EXISTS temp.dead_places")
    connection.execute(
        "CREATE TEMP TABLE dead_places AS SELECT doc, col, offset, term FROM places"
        " WHERE doc IN (SELECT doc FROM hidden WHERE dead) ORDER BY doc, col, offset"
    )
    docs = connection.execute("SELECT DISTINCT doc FROM temp.dead_places ORDER BY doc").fetchall()
    rows = iter(connection.execute("SELECT doc, col, term FROM temp.dead_places ORDER BY rowid"))
    row = next(rows, None)
    for (doc,) in docs:
        columns: dict[str, list[str]] = {"title": [], "body": [], "names": []}
        while row is not None and row[0] == doc:
            columns[row[1]].append(row[2])
            row = next(rows, None)
        yield doc, (" ".join(columns["title"]), " ".join(columns["body"]), " ".join(columns["names"]))
    connection.execute("DROP TABLE temp.dead_places")
