"""The SQLite file: connections, transactions, tables, and errors in one clear line."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl import clock
from newscrawl.items import SCHEMA_VERSION, as_utc
from newscrawl.store.interface import StoreError, StoreUnavailableError
from newscrawl.store.records import milliseconds, write_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

#: Marks the file as ours ("news"), so that no other program's database is taken for a store.
APPLICATION_ID = 0x6E657773
#: How long to wait for another process that is writing, in seconds.
BUSY_SECONDS = 30.0
#: How many rows go into one statement or come back in one page.
CHUNK = 500

_TABLES = """
CREATE TABLE articles (
    id TEXT PRIMARY KEY, site TEXT NOT NULL, section TEXT NOT NULL, source TEXT NOT NULL, title TEXT NOT NULL,
    published_day TEXT NOT NULL, published TEXT NOT NULL, status TEXT NOT NULL, story_id TEXT NOT NULL,
    duplicate_of TEXT NOT NULL, content_hash TEXT NOT NULL, updated_at TEXT NOT NULL, head TEXT NOT NULL,
    record TEXT NOT NULL
);
CREATE INDEX articles_day ON articles (published_day, published, id);
CREATE INDEX articles_site_day ON articles (site, published_day, published, id);
CREATE INDEX articles_updated ON articles (updated_at, id);
CREATE INDEX articles_content ON articles (content_hash);
CREATE INDEX articles_story ON articles (story_id) WHERE story_id <> '';
CREATE INDEX articles_duplicate ON articles (duplicate_of) WHERE duplicate_of <> '';
CREATE TABLE reporters (name TEXT, id TEXT, PRIMARY KEY (name, id)) WITHOUT ROWID;
CREATE INDEX reporters_id ON reporters (id);
CREATE TABLE addresses (url TEXT, id TEXT, PRIMARY KEY (url, id)) WITHOUT ROWID;
CREATE INDEX addresses_id ON addresses (id);
CREATE TABLE revisions (
    id TEXT, fetched_at TEXT, version TEXT, record TEXT NOT NULL, PRIMARY KEY (id, fetched_at, version)
);
CREATE TABLE forgotten (
    id TEXT PRIMARY KEY, at TEXT NOT NULL, updated_at TEXT NOT NULL, moved_to TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX forgotten_updated ON forgotten (updated_at, id);
CREATE TABLE urls (
    url TEXT PRIMARY KEY, fetch_url TEXT, site TEXT, kind TEXT, state TEXT, reason TEXT, priority INTEGER,
    tries INTEGER, next_at TEXT, found_at TEXT, found_on TEXT, listed_date TEXT, fetched_at TEXT, last_status INTEGER,
    etag TEXT, last_modified TEXT, content_hash TEXT, article_id TEXT
);
CREATE INDEX urls_pending ON urls (site, state, priority DESC, found_at, url);
CREATE INDEX urls_next ON urls (site, state, next_at) WHERE next_at <> '';
CREATE INDEX urls_article ON urls (article_id) WHERE article_id <> '';
CREATE TABLE leases (name TEXT PRIMARY KEY, owner TEXT NOT NULL, until TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (id TEXT PRIMARY KEY, site TEXT NOT NULL, started TEXT NOT NULL, record TEXT NOT NULL);
CREATE INDEX runs_started ON runs (started, id);
CREATE INDEX runs_site_started ON runs (site, started, id);
CREATE TABLE sites (site TEXT PRIMARY KEY, state TEXT NOT NULL);
CREATE TABLE profiles (
    number INTEGER PRIMARY KEY AUTOINCREMENT, site TEXT, version TEXT, profile TEXT NOT NULL, UNIQUE (site, version)
);
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


class SqliteBase:
    """One SQLite file with a connection for writing and one for reading, each behind its lock."""

    def __init__(self, uri: str, path: str) -> None:
        self.uri = uri
        self.path = Path(path)
        self._writing = threading.RLock()
        self._reading = threading.RLock()
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None

    def init(self) -> None:
        """Make the file, its folder and its tables."""
        with self.write():
            pass

    def close(self) -> None:
        """Close the file. The store may be used again: it opens the file anew."""
        with self._writing, self._reading:
            for connection in (self._reader, self._writer):
                if connection is not None:
                    connection.close()
            self._reader = self._writer = None

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Give a connection inside a transaction that holds the file's write lock; all of it is done or nothing."""
        with self._writing, self.errors():
            if self._writer is None:
                self._writer = self._open_for_writing()
            connection = self._writer
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Return all rows of a query. Where there is no file yet, nothing is stored."""
        with self._reading, self.errors():
            if self._reader is None:
                if not self.path.exists():
                    return _rows_of_nothing(statement, parameters)
                reader = self._open()
                if not self._check_tables(reader):  # another process is making the file at this moment
                    reader.close()
                    return _rows_of_nothing(statement, parameters)
                self._reader = reader
            return self._reader.execute(statement, parameters).fetchall()

    def pages(self, page: Callable[[Any], list[Any]]) -> Iterator[Any]:
        """Go through rows page by page: `page` gets the last row so far (None at first). No transaction stays open."""
        last = None
        while rows := page(last):
            yield from rows
            last = rows[-1]

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        try:
            # WAL lets readers go on beside a writer; FULL puts every commit on the disk before it is reported.
            _retry_locked(lambda: connection.execute("PRAGMA journal_mode = WAL").fetchone())
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA cache_size = -16000")
        except BaseException:
            connection.close()
            raise
        return connection

    def _open_for_writing(self) -> sqlite3.Connection:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"Cannot make the folder of {self.path}: {error.strerror}. Choose another path.") from None
        connection = self._open()
        try:
            connection.execute("BEGIN IMMEDIATE")
            if not self._check_tables(connection):
                for statement in _TABLES.split(";\n"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            connection.execute("COMMIT")
        except BaseException:
            connection.close()
            raise
        return connection

    def _check_tables(self, connection: sqlite3.Connection) -> bool:
        """Say whether the tables are there. Raises StoreError for a file that is something else, or newer."""
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables and application != APPLICATION_ID:
            raise StoreError(f"{self.path} is a database of another program: name another file for the store.")
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"{self.path} was written by a newer newscrawl (schema {version}, here {SCHEMA_VERSION}): update it."
            )
        return bool(tables)

    @contextlib.contextmanager
    def errors(self) -> Iterator[None]:
        """Turn what sqlite3 raises into StoreError."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._explain(error) from error
        except OSError as error:
            raise StoreError(f"Cannot use {self.path}: {error.strerror or error}.") from error

    def _explain(self, error: sqlite3.Error) -> StoreError:
        name = getattr(error, "sqlite_errorname", "") or ""
        if name.startswith("SQLITE_FULL"):
            return StoreUnavailableError(f"The disk of {self.path} is full: make room, then run it again.")
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return StoreUnavailableError(
                f"{self.path} was locked by another process for {BUSY_SECONDS:.0f} s: wait until it has finished."
            )
        if name.startswith("SQLITE_IOERR"):
            return StoreUnavailableError(f"Cannot write to {self.path} ({name}): is the disk full or gone?")
        if name.startswith("SQLITE_READONLY"):
            return StoreError(f"{self.path} may only be read: check the rights of the file and of its folder.")
        if name.startswith("SQLITE_CANTOPEN"):
            return StoreError(f"Cannot open {self.path}: check that it is a file and that the folder may be written.")
        if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
            return StoreError(f"{self.path} is damaged or no SQLite file: restore a backup or name another file.")
        return StoreError(f"{self.path}: {error}.")


def _rows_of_nothing(statement: str, parameters: Sequence[Any]) -> list[Any]:
    with contextlib.closing(sqlite3.connect(":memory:")) as nothing:
        nothing.executescript(_TABLES)
        return nothing.execute(statement, parameters).fetchall()


def _retry_locked(step: Callable[[], object]) -> None:
    """Do a step that SQLite refuses at once, without waiting, while another process opens the same file."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            step()
        except sqlite3.OperationalError as error:
            busy = (error.sqlite_errorname or "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
            if not busy or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def tick(connection: sqlite3.Connection) -> str:
    """Return the moment of this transaction, later than that of every one before it, whatever the clock does.

    A transaction holds the write lock, so that whoever has read up to a moment never finds an earlier one afterwards.
    """
    (row,) = connection.execute("SELECT max(value) FROM meta WHERE name = 'last write'")
    moment = milliseconds(clock.now())
    last = as_utc(row[0])
    if last is not None and moment <= last:
        moment = last + timedelta(milliseconds=1)
    written = write_time(moment)
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('last write', ?)", (written,))
    return written


def listed(values: Sequence[str]) -> str:
    """Return texts as the one parameter of `IN (SELECT value FROM json_each(?))`."""
    return json.dumps(values)


def chunks(values: Sequence[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    """Cut a sequence into pieces of at most `size`."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
