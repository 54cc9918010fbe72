"""Crawling on a Dask cluster: one site is one task under its lease; what a lost worker had is taken over.

The submitter takes the leases of all sites and renews them while they wait; a crawl that begins has its site's lease
handed over to it, under a name of its own, and renews it itself. So a site is never crawled twice at once, whatever
becomes of workers, of the scheduler and of the submitter: who has no lease does not crawl, and a lease passes on only
when it was given back or has run out. Dask may run a task again; it finds the lease held then, and says so.
"""

from __future__ import annotations

import logging
import os
import queue
import signal
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newscrawl import clock
from newscrawl.crawl.cluster.task import Job, crawl_site
from newscrawl.crawl.cluster.travelling import config_digest, travelling
from newscrawl.crawl.frontier.selection import Selection
from newscrawl.crawl.monitoring.deaths import bury
from newscrawl.crawl.run.runner import RunOutcome, check_archive, take_leases
from newscrawl.crawl.schedule.plans import ATTEMPTS
from newscrawl.crawl.sites import find_sites, lone_settings
from newscrawl.replay.cluster import ClusterError, connect, explain_loss
from newscrawl.store import StoreError, StoreUnavailableError, open_store
from newscrawl.store.records import read_document, read_run
from newscrawl.store.uri import absolute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from scrapy.settings import Settings

    from newscrawl.crawl.cluster.task import Answer
    from newscrawl.store import Store

logger = logging.getLogger(__name__)

#: Seconds between two looks at what has no holder that we know.
LOOK = 1.0
#: Seconds that a cluster may be without any worker.
PATIENCE = 300.0


@dataclass(slots=True)
class SitePlan:
    """What a cluster is to crawl.

    held: sites whose leases we have, each with the owner's name. retake: takes a site anew whose run has died; returns
    the new owner's name, "" where nothing is left to do. give_up: called for a site that was not begun.
    own_settings: Scrapy settings of single sites.
    """

    held: Mapping[str, str]
    retake: Callable[[Store, str], str]
    give_up: Callable[[Store, str], None] = lambda _store, _site: None
    own_settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Problems:
    """What is wrong beside the runs: sites that could not be crawled, in lines; what is odd about workers, by host."""

    sites: list[str] = field(default_factory=list)
    workers: dict[str, str] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """Return all of it, in lines."""
        return [*self.sites, *(f"worker {host}: {note}" for host, note in sorted(self.workers.items()))]


def open_cluster(address: str, store: Store) -> Any:
    """Return a client of the cluster.

    Raises ClusterError where no scheduler answers, it has no workers, or they are on several machines and the store is
    a file.
    """
    client = connect(address)
    try:
        _check(client, address, store)
    except BaseException:
        client.close()
        raise
    return client


def _check(client: Any, address: str, store: Store) -> None:
    workers = list(client.nthreads())
    if not workers:
        raise ClusterError(f"the Dask scheduler at {address} has no workers: start some with `dask worker {address}`")
    machines = {worker.rpartition("://")[2].rpartition(":")[0] for worker in workers}
    if store.uri.startswith("sqlite:") and len(machines) > 1:
        raise ClusterError(
            f"the workers are on {len(machines)} machines, and a SQLite store is for one: "
            "copy it into MongoDB with `newscrawl db copy` and name that with --store"
        )


def crawl_on_cluster(client: Any, store: Store, plan: SitePlan, settings: Settings, outcome: RunOutcome) -> Problems:
    """Crawl the held sites on a cluster, until all of them are done; their runs go to `outcome`.

    Returns what is wrong beside them. Raises ClusterError where the cluster is lost: the crawls that go on
    keep their leases, all others are given back.
    """
    work = _Work(client, store, plan, settings, outcome)
    with _interrupted_by_sigterm():
        try:
            work.run()
        except BaseException:
            work.give_back()
            raise
    return work.problems


@contextmanager
def _interrupted_by_sigterm() -> Iterator[None]:
    """Let SIGTERM (a service that is stopped) end the work as Ctrl-C does, so that leases are given back."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def run_sites_on_cluster(address: str, names: list[str], settings: Settings) -> RunOutcome:
    """Crawl named sites on a cluster, as `run_sites` does in this process.

    Raises what `run_sites` raises, and ClusterError where there is no cluster at the address.
    """
    sites = find_sites(names, settings)
    Selection.from_settings(settings)
    check_archive(settings)
    outcome = RunOutcome()
    attempts: Counter[str] = Counter()

    def retake(store: Store, site: str) -> str:
        dead = bury(store, site)
        attempts[site] += 1
        if attempts[site] < ATTEMPTS:
            return take_leases(store, [site], settings, outcome).get(site, "")
        outcome.runs += dead[:1]
        return ""

    store = open_store(settings.get("NEWSCRAWL_STORE") or None)
    try:
        with open_cluster(address, store) as client:
            held = take_leases(store, sites, settings, outcome)
            try:
                plan = SitePlan(
                    held, retake, own_settings={name: lone_settings(name, sites[name], settings) for name in held}
                )
                problems = crawl_on_cluster(client, store, plan, settings, outcome)
                outcome.lost = "; ".join(problems.sites)
            except ClusterError as error:
                outcome.lost = str(error)
    finally:
        store.close()
    return outcome


class _Work:
    """Crawls under way. queued: sites whose lease we hold still; unclear: those without a holder that we know."""

    def __init__(self, client: Any, store: Store, plan: SitePlan, settings: Settings, outcome: RunOutcome) -> None:
        self.client, self.store, self.plan, self.outcome = client, store, plan, outcome
        self.lease_seconds = settings.getfloat("NEWSCRAWL_LEASE_SECONDS")
        self.settings = travelling(settings, absolute(store.uri))
        self.progress = settings.get("NEWSCRAWL_PROGRESS")
        self.config = config_digest()
        self.environment = {name: os.environ[name] for name in ("MONGO_DATABASE",) if os.environ.get(name)}
        self.problems = Problems()
        self.futures: dict[str, Any] = {}
        self.owners: dict[str, str] = {}
        self.queued: dict[str, str] = {}
        self.unclear: dict[str, str] = {}  # by site who held the lease when we first looked, "" before
        self.done: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.renewed = time.monotonic()
        self.seen = time.monotonic()  # when there was a worker

    def run(self) -> None:
        """Go on until nothing is under way."""
        for site, owner in self.plan.held.items():
            self._submit(site, owner)
        while self.futures or self.unclear:
            site = self._next()
            try:
                if site:
                    self._take(site)
                self._renew()
                self._take_over()
            except StoreUnavailableError as error:  # crawls wait for it too
                logger.warning("the store cannot be reached, leases wait to be renewed: %s", error)
                self._watch_workers()
                time.sleep(LOOK)

    def _submit(self, site: str, owner: str) -> None:
        own = self.plan.own_settings.get(site, {})
        job = Job(site, owner, {**self.settings, **own}, self.environment, self.config)
        future = self.client.submit(crawl_site, job, key=("newscrawl-crawl", owner), pure=False)
        self.owners[site] = self.queued[site] = owner
        self.futures[site] = future
        future.add_done_callback(lambda _future: self.done.put(site))

    def _next(self) -> str:
        """Return a site whose task has ended, "" after a while without any."""
        pause = LOOK if self.unclear else min(self.lease_seconds / 6, 5.0)
        try:
            return self.done.get(timeout=pause)
        except queue.Empty:
            self._watch_workers()
            return ""

    def _watch_workers(self) -> None:
        if self.client.status == "running" and self.client.nthreads():
            self.seen = time.monotonic()
        elif time.monotonic() - self.seen > PATIENCE:
            raise ClusterError(f"the cluster has had no workers for {PATIENCE:.0f} s; {self._left()}")

    def _left(self) -> str:
        number = len(self.futures) + len(self.unclear)
        return f"{number} of {len(self.plan.held)} sites are not done, the next run takes them up"

    def _take(self, site: str) -> None:
        future = self.futures.pop(site)
        owner = self.owners[site]
        self.queued.pop(site, None)
        try:
            answer: Answer = future.result()
        except Exception as error:  # noqa: BLE001  whatever a worker raised, the other sites go on
            if loss := explain_loss(error):
                self.futures[site] = future
                raise ClusterError(f"the Dask cluster is lost ({loss}); {self._left()}") from None
            if _is_killed(error):
                self.unclear[site] = ""
                self._release(site, [owner])  # it is ours still where the workers died before a crawl began
            else:  # newscrawl is not installed there, or another version
                reason = " ".join(f"{type(error).__name__}: {error}".split())
                self._failed(site, [owner], f"a worker could not begin it: {reason[:300]}")
            return
        finally:
            future.release()
        try:
            self._heed(answer, owner)
        except StoreUnavailableError:
            self.unclear[site] = ""
            raise

    def _heed(self, answer: Answer, owner: str) -> None:
        if answer.note:
            self.problems.workers[answer.host] = answer.note
        if answer.kind == "ran":
            run = read_run(read_document(answer.run))
            self.outcome.runs.append(run)
            if self.progress is not None:
                self.progress(run)
        elif answer.kind == "failed":
            reason = f"it could not be crawled on {answer.host}: {answer.reason}"
            self._failed(answer.site, [owner, answer.owner], reason)
        elif answer.kind == "held" and self._is_ours(answer.site, owner):
            reason = f"{answer.host} does not see the lease in {self.store.status().uri}: is that another store there?"
            self._failed(answer.site, [owner], reason)
        else:
            if answer.kind == "died":  # its worker has seen it end: nobody crawls under this name
                self._release(answer.site, [owner, answer.owner])
            self.unclear[answer.site] = ""

    def _is_ours(self, site: str, owner: str) -> bool:
        return self.store.renew_lease(site, owner, seconds=self.lease_seconds, now=clock.now())

    def _failed(self, site: str, owners: list[str], reason: str) -> None:
        self.problems.sites.append(f"{site}: {reason}")
        self._release(site, owners)

    def _release(self, site: str, owners: list[str]) -> None:
        for owner in owners:
            self.store.release_lease(site, owner)

    def _renew(self) -> None:
        """Prolong the leases of sites that wait for their turn; one that was handed over is its crawl's own."""
        if time.monotonic() - self.renewed < self.lease_seconds / 3:
            return
        self.renewed = time.monotonic()
        for site, owner in list(self.queued.items()):
            if not self._is_ours(site, owner):
                del self.queued[site]

    def _take_over(self) -> None:
        """Take sites anew that nobody holds any more; leave those alone that another run has taken over."""
        if not self.unclear:
            return
        leases = self.store.leases(clock.now())
        for site, holder in list(self.unclear.items()):
            now = leases.get(site, "")
            if not now:
                owner = self.plan.retake(self.store, site)
                del self.unclear[site]
                if owner:
                    self._submit(site, owner)
            elif holder and now != holder:
                del self.unclear[site]
            else:
                self.unclear[site] = now

    def give_back(self) -> None:
        """Give back what was not begun, so that another run may take it at once. Crawls under way go on."""
        with suppress(Exception):  # the cluster may be gone, and the leases are what matters
            self.client.cancel(list(self.futures.values()))
        try:
            for site, owner in self.queued.items():
                if self._is_ours(site, owner):
                    self.plan.give_up(self.store, site)
                    self.store.release_lease(site, owner)
        except StoreError as error:
            logger.warning("leases could not be given back, they run out by themselves: %s", error)


def _is_killed(error: Exception) -> bool:
    from distributed import KilledWorker

    return isinstance(error, KilledWorker)
