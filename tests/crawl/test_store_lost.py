"""The store goes away in the middle of a crawl: fetching pauses, nothing is lost, and the run says so."""

from __future__ import annotations

import os
import resource
import time
from typing import TYPE_CHECKING

import pytest

from newscrawl.demo import Portal, run_portal
from newscrawl.store import StoreError
from tests.crawl.support import TIMEOUT, Crawls

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mongo_engine import Engine

SLOW = {"127.0.0.1": {"delay": 0.05, "concurrency": 2}}
ARTICLES = 30


def wait_for_requests(portal: Portal, count: int) -> None:
    deadline = time.monotonic() + TIMEOUT
    while len(portal.log) < count:
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.mongo
def test_mongodb_killed_and_started_again(tmp_path: Path, own_mongo: Engine) -> None:
    with run_portal(articles=ARTICLES) as portal:
        crawls = Crawls(portal.url, tmp_path, store_uri=f"{own_mongo.uri}lost", settings={"DOWNLOAD_SLOTS": SLOW})
        child = crawls.start()
        wait_for_requests(portal, 25)
        own_mongo.kill()
        while "store lost" not in crawls.log():
            assert child.poll() is None
            time.sleep(0.05)
        asked = len(portal.log)
        own_mongo.restart()
        assert child.wait(TIMEOUT) == 0
        assert len(portal.log) > asked
        assert set(crawls.articles()) == set(portal.expected())
        run = crawls.last_run()
        assert run.counts["store_interruptions"] >= 1
        assert "the store is back" in crawls.log()


@pytest.mark.mongo
def test_mongodb_that_stays_away_ends_the_run_and_the_next_one_completes_it(tmp_path: Path, own_mongo: Engine) -> None:
    with run_portal(articles=ARTICLES) as portal:
        settings = {"DOWNLOAD_SLOTS": SLOW, "NEWSCRAWL_STORE_PATIENCE": 3, "NEWSCRAWL_LEASE_SECONDS": 1}
        crawls = Crawls(portal.url, tmp_path, store_uri=f"{own_mongo.uri}lost", settings=settings)
        child = crawls.start()
        wait_for_requests(portal, 25)
        own_mongo.kill()
        assert child.wait(TIMEOUT) == 14
        own_mongo.restart()
        assert crawls.run() == 0
        assert set(crawls.articles()) == set(portal.expected())


def test_a_full_disk_for_a_while(tmp_path: Path) -> None:
    """Files of the crawl may not grow beyond a bound (as on a full disk); then they may again."""
    with run_portal(articles=ARTICLES) as portal:
        crawls = Crawls(portal.url, tmp_path, settings={"DOWNLOAD_SLOTS": SLOW, "NEWSCRAWL_WARC": False})
        crawls.store().init()
        child = crawls.start()
        wait_for_requests(portal, 20)
        resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
        while "store lost" not in crawls.log():
            assert child.poll() is None, crawls.log()[-3000:]
            time.sleep(0.05)
        resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert child.wait(TIMEOUT) == 0, crawls.log()[-3000:]
        assert set(crawls.articles()) == set(portal.expected())


def test_a_full_disk_does_not_keep_a_run_from_being_ended(tmp_path: Path) -> None:
    with run_portal() as portal:
        crawls = Crawls(portal.url, tmp_path, settings={"DOWNLOAD_SLOTS": SLOW, "NEWSCRAWL_WARC": False})
        crawls.settings["NEWSCRAWL_LEASE_SECONDS"] = 1  # a full store does not take the lease back
        crawls.store().init()
        child = crawls.start()
        wait_for_requests(portal, 20)
        resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
        while "store lost" not in crawls.log():
            assert child.poll() is None, crawls.log()[-3000:]
            time.sleep(0.05)
        child.terminate()
        assert child.wait(60) == 14
        assert "Traceback" not in crawls.log()
        assert crawls.run() == 0
        assert set(crawls.articles()) == set(portal.expected())


def test_an_archive_that_cannot_be_written_costs_no_article(tmp_path: Path) -> None:
    with run_portal(articles=12) as portal:
        crawls = Crawls(portal.url, tmp_path, now="2026-09-24T00:00:00+00:00")
        blocked = tmp_path / "archive"
        blocked.write_text("a file stands where the folder should be")
        code = crawls.run(RETRY_TIMES=0)
        assert code == 12
        assert not crawls.articles()
        blocked.unlink()
        crawls.now = "2026-09-24T08:00:00+00:00"
        assert crawls.run() == 0
        assert set(crawls.articles()) == set(portal.expected())


def test_a_store_that_is_broken_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "newscrawl.db").write_bytes(os.urandom(5000))
    with run_portal(articles=1) as portal:
        crawls = Crawls(portal.url, tmp_path)
        assert crawls.run() == 14
        assert "newscrawl.db" in crawls.log().splitlines()[-1]
        assert not portal.log
    with pytest.raises(StoreError):
        crawls.store().count()
