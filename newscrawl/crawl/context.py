"""The services of one run of one spider: its store, frontier, writer and record, shared by all Scrapy components."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from newscrawl import __version__, clock
from newscrawl.archive import WarcWriter
from newscrawl.crawl.frontier import Frontier
from newscrawl.crawl.gate import StoreGate
from newscrawl.crawl.writer import StoreWriter
from newscrawl.dedup import Deduplicator, content_hash
from newscrawl.items import RunRecord
from newscrawl.store import open_store
from newscrawl.store.spool import Spool

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from newscrawl.items import Article, UrlState
    from newscrawl.store import Store


@dataclass
class RunContext:
    """What the components of one run share. `owner` is the name that this run holds its site's lease under."""

    site: str
    store: Store
    gate: StoreGate
    run: RunRecord
    frontier: Frontier
    writer: StoreWriter
    deduplicator: Deduplicator | None
    archive: WarcWriter | None
    owner: str
    drop_duplicates: bool = False

    async def deduplicate(self, article: Article) -> None:
        """Admit an article to its story; the links of other articles that this changes are stored with it."""
        await self.gate.call(self._deduplicate, article)

    def _deduplicate(self, article: Article) -> None:
        article.content_hash = content_hash(article.title, article.body)
        if self.deduplicator is None:
            return
        changed = self.deduplicator.admit(article)
        if changed:
            self.store.set_story(changed)

    async def still_there(self, state: UrlState) -> None:
        """Settle a stored article that its server says has not changed."""
        article = await self.gate.call(self.store.get, state.article_id)
        published, first_seen = (article.published, article.first_seen) if article else (None, None)
        await self.frontier.unchanged(state.url, published, first_seen)

    def close(self) -> None:
        """Close the archive, give back the site's lease, close the store."""
        if self.archive is not None:
            self.archive.close()
        self.store.release_lease(self.site, self.owner)
        self.store.close()


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
    spider = crawler.spidercls
    site = str(spider.name)
    store = open_store(settings.get("NEWSCRAWL_STORE") or None)
    run = new_run(site, settings.get("NEWSCRAWL_TRIGGER", "scrapy"))
    gate = StoreGate(settings.getfloat("NEWSCRAWL_STORE_PATIENCE"))
    frontier = Frontier(store, gate, site)
    spool = Spool(Path(settings["NEWSCRAWL_SPOOL"]) / f"{site}.jsonl", settings.getint("NEWSCRAWL_SPOOL_MAX_BYTES"))
    archive = None
    if settings.getbool("NEWSCRAWL_WARC"):
        max_bytes = settings.getint("NEWSCRAWL_WARC_MAX_BYTES")
        archive = WarcWriter(Path(settings["NEWSCRAWL_ARCHIVE"]), run.id, max_bytes=max_bytes)
    writer = StoreWriter(
        store,
        gate,
        frontier,
        spool,
        batch=settings.getint("NEWSCRAWL_BATCH"),
        before=archive.sync if archive is not None else lambda: None,
    )
    return RunContext(
        site=site,
        store=store,
        gate=gate,
        run=run,
        frontier=frontier,
        writer=writer,
        deduplicator=None if settings.get("NEWSCRAWL_DEDUP") == "off" else Deduplicator(),
        archive=archive,
        owner=settings.get("NEWSCRAWL_LEASE_OWNER") or run.id,
        drop_duplicates=settings.get("NEWSCRAWL_DEDUP") == "drop",
    )


def new_run(site: str, trigger: str) -> RunRecord:
    """Return the record of a run that starts now; its id sorts by time and is unique."""
    started = clock.now()
    return RunRecord(
        id=f"{site}-{started:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}",
        site=site,
        started=started,
        trigger=trigger,
        host=socket.gethostname(),
        pid=os.getpid(),
        heartbeat=started,
        versions={"newscrawl": __version__},
    )
