"""The journal of a replay: how far it came in every file, and the dates that list pages gave. One SQLite file.

What is written is committed together with the positions, after the store has taken the articles before them: a replay
that was killed goes on where it was, and reads a few records twice, which does no harm.
"""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl.replay.source import ReplayError

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCHEMA = """
CREATE TABLE IF NOT EXISTS replay (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS positions (file TEXT PRIMARY KEY, offset INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counts (name TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS listed (url INTEGER PRIMARY KEY, date TEXT, address TEXT);
"""


class Journal:
    """What a replay keeps beside the store. `path` None: a temporary file, gone at the end (dry runs).

    plan: names what is replayed and how; a journal of another plan, or of one that came to its end, begins anew.
    Raises ReplayError where another process has it open, or the disk does not take it.
    """

    def __init__(self, path: Path | None, plan: str, *, fresh: bool = False) -> None:
        self._folder = None
        if path is None:
            self._folder = tempfile.TemporaryDirectory(prefix="newscrawl-replay-")
            path = Path(self._folder.name) / "journal.db"
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(path, isolation_level=None, timeout=1.0)
            self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.execute("BEGIN EXCLUSIVE")
            self._begin(plan, fresh=fresh)
        except (sqlite3.Error, OSError) as error:
            busy = "locked" in str(error)
            reason = "another replay into this store is at work" if busy else f"{path} cannot be written: {error}"
            raise ReplayError(reason) from None

    def _begin(self, plan: str, *, fresh: bool) -> None:
        for statement in _SCHEMA.split(";"):
            self._database.execute(statement)
        known = dict(self._database.execute("SELECT key, value FROM replay"))
        self.resumed = not fresh and known.get("plan") == plan and known.get("finished") != "yes"
        if not self.resumed:
            for table in ("replay", "positions", "counts", "listed"):
                self._database.execute(f"DELETE FROM {table}")  # noqa: S608  our own words
            rows = [("plan", plan), ("finished", "no")]
            self._database.executemany("INSERT INTO replay VALUES (?, ?)", rows)
        self._commit()

    def positions(self) -> dict[str, int]:
        """Return by file name the offset of the last record that is done."""
        return dict(self._database.execute("SELECT file, offset FROM positions"))

    def counts(self) -> dict[str, int]:
        """Return what was counted up to those positions."""
        return dict(self._database.execute("SELECT name, number FROM counts"))

    def list_article(self, canonical: str, date: str, address: str) -> None:
        """Note what a list page says of an article; what the first one said stays, as in a crawl."""
        row = (_key(canonical), date, "" if address == canonical else address)
        self._database.execute("INSERT OR IGNORE INTO listed VALUES (?, ?, ?)", row)

    def listed(self, canonical: str) -> tuple[str, str] | None:
        """Return date and address that list pages gave for an article, None where none has named it."""
        for date, address in self._database.execute(
            "SELECT date, address FROM listed WHERE url = ?", [_key(canonical)]
        ):
            return date, address or canonical
        return None

    def commit(self, positions: Mapping[str, int], counts: Mapping[str, int]) -> None:
        """Write positions, counts and everything noted so far. Raises ReplayError (disk full)."""
        try:
            self._database.executemany("INSERT OR REPLACE INTO positions VALUES (?, ?)", positions.items())
            self._database.executemany("INSERT OR REPLACE INTO counts VALUES (?, ?)", counts.items())
            self._commit()
        except sqlite3.Error as error:
            raise ReplayError(f"{self.path} cannot be written: {error}") from None

    def finish(self) -> None:
        """Note that the replay came to its end; list dates and positions are no longer needed."""
        for table in ("positions", "counts", "listed"):
            self._database.execute(f"DELETE FROM {table}")  # noqa: S608  our own words
        self._database.execute("UPDATE replay SET value = 'yes' WHERE key = 'finished'")
        self._commit()

    def close(self) -> None:
        """Close the file; what was not committed is forgotten."""
        self._database.close()
        if self._folder is not None:
            self._folder.cleanup()

    def _commit(self) -> None:
        self._database.execute("COMMIT")
        self._database.execute("BEGIN EXCLUSIVE")


def _key(canonical: str) -> int:
    digest = hashlib.sha1(canonical.encode("utf-8", "surrogatepass"), usedforsecurity=False).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
