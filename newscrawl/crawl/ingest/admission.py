"""Admit articles to their stories, in batches, and bring what that changes for other articles into the store.

A link of an article that is admitted but not stored yet cannot be written to the store; it waits here and goes with
its article. After a kill between the two `newscrawl dedup rebuild` gives the same stories again.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from newscrawl.crawl.gate import StoreLostError
from newscrawl.crawl.ingest.batching import Batcher
from newscrawl.dedup import content_hash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newscrawl.crawl.gate import StoreGate
    from newscrawl.dedup import Deduplicator, Link
    from newscrawl.items import Article
    from newscrawl.store import Store

_FIELDS = ("story_id", "duplicate_of", "duplicate_kind", "similarity")


class StoryDesk:
    """The deduplicator of a store and the links that wait for their articles. Thread-safe; shared by all runs.

    deduplicator: None looks for no copies.
    """

    def __init__(self, store: Store, deduplicator: Deduplicator | None) -> None:
        self.store = store
        self.deduplicator = deduplicator
        self._in_flight: set[str] = set()
        self._waiting: dict[str, Link] = {}
        self._lock = threading.Lock()

    def admit(self, articles: Sequence[Article]) -> None:
        """Fill the story fields of articles; write the links of stored ones that this changes. Raises StoreError."""
        if self.deduplicator is None:
            return
        with self._lock:  # also over the deduplicator: links must wait here in the order of its decisions
            self._in_flight.update(article.id for article in articles)
            links = self.deduplicator.admit_many(articles)
            self._waiting.update({link["id"]: link for link in links})
            self._write_settled()

    def drop(self, article: Article) -> None:
        """Let go of an article that was admitted and will not be stored."""
        with self._lock:
            self._in_flight.discard(article.id)
            self._waiting.pop(article.id, None)

    def before_put(self, articles: Sequence[Article]) -> None:
        """Give articles the links that came for them while they were under way."""
        with self._lock:
            for article in articles:
                link = self._waiting.get(article.id, {})
                for name in _FIELDS:
                    if name in link:
                        setattr(article, name, link[name])

    def after_put(self, articles: Sequence[Article]) -> None:
        """Take note that articles are stored, and write the links that came for them meanwhile. Raises StoreError."""
        with self._lock:
            self._in_flight.difference_update(article.id for article in articles)
            self._write_settled()

    def close(self) -> None:
        """Write the deduplicator's local cache, which a full disk may do without."""
        if self.deduplicator is not None:
            with suppress(OSError):
                self.deduplicator.close()

    def _write_settled(self) -> None:
        settled = [link for name, link in self._waiting.items() if name not in self._in_flight]
        if settled:
            self.store.set_story(settled)
            for link in settled:
                del self._waiting[link["id"]]


class Admission:
    """The desk of stories as one run uses it: articles in batches, through the run's own gate."""

    def __init__(self, desk: StoryDesk, gate: StoreGate, *, batch: int = 50) -> None:
        self.desk = desk
        self.gate = gate
        self._batcher = Batcher(self._admit, size=batch, fatal=(StoreLostError,))

    async def admit(self, article: Article) -> None:
        """Fill the content hash and the story fields of an article. Raises StoreLostError."""
        article.content_hash = content_hash(article.title, article.body)
        if self.desk.deduplicator is not None:
            await self._batcher.submit(article)

    def drop(self, article: Article) -> None:
        """Let go of an article that was admitted and will not be stored."""
        self.desk.drop(article)

    async def _admit(self, articles: list[Article]) -> list[None]:
        await self.gate.call(self.desk.admit, articles)
        return [None] * len(articles)
