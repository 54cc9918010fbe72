"""One site is never crawled twice at once; a run whose holder died is taken over after its time."""

from __future__ import annotations

import json
import signal
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from scrapy.settings import Settings

from newscrawl import clock
from newscrawl.crawl import sites
from newscrawl.crawl.monitoring.verdict import CLOSED_EARLY
from newscrawl.crawl.project import project_settings
from newscrawl.demo import Portal, run_portal
from tests.crawl.support import TIMEOUT, Crawls

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path


def test_what_hosts_sites_share(monkeypatch: pytest.MonkeyPatch) -> None:
    domains = {
        "alone": ("alone.example",),
        "whole": ("news.example", "old.example"),
        "branch": ("js.news.example",),
        "other": ("zj.news.example", "old.example"),
        "twin": ("twin.example",),
        "mirror": ("mirror.example",),
    }
    spiders = {name: SimpleNamespace(domains=own) for name, own in domains.items()}
    monkeypatch.setattr(sites, "all_sites", lambda _settings: spiders)
    monkeypatch.setattr(sites, "_SHARED", {})
    bases = {"twin": "http://127.0.0.1:8000", "mirror": "http://127.0.0.1:8000/"}
    found = {name: sites.shared_hosts(name, Settings({"NEWSCRAWL_SITE_BASE": bases})) for name in domains}
    assert found == {
        "alone": (),
        "whole": ("news.example", "old.example"),
        "branch": ("news.example",),
        "other": ("news.example", "old.example"),
        "twin": ("127.0.0.1:8000",),
        "mirror": ("127.0.0.1:8000",),
    }


def test_a_crawl_by_itself_loads_the_file_of_its_site_only() -> None:
    settings = project_settings()
    everyone = sites.all_sites(settings)
    sharing = next(name for name in everyone if sites.shared_hosts(name, settings))
    alone = project_settings(**sites.lone_settings(sharing, everyone[sharing], settings))
    assert list(sites.all_sites(alone)) == [sharing]
    assert sites.shared_hosts(sharing, alone) == sites.shared_hosts(sharing, settings)


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
    child = started(portal, crawls, NEWSCRAWL_LEASE_SECONDS=6, DOWNLOAD_TIMEOUT=6)  # renewed every two seconds
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


def wait_for(crawls: Crawls, words: str, child: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + TIMEOUT
    while words not in crawls.log():
        assert child.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_second_signal_ends_a_run_with_its_record_written_and_its_lease_given_back(
    portal: Portal, crawls: Crawls
) -> None:
    child = started(portal, crawls)
    child.send_signal(signal.SIGINT)
    wait_for(crawls, "shutting down gracefully", child)  # it waits for the page that hangs
    child.send_signal(signal.SIGINT)
    assert child.wait(TIMEOUT) == CLOSED_EARLY
    run = crawls.last_run()
    assert (run.verdict, run.exit_code) == ("closed early", CLOSED_EARLY)
    assert run.finished is not None
    assert "second signal" in run.reasons[0]
    assert run.counts["requests"] >= 1, "what was counted so far stays"
    portal.clear_faults()
    assert crawls.run() == 0, "nobody has to wait until a lease runs out"
    assert set(crawls.articles()) == set(portal.expected())


def test_a_killed_run_is_seen_to_be_dead_and_buried_by_the_next(portal: Portal, crawls: Crawls) -> None:
    child = started(portal, crawls)
    assert shown(crawls) == ["running"]
    child.kill()
    child.wait(TIMEOUT)
    assert shown(crawls) == ["running"], "as long as its lease holds nobody can know"
    portal.clear_faults()
    crawls.now = (clock.now() + timedelta(seconds=181)).isoformat()  # NEWSCRAWL_LEASE_SECONDS and one more
    assert shown(crawls) == ["died"]
    (state,) = json.loads(crawls.command_line("health", "xjnnet", "--json").stdout)
    assert state["light"] == "red"
    assert f"process {child.pid} on" in state["reasons"][0]
    assert crawls.last_run().verdict == "running", "who only looks writes nothing"
    assert crawls.run() == 0
    store = crawls.store()
    assert [run.verdict for run in store.runs("xjnnet")] == ["ok", "died"]
    store.close()


def shown(crawls: Crawls) -> list[str]:
    """Return the verdicts that `newscrawl runs` shows."""
    return [run["verdict"] for run in json.loads(crawls.command_line("runs", "--json").stdout)]
