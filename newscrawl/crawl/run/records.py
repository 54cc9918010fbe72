"""Records of runs: a new one, and the end of those whose runs could not write it themselves."""

from __future__ import annotations

import os
import platform
import secrets
import socket
from typing import TYPE_CHECKING

import scrapy

from newscrawl import __version__, clock
from newscrawl.crawl.monitoring.alerts import after_run
from newscrawl.crawl.monitoring.verdict import CLOSED_EARLY
from newscrawl.items import RunRecord
from newscrawl.store import open_store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy.settings import Settings

    from newscrawl.crawl.run.runner import RunOutcome
    from newscrawl.store import Store

#: So many runs of a site are looked at for those that died.
LOOK_BACK = 20


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
        versions={"newscrawl": __version__, "scrapy": scrapy.__version__, "python": platform.python_version()},
    )


def bury(store: Store, name: str) -> list[RunRecord]:
    """Give runs that ended without a word their verdict."""
    dead = [run for run in store.runs(name, limit=LOOK_BACK) if run.verdict == "running"]
    for run in dead:
        run.verdict, run.exit_code = "died", CLOSED_EARLY
        run.reasons = [f"the process {run.pid} on {run.host} ended without a word (killed, out of memory, power cut)"]
        store.put_run(run)
    return dead


def settle_unstarted(outcome: RunOutcome, held: Mapping[str, str], settings: Settings) -> None:
    """Record and tell runs whose spider never opened; their leases would be held until they run out."""
    unstarted = [run for run in outcome.runs if run.finished is None and run.verdict != "died"]
    if not unstarted:
        return
    store = open_store(settings.get("NEWSCRAWL_STORE") or None)
    try:
        for run in unstarted:
            run.finished = clock.now()
            store.put_run(run)
            after_run(store, run, "not started")
            store.release_lease(run.site, held[run.site])
    finally:
        store.close()
