"""Keep the record of a run while it goes: counts, errors, heartbeat, lease; the verdict at its end."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from scrapy import signals

from newscrawl import clock
from newscrawl.archive.retention import prune
from newscrawl.crawl.fetch.failures import kind_of, most_common
from newscrawl.crawl.gate import StoreLostError
from newscrawl.crawl.monitoring.health import GENERIC, HISTORY, LAYOUT, changes_for_the_worse
from newscrawl.crawl.monitoring.verdict import OK, Verdict, judge
from newscrawl.crawl.run.context import RunContext, context_of
from newscrawl.crawl.run.logs import say_lost_store_once
from newscrawl.store import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from scrapy import Spider
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

    from newscrawl.items import Article, RunRecord

logger = logging.getLogger(__name__)

MAX_ERRORS = 50
#: Seconds between two looks at the clock; the lease is renewed every third of its length.
TICK = 0.5
#: Fields whose share of filled values a run records: a portal that changes its pages shows here first.
COVERED = ("title", "body", "published", "reporters", "source")
_STATS = {
    "lists_read": "newscrawl/list/read",
    "lists_failed": "newscrawl/list/failed",
    "list_links": "newscrawl/list/articles",
    "articles_failed": "newscrawl/articles/failed",
    "requests": "downloader/request_count",
    "responses": "downloader/response_count",
    "bytes": "downloader/response_bytes",
    "robots_forbidden": "robotstxt/forbidden",
    "guard_refused": "newscrawl/guard/refused",
}
#: Stats that are counted by status or reason: the beginning of their names, and that of their keys in a record.
_STATS_BY_REASON = {
    "downloader/response_status_count/": "http_",
    "newscrawl/refused/": "refused_as_",
    "newscrawl/dropped/": "dropped_as_",
}


class RunReporter:
    """Listens to one crawler and writes its RunRecord: at the start, with every heartbeat, and at the end."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.context: RunContext = context_of(crawler)
        self.counts: Counter[str] = Counter()
        self.covered: Counter[str] = Counter()
        self.errors: list[str] = []
        self.has_layouts = bool(getattr(crawler.spidercls, "layouts", ()))
        self.progress: Callable[[RunRecord], None] | None = crawler.settings.get("NEWSCRAWL_PROGRESS")
        self._task: asyncio.Task[None] | None = None
        self._renewal: asyncio.Future[None] | None = None
        self._ending: asyncio.Future[None] | None = None
        for signal, receiver in (
            (signals.spider_opened, self.opened),
            (signals.item_scraped, self.item_scraped),
            (signals.item_dropped, self.item_dropped),
            (signals.item_error, self.item_error),
            (signals.spider_error, self.spider_error),
            (signals.spider_closed, self.closed),
        ):
            crawler.signals.connect(receiver, signal=signal)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it for a crawler."""
        return cls(crawler)

    async def opened(self, spider: Spider) -> None:  # noqa: ARG002  the signal's own arguments
        """Write the first state of the record and start the heartbeat."""
        engine = self.crawler.engine
        self.context.begun, self.context.count = True, self._collect
        self.context.gate.on_lost = engine.pause
        self.context.gate.on_back = self._store_is_back
        self.context.gate.on_given_up = self._store_is_given_up
        self.context.gate.stopping = lambda: not self.crawler.crawling
        say_lost_store_once()
        await asyncio.to_thread(self.context.store.put_run, self.context.run)
        self._task = asyncio.create_task(self._beat())

    def _store_is_back(self) -> None:
        self.crawler.engine.unpause()
        self._renewal = asyncio.ensure_future(self._renew())  # another run may have taken the site over meanwhile

    def _store_is_given_up(self) -> None:
        self.crawler.engine.unpause()  # a paused engine would never get to its end
        self._ending = self._ending or asyncio.ensure_future(
            self.crawler.engine.close_spider_async(reason="store_lost")
        )

    async def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        renewed = loop.time()
        while True:
            await asyncio.sleep(TICK)
            self._collect()
            if self.progress is not None:
                self.progress(self.context.run)
            if loop.time() - renewed >= self.context.lease_seconds / 3:
                renewed = loop.time()
                await self._renew()

    async def _renew(self) -> None:
        context, now = self.context, clock.now()
        context.run.heartbeat = now
        try:
            lost = await asyncio.to_thread(context.renew_leases)
            await asyncio.to_thread(context.store.put_run, context.run)
        except StoreError as error:
            logger.warning("heartbeat not written: %s", error)
            return
        if lost and self._ending is None:  # not awaited: closing ends the task that this may run in
            logger.error("another run has taken %s over: this one ends", lost)
            self._ending = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="lease_lost"))

    def item_scraped(self, item: Article) -> None:
        """Count an article that went all the way, and which of its fields are filled."""
        self.counts["items"] += 1
        self.counts["duplicates"] += bool(item.duplicate_of)
        for name in COVERED:
            self.covered[name] += bool(getattr(item, name))
        self.covered[LAYOUT] += item.extractor.layout != GENERIC

    def item_dropped(self, item: Article, exception: BaseException) -> None:
        """Count an article that a pipeline refused, by reason."""
        self.counts["dropped"] += 1
        self.crawler.stats.inc_value(f"newscrawl/dropped/{kind_of(str(exception))}")
        self._note("dropped", f"{item.url}: {exception}")

    async def item_error(self, item: Article, failure: Failure) -> None:
        """Count an article that failed in a pipeline; those of a lost store wait in the spool."""
        if isinstance(failure.value, StoreLostError):
            return
        self.counts["item_errors"] += 1
        self._note("item error", f"{item.url}: {type(failure.value).__name__}: {failure.value}")
        with suppress(StoreError):
            await self.context.frontier.failed(item.canonical_url, f"pipeline: {failure.value}")

    def spider_error(self, failure: Failure, response: Any) -> None:
        """Count an error in the spider's own code; a store that stays away is none."""
        if isinstance(failure.value, StoreLostError):
            return
        self.counts["spider_errors"] += 1
        self._note("spider error", f"{response.url}: {type(failure.value).__name__}: {failure.value}")

    def _note(self, kind: str, text: str) -> None:
        if len(self.errors) < MAX_ERRORS:
            self.errors.append(f"{kind}: {text}"[:500])

    def _collect(self) -> None:
        run, stats = self.context.run, self.crawler.stats
        run.counts = dict(self.counts)
        run.counts.update({key: int(value) for key, name in _STATS.items() if (value := stats.get_value(name))})
        for key, value in stats.get_stats().items():
            for prefix, short in _STATS_BY_REASON.items():
                if key.startswith(prefix):
                    run.counts[short + key.removeprefix(prefix)] = int(value)
        run.counts.update(self.context.frontier.counts)
        run.counts.update(self.context.writer.outcomes)
        if self.context.gate.interruptions:
            run.counts["store_interruptions"] = self.context.gate.interruptions
        items = self.counts["items"]
        names = (*COVERED, LAYOUT) if self.has_layouts else COVERED
        run.coverage = {name: round(self.covered[name] / items, 4) for name in names} if items else {}
        run.errors = self.errors

    async def _compare(self, run: RunRecord, verdict: Verdict) -> Verdict:
        """Hold a run that went well against the site's history: what fell is an alarm, though no failure."""
        try:
            history = await asyncio.to_thread(self.context.store.runs, run.site, limit=2 * HISTORY)
        except StoreError:
            return verdict
        worse = changes_for_the_worse(run, history)
        return Verdict("degraded", OK, worse) if worse else verdict

    def _prune_archive(self) -> None:
        if self.context.archive is None:
            return
        days = self.crawler.settings.getint("NEWSCRAWL_WARC_DAYS")
        try:
            for name in prune(self.context.archive.place, days, clock.now()):
                logger.info("archive: the day %s is older than %d days and was deleted", name, days)
        except OSError as error:
            logger.warning("archive: old days could not be deleted: %s", error)

    async def closed(self, spider: Spider, reason: str) -> None:  # noqa: ARG002  the signal's own arguments
        """Judge the run, write its record, give the lease back."""
        self.context.ending = reason
        if self._task is not None:
            self._task.cancel()
        self._collect()
        run = self.context.run
        verdict = judge(run.counts, reason, failures=most_common(self.context.failures))
        if verdict.code == OK:
            verdict = await self._compare(run, verdict)
        run.verdict, run.exit_code, run.reasons = verdict.word, verdict.code, verdict.reasons
        run.finished = run.heartbeat = clock.now()
        try:
            await self.context.keep_lessons()
        except (StoreError, StoreLostError) as error:
            logger.warning("what the site taught could not be kept: %s", error)
        await asyncio.to_thread(self._prune_archive)
        await asyncio.to_thread(self.context.settle)
