"""`newscrawl crawl --due --cluster` on real scheduler, worker and crawl processes: what is lost is taken over, once."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from newscrawl import clock
from newscrawl.crawl.cluster.task import Job, crawl_site
from newscrawl.crawl.due import run_due
from newscrawl.crawl.project import project_settings
from newscrawl.errors import NewscrawlError
from newscrawl.replay import cluster as replay_cluster
from newscrawl.store import open_store
from tests.dask_cluster import DaskCluster, alive, dask_cluster
from tests.operate.support import PROJECT, Station, run_station

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from newscrawl.demo import Portal
    from newscrawl.items import RunRecord
    from tests.mongo_engine import Engine

pytest.importorskip("distributed", reason="the extra `dask` is not installed")

ARTICLES = 6
#: Pause between requests to a site, and what of it must be seen at the portal: a late answer makes a gap look short.
DELAY, SEEN = 0.4, 0.6
LEASE = 10.0
#: Seconds after which something that should come does not.
PATIENCE = 180


@contextmanager
def cluster_of(station: Station, *, threads: int, **more: str) -> Iterator[DaskCluster]:
    path = os.pathsep.join([str(PROJECT), str(station.home)])
    with dask_cluster(station.home, {**station.environment(), "PYTHONPATH": path, **more}, threads=threads) as cluster:
        yield cluster


def be_polite(station: Station) -> None:
    station.settings |= {
        "NEWSCRAWL_LEASE_SECONDS": LEASE,
        "DOWNLOAD_SLOTS": {"127.0.0.1": {"delay": DELAY, "concurrency": 1}},
    }
    station.write()


def runs(station: Station, site: str = "") -> list[RunRecord]:
    store = station.store()
    found = store.runs(site, limit=None)
    store.close()
    return found


def wait_until(condition: Callable[[], object], tick: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert tick.poll() is None, tick.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.05)


def assert_articles(station: Station) -> None:
    """Every article that a site's section offers is in the store, once."""
    store = station.store()
    found = Counter((article.site, urlsplit(article.canonical_url).path) for article in store.articles())
    store.close()
    offered = {(site, path) for site, portal in station.portals.items() for path in portal.expected()}
    assert found == dict.fromkeys(((site, path) for site, path in offered if path.startswith("/baoliao/")), 1)


def gaps(portal: Portal) -> list[float]:
    return [after.monotonic - before.monotonic for before, after in pairwise(portal.log)]


def assert_whole(station: Station, killed: set[str], code: int, printed: str) -> None:
    """Every site was crawled, each by one run at a time and politely, every article is there once, nobody complains."""
    assert (code, printed) == (0, "")
    verdicts = {site: sorted(run.verdict for run in runs(station, site)) for site in station.portals}
    assert verdicts == {site: ["died", "ok"] if site in killed else ["ok"] for site in station.portals}
    assert_articles(station)
    for site, portal in station.portals.items():
        assert min(gaps(portal)) >= DELAY * SEEN, site
        assert max(entry.open_requests for entry in portal.log) == 1, f"{site} was crawled twice at once"
        fetched = Counter(entry.path for entry in portal.log)
        if site not in killed:
            assert set(fetched.values()) == {1}, "nothing was asked for twice"
    store = station.store()
    assert store.leases(clock.now()) == {}
    store.close()


@pytest.mark.parametrize(("kind", "sites"), [("sqlite", 20), pytest.param("mongo", 4, marks=pytest.mark.mongo)])
def test_a_machine_that_fails_loses_nothing(
    tmp_path: Path, kind: str, sites: int, request: pytest.FixtureRequest
) -> None:
    """A worker, its nanny and its crawls are killed: when their leases have run out, the other worker takes over."""
    names = [f"site{number:02}" for number in range(sites)]
    with run_station(tmp_path, dict.fromkeys(names, "1d"), articles=ARTICLES) as station:
        if kind == "mongo":
            station.store_uri = request.getfixturevalue("mongo_uri")
        be_polite(station)
        with cluster_of(station, threads=2) as cluster:
            tick = station.start(None, "crawl", "--due", "--cluster", cluster.address)

            def under_way() -> list[RunRecord]:
                """Return runs of the first worker that have fetched something and are not done."""
                mine = cluster.members()
                begun = [run for run in runs(station) if run.finished is None and run.pid in mine]
                return [run for run in begun if len(station.portals[run.site].log) > 3]

            wait_until(lambda: sum(run.finished is not None for run in runs(station)) >= sites // 4, tick)
            wait_until(under_way, tick)
            victims = cluster.kill_a_worker()
            killed = {run.site for run in runs(station) if run.pid in victims and run.finished is None}
            assert killed
            printed, _ = tick.communicate(timeout=PATIENCE)
        assert_whole(station, killed, tick.returncode, printed)


def test_a_crawl_ends_with_its_worker_and_gives_its_site_back(tmp_path: Path) -> None:
    with run_station(tmp_path, {"alpha": "1d"}, articles=ARTICLES) as station:
        be_polite(station)
        station.settings["NEWSCRAWL_LEASE_SECONDS"] = 100_000.0
        station.write()
        portal = station.portals["alpha"]
        with cluster_of(station, threads=1) as cluster:
            tick = station.start(None, "crawl", "--due", "--cluster", cluster.address)
            wait_until(lambda: len(portal.log) > 3, tick)
            (run,) = runs(station)
            side = 0 if run.pid in cluster.members(0) else 1
            for pid, words in cluster.members(side).items():
                if "newscrawl.crawl.cluster.process" not in words:
                    os.kill(pid, signal.SIGKILL)
            wait_until(lambda: not alive(run.pid), tick)
            printed, _ = tick.communicate(timeout=PATIENCE)
        assert (tick.returncode, printed) == (0, ""), "it is taken over at once: the lease would have held for a day"
        assert sorted(run.verdict for run in runs(station)) == ["closed early", "ok"]
        assert_articles(station)
        assert min(gaps(portal)) >= DELAY * SEEN


@pytest.mark.mongo
def test_the_store_goes_away_and_comes_back(tmp_path: Path, own_mongo: Engine) -> None:
    with run_station(tmp_path, dict.fromkeys(["alpha", "beta", "gamma"], "1d"), articles=ARTICLES) as station:
        station.store_uri = f"{own_mongo.uri}corpus?serverSelectionTimeoutMS=500"
        be_polite(station)
        with cluster_of(station, threads=1) as cluster:
            tick = station.start(None, "crawl", "--due", "--cluster", cluster.address)
            wait_until(lambda: sum(len(portal.log) > 3 for portal in station.portals.values()) == 2, tick)
            own_mongo.kill()
            wait_until(lambda: "leases wait to be renewed" in station.log(), tick)
            own_mongo.restart()
            printed, _ = tick.communicate(timeout=PATIENCE)
        assert_whole(station, set(), tick.returncode, printed)


@pytest.mark.parametrize("lost", ["tick", "scheduler"])
def test_what_was_not_begun_is_due_again_at_once(tmp_path: Path, lost: str) -> None:
    """The tick is told to end, or the scheduler dies: leases of waiting sites are given back, crawls keep theirs."""
    with run_station(tmp_path, dict.fromkeys(["alpha", "beta", "gamma"], "1d"), articles=ARTICLES) as station:
        be_polite(station)
        for portal in station.portals.values():
            portal.fault("/baoliao/", "hang")
        with cluster_of(station, threads=1) as cluster:
            tick = station.start(None, "crawl", "--due", "--cluster", cluster.address)
            wait_until(
                lambda: sum(bool(portal.requests("/baoliao/")) for portal in station.portals.values()) == 2, tick
            )
            begun = {site for site, portal in station.portals.items() if portal.log}
            (waiting,) = station.portals.keys() - begun
            if lost == "tick":
                tick.send_signal(signal.SIGTERM)
            else:
                os.killpg(cluster.scheduler.pid, signal.SIGKILL)
            printed, _ = tick.communicate(timeout=PATIENCE)
            store = station.store()
            assert waiting not in store.leases(clock.now())
            assert store.site_state(waiting)["schedule"]["attempts"] == 0
            if lost == "tick":
                assert tick.returncode == 130
                assert store.leases(clock.now()).keys() == begun
            else:
                assert tick.returncode == 14
                assert "the Dask cluster is lost" in printed
                assert "3 of 3 sites are not done" in printed
            store.close()


def test_what_stands_in_the_way_is_told(tmp_path: Path) -> None:
    with run_station(tmp_path, {"alpha": "1d", "beta": "1d"}, articles=ARTICLES) as station:
        be_polite(station)
        station.portals["beta"].fault("/*", "status", status=500)
        (tmp_path / "other.toml").write_text("")
        with cluster_of(station, threads=2, NEWSCRAWL_CONFIG=str(tmp_path / "other.toml")) as cluster:
            station.configure('[sites.gamma]\nenabled = false\n[alerts]\nevery = "2h"\n')
            code, printed = station.tick(None, "crawl", "--due", "--cluster", cluster.address)
            assert code == 12
            lines = printed.splitlines()
            assert "[sites.gamma] stands for no site" in lines[0]
            assert "its newscrawl.toml is another one" in lines[1]
            assert lines[2].startswith("beta: unreachable: no list page could be read")
            code, printed = station.tick(None, "crawl", "alpha", "--cluster", cluster.address)
            assert code == 0
            assert "alpha" in printed
            assert [run.trigger for run in runs(station, "alpha")] == ["cli", "due"]


def test_without_a_cluster_nothing_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay_cluster, "PATIENCE", 0.5)
    monkeypatch.setenv("NEWSCRAWL_CONFIG", str(tmp_path / "newscrawl.toml"))
    (tmp_path / "newscrawl.toml").touch()
    uri = f"sqlite:///{tmp_path / 'store.db'}"
    with pytest.raises(NewscrawlError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        run_due(project_settings(NEWSCRAWL_STORE=uri, LOG_ENABLED=False), "tcp://127.0.0.1:9")
    store = open_store(uri)
    assert (store.sites(), store.leases(clock.now())) == ([], {})
    store.close()


def test_a_worker_with_another_store_crawls_nothing(tmp_path: Path) -> None:
    """The lease is the proof that tick and worker mean the same store."""
    job = Job("xjnnet", "the tick", {"NEWSCRAWL_STORE": f"sqlite:///{tmp_path / 'other.db'}"}, {})
    answer = crawl_site(job)
    assert (answer.kind, answer.reason) == ("held", "")
    answer = crawl_site(Job("nowhere", "the tick", job.settings, {}))
    assert answer.kind == "failed"
    assert "no spider has this name" in answer.reason
    assert "other.db" not in repr(job), "addresses hold passwords, and workers log their tasks"
