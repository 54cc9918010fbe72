"""`newscrawl crawl --due`: take the sites that are due and free into this process, each due run once."""

from __future__ import annotations

import secrets
import warnings
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import ScrapyDeprecationWarning
from scrapy.utils.log import configure_logging

from newscrawl import clock
from newscrawl.crawl.monitoring.alerts import after_run, beat
from newscrawl.crawl.monitoring.deaths import LOOK_BACK, bury
from newscrawl.crawl.monitoring.verdict import OK, USAGE
from newscrawl.crawl.run.runner import RunOutcome, check_archive, crawl_held
from newscrawl.crawl.schedule.config import load_config
from newscrawl.crawl.schedule.plans import died, due_at, read_schedules
from newscrawl.crawl.sites import load_sites, lone_settings
from newscrawl.replay.cluster import ClusterError
from newscrawl.store import open_store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy.settings import Settings

    from newscrawl.crawl.schedule.expression import Schedule
    from newscrawl.store import Store


@dataclass
class DueOutcome(RunOutcome):
    """What a tick amounts to: the runs, and what is wrong with spider files and the operator's file, in lines."""

    problems: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """The exit code of the worst site, else 2 where a file is wrong, else 0; leased sites do not count."""
        self.locked.clear()
        return super().exit_code or (USAGE if self.problems else OK)

    def complaints(self) -> list[str]:
        """Return a line for everything that is wrong."""
        lines = [*self.problems, *filter(None, [self.lost])]
        for run in self.runs:
            if run.verdict != "ok":
                lines.append(f"{run.site}: {run.verdict}: {'; '.join(run.reasons) or 'no reason known'} (run {run.id})")
                lines += [f"  {error}" for error in run.errors[:3]]
        return lines


def run_due(settings: Settings, cluster: str = "") -> DueOutcome:
    """Crawl what is due and not leased, in this process or on a Dask cluster, until all of it is done.

    cluster: address of a scheduler. Raises WrongUseError where the operator's file cannot be read, StoreError where the
    store cannot be used, ClusterError where there is no cluster at the address.
    """
    outcome = DueOutcome()
    config = load_config()
    settings.set("NEWSCRAWL_TRIGGER", "due", priority="cmdline")
    configure_logging(settings)  # now, for what is logged before there is a crawl
    with ExitStack() as opened:
        try:
            check_archive(settings)
            sites = load_sites(settings, outcome.problems)
            schedules = read_schedules(sites, config, outcome.problems)
            store = open_store(settings.get("NEWSCRAWL_STORE") or None)
            opened.callback(store.close)
            store.init()
            client = opened.enter_context(_cluster(cluster, store)) if cluster else None
            held = _take(store, schedules, settings, outcome)
        except Exception as error:
            beat([str(error)])
            raise
        beat(outcome.problems)
        own = {name: {"CLOSESPIDER_TIMEOUT": config.deadline_of(name).total_seconds()} for name in held}
        if client is not None:
            own = {name: {**own[name], **lone_settings(name, sites[name], settings)} for name in held}
            _crawl_on(client, store, schedules, held, settings, outcome, own)
            return outcome
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a broken spider file is among the problems already
        warnings.simplefilter("ignore", ScrapyDeprecationWarning)
        crawl_held(sites, held, settings, outcome, own_settings=own)
    return outcome


def _cluster(address: str, store: Store) -> Any:
    from newscrawl.crawl.cluster.submitter import open_cluster

    return open_cluster(address, store)


def _crawl_on(
    client: Any,
    store: Store,
    schedules: Mapping[str, Schedule | None],
    held: Mapping[str, str],
    settings: Settings,
    outcome: DueOutcome,
    own: Mapping[str, Mapping[str, Any]],
) -> None:
    """Crawl on a cluster; a site whose run dies is taken anew by the rules of the next tick."""
    from newscrawl.crawl.cluster.submitter import SitePlan, crawl_on_cluster

    def retake(store: Store, name: str) -> str:
        schedule = schedules.get(name)
        return "" if schedule is None else _take_one(store, name, schedule, settings, outcome)

    plan = SitePlan(held, retake, untake_site, own)
    try:
        outcome.problems += crawl_on_cluster(client, store, plan, settings, outcome).lines()
    except ClusterError as error:
        outcome.lost = str(error)


def _take(
    store: Store, schedules: Mapping[str, Schedule | None], settings: Settings, outcome: DueOutcome
) -> dict[str, str]:
    """Take the leases of all sites that are due and free; the due time is noted before the run begins."""
    leased = store.leases(clock.now())
    free = {name: schedule for name, schedule in schedules.items() if name not in leased and schedule is not None}
    found = {name: _take_one(store, name, schedule, settings, outcome) for name, schedule in free.items()}
    return {name: owner for name, owner in found.items() if owner}


def _take_one(store: Store, name: str, schedule: Schedule, settings: Settings, outcome: DueOutcome) -> str:
    """Take one site if it is due and free; returns the owner's name, "" where it was not taken."""
    owner = f"{name}-{secrets.token_hex(8)}"
    seconds = settings.getfloat("NEWSCRAWL_LEASE_SECONDS")
    return owner if take_site(store, name, schedule, owner, seconds, outcome) else ""


def take_site(store: Store, name: str, schedule: Schedule, owner: str, seconds: float, outcome: DueOutcome) -> bool:
    """Take one site under a lease of so many seconds if it is due; True where the lease is held and the run is ours."""
    now = clock.now()
    taken = store.site_state(name).get("schedule", {})
    if due_at(schedule, taken, now) is None and not died(taken):
        return False
    if not store.acquire_lease(name, owner, seconds=seconds, now=now):
        return False
    state = store.site_state(name)  # again: another tick may have run it between the look and the lease
    taken = state.get("schedule", {})
    slot = due_at(schedule, taken, now)
    bury(store, name)
    if slot is None:
        if died(taken):
            _give_up(store, name, state, outcome)
        store.release_lease(name, owner)
        return False
    attempts = taken["attempts"] + 1 if slot == taken.get("due") else 1
    state["schedule"] = {"due": slot, "attempts": attempts, "finished": False}
    store.put_site_state(name, state)
    return True


def untake_site(store: Store, name: str) -> None:
    """Let a site that was taken and not begun be due again, as if it had not been tried. Called under its lease."""
    state = store.site_state(name)
    taken = state.get("schedule", {})
    store.put_site_state(name, {**state, "schedule": {**taken, "attempts": taken.get("attempts", 1) - 1}})


def _give_up(store: Store, name: str, state: dict[str, Any], outcome: DueOutcome) -> None:
    """Tell that a due run died as often as it was tried; a named run since then may have buried it."""
    taken = state["schedule"]
    store.put_site_state(name, {**state, "schedule": {**taken, "finished": True}})
    runs = (run for run in store.runs(name, limit=LOOK_BACK) if run.trigger == "due" and run.started >= taken["due"])
    last = next(runs, None)
    if last is not None and last.verdict == "died":
        outcome.runs.append(last)
        after_run(store, last, "died")
