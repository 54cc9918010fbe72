"""The story log of deduplication in the SQLite file of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newscrawl.store.sqlite_base import SqliteBase

_TABLE = "CREATE TABLE IF NOT EXISTS story_log (number INTEGER PRIMARY KEY, batch BLOB NOT NULL)"
_IS_THERE = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'story_log'"
_PAGE = 500


class SqliteStoryLog:
    """A `newscrawl.dedup.log.StoryLog`. The transaction that takes a number holds the file's write lock."""

    def __init__(self, store: SqliteBase) -> None:
        """Read nothing yet."""
        self._store = store
        self._there = False

    def append(self, number: int, batch: bytes) -> bool:
        """Store a batch under the next number; return False where it is not the next. Raises StoreError."""
        with self._store.write() as connection:
            connection.execute(_TABLE)
            (last,) = connection.execute("SELECT coalesce(max(number), 0) FROM story_log").fetchone()
            if number != last + 1:
                return False
            connection.execute("INSERT INTO story_log VALUES (?, ?)", (number, batch))
        return True

    def read(self, after: int) -> list[tuple[int, bytes]]:
        """Return the next batches after a number, in order. Raises StoreError."""
        if not self._there:
            ((tables,),) = self._store.rows(_IS_THERE)
            if not tables:
                return []
            self._there = True
        query = "SELECT number, batch FROM story_log WHERE number > ? ORDER BY number LIMIT ?"
        return [(number, batch) for number, batch in self._store.rows(query, (after, _PAGE))]

    def clear(self) -> None:
        """Forget everything. Raises StoreError."""
        with self._store.write() as connection:
            connection.execute(_TABLE)
            connection.execute("DELETE FROM story_log")
