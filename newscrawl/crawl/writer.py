"""Write articles in batches, off the event loop; while the store is away they wait in a spool on disk."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import TYPE_CHECKING

from newscrawl.store import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from newscrawl.crawl.frontier import Frontier
    from newscrawl.crawl.gate import StoreGate
    from newscrawl.items import Article
    from newscrawl.store import Outcome, Store
    from newscrawl.store.spool import Spool

logger = logging.getLogger(__name__)

#: Seconds that an article waits for others, so that a slow site still gets its articles stored at once.
LINGER = 0.05


class StoreWriter:
    """Stores articles of one run in batches and settles their URLs after them.

    before: what has to be on disk before an article counts as stored (the archive's `sync`).
    """

    def __init__(
        self,
        store: Store,
        gate: StoreGate,
        frontier: Frontier,
        spool: Spool,
        *,
        batch: int = 50,
        before: Callable[[], None] = lambda: None,
    ) -> None:
        self.store = store
        self.gate = gate
        self.frontier = frontier
        self.spool = spool
        self.batch = batch
        self.before = before
        self.outcomes: Counter[str] = Counter()
        self._waiting: list[tuple[Article, asyncio.Future[Outcome]]] = []
        self._flusher: asyncio.Task[None] | None = None

    async def write(self, article: Article) -> Outcome:
        """Store an article; returns when it is on disk. Raises StoreLostError when the store stays away."""
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((article, future))
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush())
        outcome = await future
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
        outcomes = self.store.put(articles)
        self.store.settle_urls(self.frontier.stored_states(articles, outcomes))
        return outcomes

    async def _flush(self) -> None:
        await asyncio.sleep(LINGER)
        while self._waiting:
            chunk, self._waiting = self._waiting[: self.batch], self._waiting[self.batch :]
            try:
                outcomes = await self._commit_patiently([article for article, _ in chunk])
            except Exception as error:  # noqa: BLE001  each waiting item shall see it, and later batches still run
                for _, future in chunk:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), outcome in zip(chunk, outcomes, strict=True):
                if not future.done():
                    future.set_result(outcome)

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
