"""The story log of deduplication in a store: numbered batches, each written once (see `newscrawl.dedup.log`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newscrawl.store.fingerprints_mongo import MongoStoryLog
    from newscrawl.store.fingerprints_sqlite import SqliteStoryLog
    from newscrawl.store.interface import Store


def open_story_log(store: Store) -> SqliteStoryLog | MongoStoryLog:
    """Return the story log that lives in a store. Raises TypeError for a store that has none."""
    from newscrawl.store.sqlite_base import SqliteBase

    if isinstance(store, SqliteBase):
        from newscrawl.store.fingerprints_sqlite import SqliteStoryLog

        return SqliteStoryLog(store)
    from newscrawl.store.mongo_base import MongoBase

    if isinstance(store, MongoBase):
        from newscrawl.store.fingerprints_mongo import MongoStoryLog

        return MongoStoryLog(store)
    raise TypeError(f"{type(store).__name__} keeps no story log.")
