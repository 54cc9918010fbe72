"""A crawl that is killed at any moment, of any run, loses no article and stores none twice."""

from __future__ import annotations

import random
import signal
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from newscrawl.archive import read_file, read_record
from newscrawl.demo import run_portal
from tests.crawl.support import TIMEOUT, Crawls

if TYPE_CHECKING:
    from pathlib import Path

ARTICLES = 240


def crawl_and_kill(crawls: Crawls, draw: random.Random, longest: float = 3.0) -> bool:
    """Crawl and kill the process at a random moment; tells whether it was still running then."""
    child = crawls.start()
    with suppress(subprocess.TimeoutExpired):
        child.wait(draw.uniform(0.3, longest))
        return False
    child.send_signal(signal.SIGKILL)
    child.wait(TIMEOUT)
    return True


def check_complete(crawls: Crawls, expected: set[str]) -> None:
    articles = crawls.articles()
    store = crawls.store()
    assert store.count() == len(articles), "an article is stored twice"
    assert set(articles) == expected
    assert all(article.body for article in articles.values())
    queued = [state for state in store.url_states("xjnnet") if state.state == "queued"]
    store.close()
    assert not queued


@pytest.fixture(params=[("sqlite", 30), pytest.param(("mongo", 8), marks=pytest.mark.mongo)], ids=["sqlite", "mongo"])
def kills(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, int]:
    """The URI of a store, and how many kills it has to bear."""
    kind, count = request.param
    return (request.getfixturevalue("mongo_uri") if kind == "mongo" else f"sqlite:///{tmp_path / 'kill.db'}"), count


def test_many_kills_and_one_finishing_run(tmp_path: Path, kills: tuple[str, int]) -> None:
    draw = random.Random(7)
    store_uri, count = kills
    with run_portal(articles=ARTICLES) as portal:
        crawls = Crawls(portal.url, tmp_path, store_uri=store_uri, settings={"NEWSCRAWL_LEASE_SECONDS": 0.05})
        crawls.settings["DOWNLOAD_SLOTS"] = {"127.0.0.1": {"delay": 0.03, "concurrency": 8}}
        killed = sum(crawl_and_kill(crawls, draw) for _ in range(count))
        assert killed > count / 2
        assert crawls.run() == 0
        check_complete(crawls, set(portal.expected()))


def test_what_a_killed_run_stored_is_in_its_archive(tmp_path: Path) -> None:
    draw = random.Random(11)
    with run_portal() as portal:
        crawls = Crawls(portal.url, tmp_path, settings={"NEWSCRAWL_LEASE_SECONDS": 0.05})
        crawls.settings["DOWNLOAD_SLOTS"] = {"127.0.0.1": {"delay": 0.05, "concurrency": 4}}
        while not crawl_and_kill(crawls, draw) or not (tmp_path / "archive").exists():
            pass
        for article in crawls.articles().values():
            assert article.archive is not None
            assert read_record(tmp_path / "archive", article.archive).status == 200
        for path in (tmp_path / "archive").glob("*/*.warc.gz"):
            assert list(read_file(path)) is not None
