"""Run spiders: leases, one process for all of them, and their records at the end."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import SETTINGS_PRIORITIES

from newscrawl import __version__, clock
from newscrawl.archive import archive_path
from newscrawl.crawl.frontier.selection import Selection
from newscrawl.crawl.monitoring.deaths import bury
from newscrawl.crawl.monitoring.verdict import CLOSED_EARLY, LOCKED, worst
from newscrawl.crawl.run.context import RunContext, context_of
from newscrawl.crawl.sites import find_sites
from newscrawl.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scrapy.settings import Settings

    from newscrawl.items import RunRecord
    from newscrawl.spiders._base import NewsSpider
    from newscrawl.store import Store

logger = logging.getLogger(__name__)


@dataclass
class RunOutcome:
    """What a call of `run_sites` amounts to: a record for every site that ran, and the sites that were locked."""

    runs: list[RunRecord] = field(default_factory=list)
    locked: dict[str, str] = field(default_factory=dict)
    lost: str = ""  # how a cluster was lost over it

    @property
    def exit_code(self) -> int:
        """The exit code of the worst site; a lost cluster has closed some early."""
        others = [LOCKED] * bool(self.locked) + [CLOSED_EARLY] * bool(self.lost)
        return worst(others + [run.exit_code for run in self.runs])


def run_sites(names: list[str], settings: Settings, spider_arguments: dict[str, Any] | None = None) -> RunOutcome:
    """Crawl sites in this process, each under its lease, and return when all are done.

    Raises UnknownSiteError for a name that is no site, WrongUseError for a day that is none, and StoreError where the
    store cannot be used; nothing has been fetched then.
    """
    sites = find_sites(names, settings)
    Selection.from_settings(settings)  # a wrong day is told before anything is fetched
    check_archive(settings)
    outcome = RunOutcome()
    store = open_store(settings.get("NEWSCRAWL_STORE") or None)
    try:
        held = take_leases(store, sites, settings, outcome)
    finally:
        store.close()
    crawl_held(sites, held, settings, outcome, spider_arguments=spider_arguments)
    return outcome


def introduce(settings: Settings) -> None:
    """Let the User-Agent name a contact from the command line too; warn where a live crawl has none."""
    contact = settings.get("NEWSCRAWL_CONTACT") or ""
    project = SETTINGS_PRIORITIES["project"]
    named_here = (settings.getpriority("NEWSCRAWL_CONTACT") or 0) > project
    if contact and named_here and (settings.getpriority("USER_AGENT") or 0) <= project:
        settings.set("USER_AGENT", f"newscrawl/{__version__} (+{contact})", priority="cmdline")
    if not contact and not settings.getdict("NEWSCRAWL_SITE_BASE"):
        logger.warning("no contact is set: name an address or a page for portals to write to in NEWSCRAWL_CONTACT")


def crawl_held(
    sites: Mapping[str, type[NewsSpider]],
    held: Mapping[str, str],
    settings: Settings,
    outcome: RunOutcome,
    *,
    spider_arguments: dict[str, Any] | None = None,
    own_settings: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """Crawl the sites whose leases are held (site -> owner) in this process and note their runs in `outcome`.

    own_settings: Scrapy settings of single sites, by name.
    """
    if not held:
        return
    process = AsyncCrawlerProcess(settings)
    introduce(settings)
    contexts: list[RunContext] = []
    try:
        for name, owner in held.items():
            own = settings.copy()
            for key, value in {"NEWSCRAWL_LEASE_OWNER": owner, **(own_settings or {}).get(name, {})}.items():
                own.set(key, value, priority="cmdline")
            crawler = Crawler(sites[name], own)
            contexts.append(context_of(crawler))
            outcome.runs.append(contexts[-1].run)
            process.crawl(crawler, **(spider_arguments or {}))
        process.start()
    finally:
        for context in contexts:
            context.cut_off()


def check_archive(settings: Settings) -> None:
    """Raise StorageError or WrongUseError for an archive that cannot be used, before any lease is taken."""
    if settings.getbool("NEWSCRAWL_WARC"):
        archive_path(settings["NEWSCRAWL_ARCHIVE"])


def take_leases(store: Store, names: Iterable[str], settings: Settings, outcome: RunOutcome) -> dict[str, str]:
    """Take the leases of sites; returns the owners' names by site, and notes in `outcome` who holds the others.

    Earlier runs of a site that has its lease now, and that still go on in their records, get their verdict.
    """
    store.init()
    held: dict[str, str] = {}
    for name in names:
        owner = f"{name}-{secrets.token_hex(8)}"
        now = clock.now()
        if store.acquire_lease(name, owner, seconds=settings.getfloat("NEWSCRAWL_LEASE_SECONDS"), now=now):
            held[name] = owner
            bury(store, name)
        else:
            outcome.locked[name] = store.leases(now).get(name, "another run")
    return held
