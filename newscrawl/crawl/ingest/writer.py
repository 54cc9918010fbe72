"""Write articles in batches, off the event loop; while the store is away they wait in a spool on disk."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import TYPE_CHECKING

from newscrawl.crawl.gate import StoreLostError
from newscrawl.crawl.ingest.batching import Batcher
from newscrawl.store import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from newscrawl.crawl.frontier.frontier import Frontier
    from newscrawl.crawl.gate import StoreGate
    from newscrawl.crawl.ingest.shared import SharedStore
    from newscrawl.items import Article
    from newscrawl.store import Outcome
    from newscrawl.store.spool import Spool

logger = logging.getLogger(__name__)


class StoreWriter:
    """Stores articles of one run in batches and settles their URLs after them.

    before: what has to be on disk before an article counts as stored (the archive's `sync`).
    """

    def __init__(
        self,
        shared: SharedStore,
        gate: StoreGate,
        frontier: Frontier,
        spool: Spool,
        *,
        batch: int = 50,
        before: Callable[[], None] = lambda: None,
    ) -> None:
        self.shared = shared
        self.gate = gate
        self.frontier = frontier
        self.spool = spool
        self.batch = batch
        self.before = before
        self.outcomes: Counter[str] = Counter()
        self._batches = Batcher(self._commit_patiently, size=batch, fatal=(StoreLostError,))

    async def write(self, article: Article) -> Outcome:
        """Store an article; returns when it is on disk. Raises StoreLostError when the store stays away."""
        outcome = await self._batches.submit(article)
        self.outcomes[outcome] += 1
        return outcome

    async def drain_spool(self) -> int:
        """Store what waits in the spool; returns how many articles that were."""
        count: int = await self.gate.call(self.spool.drain, self._commit)
        if count:
            logger.info("stored %d articles that waited in the spool %s", count, self.spool.path)
        return count

    def _commit(self, articles: list[Article]) -> list[Outcome]:
        self.before()
        self.shared.stories.before_put(articles)
        outcomes = self.shared.store.put(articles)
        self.shared.stories.after_put(articles)
        self.shared.store.settle_urls(self.frontier.stored_states(articles, outcomes))
        return outcomes

    async def _commit_patiently(self, articles: list[Article]) -> list[Outcome]:
        spooled = False

        async def spool() -> None:
            nonlocal spooled
            try:
                await asyncio.to_thread(self.spool.append, articles)
                spooled = True
            except StoreUnavailableError as error:  # its disk may be the full one: they wait in memory, no more come
                logger.warning("%s", error)

        outcomes = await self.gate.call_or(spool, self._commit, articles)
        if spooled:
            await self.drain_spool()
        return outcomes
