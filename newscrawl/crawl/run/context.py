"""The services of one run of one spider: its store, frontier, writer and record, shared by all Scrapy components."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from newscrawl import chain, clock
from newscrawl.archive import WarcWriter, archive_path
from newscrawl.archive.shared import SharedWarcWriter, is_shared
from newscrawl.crawl.fetch.failures import kind_of
from newscrawl.crawl.frontier.frontier import Frontier
from newscrawl.crawl.frontier.revisit import RevisitRate
from newscrawl.crawl.gate import StoreGate
from newscrawl.crawl.ingest.admission import Admission
from newscrawl.crawl.ingest.shared import SharedStore, leave_store, use_store
from newscrawl.crawl.ingest.writer import StoreWriter
from newscrawl.crawl.monitoring.alerts import after_run
from newscrawl.crawl.monitoring.verdict import CLOSED_EARLY, SPIDER_ERRORS
from newscrawl.crawl.run.learning import SiteLearning
from newscrawl.crawl.run.records import new_run
from newscrawl.crawl.sites import shared_hosts
from newscrawl.store import StoreError
from newscrawl.store.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

    from newscrawl.items import Article, RunRecord, UrlState
    from newscrawl.store import Store

logger = logging.getLogger(__name__)

#: Seconds between two looks whether a host is free.
HOST_PAUSE = 1.0


@dataclass
class RunContext:
    """What the components of one run share.

    owner: the name that this run holds its leases under. hosts: hosts that it shares with other sites, and takes a
    lease of each for. held: names of the leases that it holds. begun: its spider was opened. count: brings the counts
    of its record up to date. ending: Scrapy's reason for its end, "" while it goes on.
    """

    site: str
    shared: SharedStore
    gate: StoreGate
    run: RunRecord
    frontier: Frontier
    writer: StoreWriter
    admission: Admission
    learning: SiteLearning
    archive: WarcWriter | None
    owner: str
    lease_seconds: float = 180.0
    hosts: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    drop_duplicates: bool = False
    failures: Counter[str] = field(default_factory=Counter)
    begun: bool = False
    count: Callable[[], None] = lambda: None
    ending: str = ""
    _opened: bool = False
    _settling: threading.Lock = field(default_factory=threading.Lock)

    @property
    def store(self) -> Store:
        """The store, shared by all runs of this process."""
        return self.shared.store

    async def open(self) -> None:
        """Wait until shared hosts are free, store what waits in the spool, read what the site taught earlier runs.

        Raises StoreLostError.
        """
        for host in self.hosts:  # in the order of names: two runs never wait for each other
            await self._take_host(f"host:{host}")
        await self.writer.drain_spool()
        known = await self.gate.call(self.store.site_state, self.site)
        self.frontier.rate = RevisitRate(**known.get("revisit", {}))
        if self.learning.enabled:
            self.learning.begin(await self.gate.call(self.store.get_profile, self.site), known.get("learning"))
        self.run.versions["profile"] = self.learning.version
        self._opened = True

    async def _take_host(self, name: str) -> None:
        waited = False
        while not await self.gate.call(
            self.store.acquire_lease, name, self.owner, seconds=self.lease_seconds, now=clock.now()
        ):
            if not waited:
                logger.info("%s waits for %s, which another site's run asks now", self.site, name)
            waited = True
            await asyncio.sleep(HOST_PAUSE)
        self.held = (*self.held, name)

    def renew_leases(self) -> str:
        """Prolong the leases; returns the name of one that another run has taken over, "" where all are held still.

        Raises StoreError.
        """
        for name in self.held:
            if not self.store.renew_lease(name, self.owner, seconds=self.lease_seconds, now=clock.now()):
                return name
        return ""

    async def keep_lessons(self) -> None:
        """Write what the site taught this run. Raises StoreLostError."""
        if not self._opened:
            return
        known = await self.gate.call(self.store.site_state, self.site)
        known["revisit"] = asdict(self.frontier.rate)
        if self.learning.has_learned:
            known["learning"] = self.learning.learned.to_dict()
        await self.gate.call(self.store.put_site_state, self.site, known)
        if self.learning.is_new_version:
            learned = self.learning.learned
            await self.gate.call(self.store.put_profile, self.site, learned.version, learned.to_dict())

    def note_failure(self, reason: str) -> None:
        """Count why a page could not be had: the most frequent reason stands in the verdict."""
        self.failures[kind_of(reason)] += 1

    def remove_boilerplate(self, article: Article) -> None:
        """Take out of the body what is no part of the article, by what is known of the site; learn its lines."""
        state = self.frontier.state_of(article.canonical_url)
        if state is None or not state.article_id:
            self.learning.learn_lines(article.body)
        chain.remove_boilerplate(article, site_lines=self.learning.lines)

    async def still_there(self, state: UrlState) -> None:
        """Settle a stored article that its server says has not changed."""
        article = await self.gate.call(self.store.get, state.article_id)
        published, first_seen = (article.published, article.first_seen) if article else (None, None)
        await self.frontier.unchanged(state.url, published, first_seen)

    def cut_off(self) -> None:
        """End a run whose process ends and that could not end itself; nothing where it could."""
        run = self.run
        if run.verdict == "running" and self.begun:
            self.count()
            run.verdict, run.exit_code = "closed early", CLOSED_EARLY
            by_signal = self.ending in ("", "shutdown")
            how = "by a second signal" if by_signal else "while it ended, by an error that the log shows"
            run.reasons = [f"cut off {how}"]
        elif run.verdict == "running":
            run.verdict, run.exit_code = "spider errors", SPIDER_ERRORS
            run.reasons = ["the spider could not be started"]  # Scrapy has logged why
        self.ending = self.ending or ("shutdown" if self.begun else "not started")
        run.finished = run.finished or clock.now()
        self.settle()

    def settle(self) -> None:
        """Write the record of the run that is over, tell of it, give back what it held; once, from any thread."""
        if not self._settling.acquire(blocking=False):
            return
        try:
            self.store.put_run(self.run)
            after_run(self.store, self.run, self.ending)
        except StoreError as error:
            logger.warning("the record of the run could not be written: %s", error)
        try:
            self._close()
        except StoreError as error:
            logger.warning("the lease could not be given back, it runs out by itself: %s", error)

    def _close(self) -> None:
        try:
            if self.archive is not None:
                self.archive.close()
        except OSError as error:
            logger.warning("the archive's last file could not be closed: %s", error)
        try:
            for name in reversed(self.held):
                self.store.release_lease(name, self.owner)
        finally:
            leave_store(self.shared)


_CONTEXTS: WeakKeyDictionary[Crawler, RunContext] = WeakKeyDictionary()


def context_of(crawler: Crawler) -> RunContext:
    """Return the run context of a crawler, made at the first call.

    Raises StoreError where the store cannot be opened.
    """
    if crawler not in _CONTEXTS:
        _CONTEXTS[crawler] = _make(crawler)
    return _CONTEXTS[crawler]


def _make(crawler: Crawler) -> RunContext:
    settings = crawler.settings
    site = str(crawler.spidercls.name)
    shared = use_store(settings)
    run = new_run(site, settings.get("NEWSCRAWL_TRIGGER", "scrapy"))
    gate = StoreGate(settings.getfloat("NEWSCRAWL_STORE_PATIENCE"))
    frontier = Frontier(shared.store, gate, site)
    archive = _archive(settings, run)
    writer = StoreWriter(
        shared,
        gate,
        frontier,
        Spool(Path(settings["NEWSCRAWL_SPOOL"]) / f"{site}.jsonl", settings.getint("NEWSCRAWL_SPOOL_MAX_BYTES")),
        batch=settings.getint("NEWSCRAWL_BATCH"),
        before=archive.sync if archive is not None else lambda: None,
    )
    return RunContext(
        site=site,
        shared=shared,
        gate=gate,
        run=run,
        frontier=frontier,
        writer=writer,
        admission=Admission(shared.stories, gate, batch=writer.batch),
        learning=SiteLearning(site, enabled=settings.getbool("NEWSCRAWL_PROFILES") and run.trigger != "demo"),
        archive=archive,
        owner=settings.get("NEWSCRAWL_LEASE_OWNER") or run.id,
        lease_seconds=settings.getfloat("NEWSCRAWL_LEASE_SECONDS"),
        hosts=shared_hosts(site, settings),
        held=(site,),
        drop_duplicates=settings.get("NEWSCRAWL_DEDUP") == "drop",
    )


def _archive(settings: BaseSettings, run: RunRecord) -> WarcWriter | None:
    if not settings.getbool("NEWSCRAWL_WARC"):
        return None
    root, max_bytes = settings["NEWSCRAWL_ARCHIVE"], settings.getint("NEWSCRAWL_WARC_MAX_BYTES")
    if is_shared(root):
        return SharedWarcWriter(archive_path(root), run.id, max_bytes=max_bytes)
    return WarcWriter(Path(root), run.id, max_bytes=max_bytes)
