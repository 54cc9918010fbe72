"""One site is never crawled twice at once; a run whose holder died is taken over after its time."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from newscrawl import clock
from newscrawl.demo import Portal, run_portal
from tests.crawl.support import TIMEOUT, Crawls

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def portal() -> Iterator[Portal]:
    with run_portal(articles=6) as running:
        yield running


@pytest.fixture
def crawls(portal: Portal, tmp_path: Path) -> Crawls:
    return Crawls(portal.url, tmp_path)


def started(portal: Portal, crawls: Crawls, **settings: object) -> subprocess.Popen[str]:
    """Start a crawl that hangs on a list page; returns when it has begun."""
    portal.fault("/baoliao/*", "hang")
    child = crawls.start(**settings)
    deadline = time.monotonic() + TIMEOUT
    while not any(entry.path.startswith("/baoliao/") for entry in portal.log):
        assert child.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return child


def test_the_second_of_two_ends_at_once_with_75_and_the_next_takes_a_dead_one_over(
    portal: Portal, crawls: Crawls
) -> None:
    first = started(portal, crawls)
    assert crawls.run() == 75
    store = crawls.store()
    assert len(store.runs("xjnnet")) == 1, "the second one did not begin"
    store.close()
    assert "is being crawled by xjnnet-" in crawls.log()
    first.kill()
    first.wait(TIMEOUT)
    assert crawls.run() == 75, "its holder may be only slow"
    portal.clear_faults()
    crawls.now = (clock.now() + timedelta(seconds=181)).isoformat()  # NEWSCRAWL_LEASE_SECONDS and one more
    assert crawls.run() == 0
    assert set(crawls.articles()) == set(portal.expected())
    store = crawls.store()
    assert not store.leases(clock.now()), "a run that ended gives its lease back"
    store.close()


def test_a_run_that_lost_its_lease_ends(portal: Portal, crawls: Crawls) -> None:
    child = started(portal, crawls, NEWSCRAWL_LEASE_SECONDS=1.5, DOWNLOAD_TIMEOUT=3)
    store = crawls.store()
    (holder,) = store.leases(clock.now()).values()
    store.release_lease("xjnnet", holder)
    assert store.acquire_lease("xjnnet", "another", seconds=600, now=clock.now())
    portal.clear_faults()
    assert child.wait(60) == 14
    assert "another run has taken xjnnet over" in crawls.log()
    assert store.leases(clock.now()) == {"xjnnet": "another"}, "the other one's lease stays"
    assert any("lease_lost" in reason for reason in crawls.last_run().reasons)
    store.close()
