"""The services of one run of one spider: its store, frontier, writer and record, shared by all Scrapy components."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from newscrawl import __version__, clock
from newscrawl.crawl.frontier import Frontier
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
    run: RunRecord
    frontier: Frontier
    writer: StoreWriter
    deduplicator: Deduplicator
    owner: str
    drop_duplicates: bool = False
    options: dict[str, Any] = field(default_factory=dict)

    async def deduplicate(self, article: Article) -> None:
        """Admit an article to its story; the links of other articles that this changes are stored with it."""
        await asyncio.to_thread(self._deduplicate, article)

    def _deduplicate(self, article: Article) -> None:
        article.content_hash = content_hash(article.title, article.body)
        changed = self.deduplicator.admit(article)
        if changed:
            self.store.set_story(changed)

    async def still_there(self, state: UrlState) -> None:
        """Settle a stored article that its server says has not changed."""
        article = await asyncio.to_thread(self.store.get, state.article_id)
        published, first_seen = (article.published, article.first_seen) if article else (None, None)
        await self.frontier.unchanged(state.url, published, first_seen)

    def close(self) -> None:
        """Give back the site's lease and close the store."""
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
    frontier = Frontier(store, site)
    spool = Spool(Path(settings["NEWSCRAWL_SPOOL"]) / f"{site}.jsonl", settings.getint("NEWSCRAWL_SPOOL_MAX_BYTES"))
    writer = StoreWriter(
        store,
        frontier,
        spool,
        batch=settings.getint("NEWSCRAWL_BATCH"),
        patience=settings.getfloat("NEWSCRAWL_STORE_PATIENCE"),
    )
    return RunContext(
        site=site,
        store=store,
        run=run,
        frontier=frontier,
        writer=writer,
        deduplicator=Deduplicator(),
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
