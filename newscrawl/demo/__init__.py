"""A local news portal on loopback whose faults can be switched on: for `newscrawl demo` and for tests.

    async with Portal() as portal: ...      # in an event loop
    with run_portal() as portal: ...        # in a thread, for synchronous code
    with portal_process() as portal: ...    # as a process: python -m newscrawl.demo --port 0 [--faults FILE],
                                            # which prints its URL, then that of its control endpoint

`expected_articles()` (or `portal.expected()`) is the truth about the articles it serves.
"""

from __future__ import annotations

from newscrawl.demo.content import SEED_PATH, ExpectedArticle, comparable, expected_articles, expected_drops
from newscrawl.demo.control import ControlClient
from newscrawl.demo.faults import PRIVATE_TARGETS, Fault, FaultError
from newscrawl.demo.portal import Portal, run_portal
from newscrawl.demo.process import PortalProcess, portal_process
from newscrawl.demo.server import LogEntry

__all__ = [
    "PRIVATE_TARGETS",
    "SEED_PATH",
    "ControlClient",
    "ExpectedArticle",
    "Fault",
    "FaultError",
    "LogEntry",
    "Portal",
    "PortalProcess",
    "comparable",
    "expected_articles",
    "expected_drops",
    "portal_process",
    "run_portal",
]
