"""The record of a run that starts now."""

from __future__ import annotations

import os
import platform
import secrets
import socket

import scrapy

from newscrawl import __version__, clock
from newscrawl.items import RunRecord


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
