"""Write articles in batches, off the event loop, and hold out while the store is away."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import TYPE_CHECKING

from newscrawl.errors import NewscrawlError
from newscrawl.store import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from newscrawl.crawl.frontier import Frontier
    from newscrawl.items import Article
    from newscrawl.store import Outcome, Store
    from newscrawl.store.spool import Spool

logger = logging.getLogger(__name__)

#: Seconds that an article waits for others, so that a slow site still gets its articles stored at once.
LINGER = 0.05
#: Seconds between two attempts to reach a lost store.
RETRY_PAUSE = 2.0


class StoreLostError(NewscrawlError):
    """The store did not come back in the time that a run waits for it. What was in flight lies in the spool."""


class StoreWriter:
    """Stores articles of one run in batches and settles their URLs after them.

    While the store cannot be reached the articles in flight lie in the spool (on disk), `on_lost` is called, and every
    few seconds the store is tried again; when it is back the spool is drained and `on_back` is called.
    """

    def __init__(
        self, store: Store, frontier: Frontier, spool: Spool, *, batch: int = 50, patience: float = 600.0
    ) -> None:
        self.store = store
        self.frontier = frontier
        self.spool = spool
        self.batch = batch
        self.patience = patience
        self.outcomes: Counter[str] = Counter()
        self.interruptions = 0
        self.on_lost: Callable[[], None] = lambda: None
        self.on_back: Callable[[], None] = lambda: None
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
        """Store what an earlier run left in the spool; returns how many articles that were."""
        count = await asyncio.to_thread(self.spool.drain, self._store_spooled)
        if count:
            logger.info("stored %d articles that waited in the spool %s", count, self.spool.path)
        return count

    def _store_spooled(self, articles: list[Article]) -> None:
        self._commit(articles)

    def _commit(self, articles: list[Article]) -> list[Outcome]:
        outcomes = self.store.put(articles)
        self.store.settle_urls(self.frontier.stored_states(articles, outcomes))
        return outcomes

    async def _flush(self) -> None:
        await asyncio.sleep(LINGER)
        while self._waiting:
            chunk, self._waiting = self._waiting[: self.batch], self._waiting[self.batch :]
            articles = [article for article, _ in chunk]
            try:
                outcomes = await self._commit_patiently(articles)
            except Exception as error:  # noqa: BLE001  each waiting item shall see it, and later batches still run
                for _, future in chunk:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), outcome in zip(chunk, outcomes, strict=True):
                if not future.done():
                    future.set_result(outcome)

    async def _commit_patiently(self, articles: list[Article]) -> list[Outcome]:
        loop = asyncio.get_running_loop()
        deadline = 0.0
        while True:
            try:
                outcomes = await asyncio.to_thread(self._commit, articles)
            except StoreUnavailableError as error:
                if not deadline:
                    deadline = loop.time() + self.patience
                    await asyncio.to_thread(self.spool.append, articles)
                    self._lost(error)
                if loop.time() >= deadline:
                    message = f"the store stayed away for {self.patience:.0f} s; articles wait in {self.spool.path}"
                    raise StoreLostError(message) from error
                await asyncio.sleep(RETRY_PAUSE)
            else:
                if deadline:
                    await self._back()
                return outcomes

    def _lost(self, error: StoreUnavailableError) -> None:
        self.interruptions += 1
        logger.warning("store lost, fetching pauses: %s", error)
        self.on_lost()

    async def _back(self) -> None:
        await self.drain_spool()
        logger.warning("store is back, fetching goes on")
        self.on_back()
