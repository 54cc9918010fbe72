"""What all runs in one process share: one store an address, and the desk of stories beside it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl.crawl.ingest.admission import StoryDesk
from newscrawl.crawl.sites import site_names
from newscrawl.dedup import Deduplicator
from newscrawl.store import open_store
from newscrawl.store.fingerprints import open_story_log

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from newscrawl.store import Store


@dataclass(slots=True)
class SharedStore:
    """A store, the stories in it, and how many runs use them."""

    store: Store
    stories: StoryDesk
    users: int = 0


_OPEN: dict[tuple[str, bool], SharedStore] = {}
_LOCK = threading.Lock()


def use_store(settings: BaseSettings) -> SharedStore:
    """Return the store that the settings name, the same for all runs of this process; give it back with `leave_store`.

    Raises StoreError for an address that cannot be read.
    """
    with_copies = settings.get("NEWSCRAWL_DEDUP") != "off"
    store = open_store(settings.get("NEWSCRAWL_STORE") or None)
    with _LOCK:
        key = (store.uri, with_copies)
        if key not in _OPEN:
            deduplicator = _deduplicator(store, settings) if with_copies else None
            _OPEN[key] = SharedStore(store, StoryDesk(store, deduplicator))
        _OPEN[key].users += 1
        return _OPEN[key]


def leave_store(shared: SharedStore) -> None:
    """Give a store back; the last one to leave closes it. Raises StoreError."""
    with _LOCK:
        shared.users -= 1
        if shared.users:
            return
        for key in [key for key, value in _OPEN.items() if value is shared]:
            del _OPEN[key]
    try:
        shared.stories.close()
    finally:
        shared.store.close()


def _deduplicator(store: Store, settings: BaseSettings) -> Deduplicator:
    cache = settings.get("NEWSCRAWL_STORIES_CACHE")
    return Deduplicator(open_story_log(store), names=site_names(settings), cache=Path(cache) if cache else None)
