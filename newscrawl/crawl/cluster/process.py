"""One site's crawl as a process under a Dask worker: `python -m newscrawl.crawl.cluster.process`.

It reads its job, a line of JSON, from standard input, takes over the lease that the submitter holds, crawls, and writes
one line of JSON to standard output. When its standard input is closed the worker is gone: it ends as on SIGTERM, with
its articles stored and its leases given back, so that the site can be taken over at once.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from typing import Any

from newscrawl import clock
from newscrawl.crawl.cluster.travelling import config_digest
from newscrawl.crawl.project import project_settings
from newscrawl.crawl.run.logs import use_log_file
from newscrawl.crawl.run.runner import RunOutcome, check_archive, crawl_held
from newscrawl.crawl.sites import load_sites
from newscrawl.store import open_store
from newscrawl.store.records import run_record, write_document

#: Seconds that a crawl may take to end after its worker: longer than a request may take.
GRACE = 120.0


def main() -> None:
    """Do one job."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a spider prints is no answer
        job = json.loads(_read_line(sys.stdin.fileno()))
        threading.Thread(target=_end_with_worker, args=[sys.stdin.fileno()], daemon=True).start()
        try:
            answer = crawl(job)
        except Exception as error:  # noqa: BLE001  whatever it was, the submitter is told
            answer = {"kind": "failed", "reason": " ".join(f"{type(error).__name__}: {error}".split())[:500]}
        answers.write(json.dumps(answer))


def _read_line(descriptor: int) -> bytes:
    line = bytearray()
    while not line.endswith(b"\n") and (block := os.read(descriptor, 1 << 16)):
        line += block
    return bytes(line)


def _end_with_worker(descriptor: int) -> None:
    while os.read(descriptor, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os.kill(os.getpid(), signal.SIGKILL)  # it hangs; its lease is not renewed any more


def crawl(job: dict[str, Any]) -> dict[str, str]:
    """Take the site over from the submitter and crawl it; returns the fields of an `Answer`."""
    site, owner = str(job["site"]), str(job["owner"])
    settings = project_settings(**job["settings"])
    use_log_file(settings)
    check_archive(settings)
    problems: list[str] = []
    sites = load_sites(settings, problems)
    if site not in sites:
        reason = problems[0] if problems else "no spider has this name there; is newscrawl the same everywhere?"
        return {"kind": "failed", "reason": reason}
    note = "" if config_digest() == job["config"] else "its newscrawl.toml is another one: alerts may go elsewhere"
    seconds = settings.getfloat("NEWSCRAWL_LEASE_SECONDS")
    store = open_store(settings["NEWSCRAWL_STORE"])
    try:
        if not store.hand_over_lease(site, job["from"], owner, seconds=seconds, now=clock.now()):
            return {"kind": "held", "reason": store.leases(clock.now()).get(site, ""), "note": note}
    finally:
        store.close()
    outcome = RunOutcome()
    crawl_held({site: sites[site]}, {site: owner}, settings, outcome)
    (run,) = outcome.runs
    return {"kind": "ran", "run": write_document(run_record(run)), "note": note}


if __name__ == "__main__":
    main()
