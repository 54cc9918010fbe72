"""Runs that ended without a word: their process was killed, or the machine lost its power."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl import clock
from newscrawl.crawl.monitoring.verdict import CLOSED_EARLY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.items import RunRecord
    from newscrawl.store import Store

#: So many runs of a site are looked at for those that died.
LOOK_BACK = 20


def bury(store: Store, name: str) -> list[RunRecord]:
    """Give the runs of a site that ended without a word their verdict, and return them, the newest first.

    Called when no run of the site goes on: under its lease, or when nobody holds it.
    """
    dead = [run for run in store.runs(name, limit=LOOK_BACK) if run.verdict == "running"]
    for run in dead:
        _pronounce_dead(run)
        store.put_run(run)
    return dead


def runs_as_they_stand(store: Store, sites: Iterable[str], *, limit: int) -> dict[str, list[RunRecord]]:
    """Return the newest runs of each site ("" for all together); a run that goes on in its record alone has died.

    A run holds its site's lease as long as it goes on. Nothing is written: the next run of the site buries the dead.
    """
    moment = clock.now()
    leased = store.leases(moment)  # first: a run that ends meanwhile writes its record before it gives the lease back
    found = {site: store.runs(site, limit=limit) for site in sites}
    for run in (run for runs in found.values() for run in runs):
        if run.verdict == "running" and run.site not in leased and run.started < moment:
            _pronounce_dead(run)
    return found


def _pronounce_dead(run: RunRecord) -> None:
    run.verdict, run.exit_code = "died", CLOSED_EARLY
    run.reasons = [f"the process {run.pid} on {run.host} ended without a word (killed, out of memory, power cut)"]
