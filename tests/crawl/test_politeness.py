"""Pauses between requests, as the portal's own log shows them."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from newscrawl.crawl.politeness import retry_after
from newscrawl.demo import Portal, run_portal
from tests.crawl.support import Crawls

if TYPE_CHECKING:
    from pathlib import Path

#: The portal notes when a request came, the crawler when it sent it: loopback and scheduling lie between (seconds).
SLACK = 0.05


def gaps(portal: Portal) -> list[float]:
    return [after.time - before.time for before, after in pairwise(portal.log)]


@pytest.mark.parametrize(("delay", "crawl_delay"), [(0.3, 0.0), (0.0, 0.4)])
def test_gaps_are_never_shorter_than_asked_for(tmp_path: Path, delay: float, crawl_delay: float) -> None:
    with run_portal(articles=8, crawl_delay=crawl_delay) as portal:
        crawls = Crawls(portal.url, tmp_path)
        crawls.settings["DOWNLOAD_SLOTS"] = {"127.0.0.1": {"delay": delay, "concurrency": 1}}
        assert crawls.run() == 0
        assert len(crawls.articles()) == 8
        after_robots = gaps(portal)[1:] if crawl_delay else gaps(portal)
        assert min(after_robots) >= max(delay, crawl_delay) - SLACK


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_holds_the_whole_host(tmp_path: Path, status: int) -> None:
    with run_portal(articles=8) as portal:
        path = next(iter(portal.expected()))
        portal.fault(path, "status", status=status, retry_after="3", times=1)
        crawls = Crawls(portal.url, tmp_path)
        crawls.settings["DOWNLOAD_SLOTS"] = {"127.0.0.1": {"delay": 0, "concurrency": 1}}
        assert crawls.run() == 0
        assert len(crawls.articles()) == 8
        moments = [entry.time for entry in portal.log]
        refused = next(index for index, entry in enumerate(portal.log) if entry.status == status)
        assert moments[refused + 1] - moments[refused] >= 3 - SLACK
        assert portal.peak_requests == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (b"3", 3.0),
        (b" 120 ", 120.0),
        (b"Wed, 23 Sep 2026 00:00:30 GMT", 30.0),
        (b"Tue, 22 Sep 2026 00:00:00 GMT", 0.0),
        (b"soon", None),
        (b"-5", None),
        (b"", None),
        (None, None),
        (b"99999999999999999999", 999999999.0),
    ],
)
def test_reading_retry_after(header: bytes | None, seconds: float | None) -> None:
    assert retry_after(header, datetime(2026, 9, 23, tzinfo=UTC)) == seconds
