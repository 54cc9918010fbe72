"""The search index's file: its tables, its version, and connections to it (SQLite 3.40 and later)."""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from contextlib import contextmanager
from hashlib import blake2b
from typing import TYPE_CHECKING

from newscrawl.errors import NewscrawlError
from newscrawl.search.query import QueryError
from newscrawl.text.folding import folding_version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Raised when tables or tokens change their meaning; an index of another version is built again.
INDEX_VERSION = 1

#: Contentless: the text lies in the store alone. `ascii` splits at spaces and leaves every other character in peace,
#: whatever Unicode tables SQLite was built with.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE IF NOT EXISTS fts USING fts5 (title, body, names, content='', detail=full, tokenize='ascii');
CREATE VIRTUAL TABLE IF NOT EXISTS places USING fts5vocab (fts, instance);
CREATE TABLE IF NOT EXISTS names (
    id INTEGER PRIMARY KEY, field TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL, UNIQUE (field, name));
CREATE INDEX IF NOT EXISTS names_folded ON names (field, folded);
CREATE TABLE IF NOT EXISTS docs (
    id INTEGER PRIMARY KEY, article NOT NULL UNIQUE, signature BLOB NOT NULL, updated INTEGER NOT NULL,
    day INTEGER NOT NULL, published INTEGER NOT NULL, characters INTEGER NOT NULL, story INTEGER NOT NULL,
    site INTEGER NOT NULL, section INTEGER NOT NULL, source INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS docs_day ON docs (day);
CREATE TABLE IF NOT EXISTS reporters (doc INTEGER, name INTEGER, PRIMARY KEY (doc, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hidden (doc INTEGER PRIMARY KEY, dead INTEGER NOT NULL);
"""


class IndexUnusableError(NewscrawlError):
    """The index file cannot be used; the message says why and what to do, in one line."""


@contextmanager
def time_limited(connection: sqlite3.Connection, seconds: float | None) -> Iterator[None]:
    """Break off statements that run longer than `seconds` (None: never). Raises QueryError then."""
    if seconds is None:
        yield
        return
    deadline = time.monotonic() + seconds
    connection.set_progress_handler(lambda: time.monotonic() > deadline, 500)
    try:
        yield
    except sqlite3.OperationalError as error:
        if time.monotonic() > deadline and "interrupted" in str(error):
            raise QueryError(f"the query takes longer than {seconds:g} s; ask for something rarer") from error
        raise
    finally:
        connection.set_progress_handler(None, 0)


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Turn what SQLite says of a damaged, locked or unreadable index into an IndexUnusableError."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise IndexUnusableError(
            f"the search index {path} cannot be used ({error}); build it again if it stays so"
        ) from error


class Connections:
    """One connection a thread to the index file; the file and its tables are made at the first one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._lock = threading.Lock()

    def get(self) -> sqlite3.Connection:
        """Return this thread's connection. Raises IndexUnusableError where the file is no index or cannot be opened."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = _connect(self.path)
            with self._lock:
                self._all.append(connection)
        return connection

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            connections, self._all = self._all, []
        self._local = threading.local()
        for connection in connections:
            connection.close()


def _connect(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA page_size = 8192")
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        # After a power cut the index may be behind, never torn; the next sync reads the rest again.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -32768")
        connection.executescript(_SCHEMA)
    except (OSError, sqlite3.Error) as error:
        raise IndexUnusableError(
            f"the search index {path} cannot be opened ({error}); delete it to build it anew"
        ) from error
    return connection


def get_meta(connection: sqlite3.Connection, key: str) -> str:
    """Return a stored value, "" where there is none."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else ""


def put_meta(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Store a value under a key."""
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))


def version() -> str:
    """Return what an index must have been built with to be used."""
    return f"{INDEX_VERSION} {folding_version()}"


def empty(connection: sqlite3.Connection) -> None:
    """Remove everything from the index, inside the transaction that is open."""
    connection.execute("INSERT INTO fts (fts) VALUES ('delete-all')")
    connection.execute("DELETE FROM docs")
    connection.execute("DELETE FROM reporters")
    connection.execute("DELETE FROM hidden")
    connection.execute("DELETE FROM names")
    connection.execute("DELETE FROM meta")


def article_key(article_id: str) -> bytes | str:
    """Return an article's id as it is kept: 20 bytes for the usual 40 hex digits, any other as text."""
    if re.fullmatch("[0-9a-f]{40}", article_id):
        return bytes.fromhex(article_id)
    return article_id.encode("utf-8", "replace").decode()


def article_id(key: bytes | str) -> str:
    """Return the article's id of a key."""
    return key.hex() if isinstance(key, bytes) else key


def story_number(name: str) -> int:
    """Return a story's name as the whole number that is kept for it."""
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)
