"""Replay on a Dask cluster of real processes, with a worker and its nanny killed in the middle."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl.dedup import Deduplicator
from newscrawl.replay import Options, ReplayError, StoreSink, replay
from newscrawl.store import open_store
from newscrawl.store.fingerprints import open_story_log
from tests.replay.support import PROJECT, XJNNET, ArchiveMaker, article_html, environment, newscrawl, stored
from tests.replay.test_archives import OWN, PAGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newscrawl.replay import Progress

pytest.importorskip("distributed", reason="the extra `dask` is not installed")

PAGES = 400
#: Seconds after which a cluster that does not start is given up.
PATIENCE = 60


class Cluster:
    """A scheduler and workers, each worker under a nanny, as processes."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self.processes = [self._start("scheduler", "--host", self.address, "--no-dashboard")]
        self.nannies = [
            self._start("worker", self.address, "--nthreads", "1", "--nworkers", "1", "--no-dashboard")
            for _ in range(2)
        ]

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        path = {**environment(self.home), "PYTHONPATH": str(PROJECT)}
        log = (self.home / "cluster.log").open("ab")
        command = [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]]
        return subprocess.Popen(command, cwd=self.home, env=path, stdout=log, stderr=log, start_new_session=True)  # noqa: S603

    def wait(self) -> None:
        """Return when both workers are there."""
        from distributed import Client

        connect: Any = Client  # the library has no types
        client = connect(self.address, timeout=PATIENCE, set_as_default=False)
        client.wait_for_workers(2, timeout=PATIENCE)
        client.close()

    def kill_a_worker(self) -> None:
        """Kill a nanny and the worker below it, so that neither can say goodbye or begin anew."""
        os.killpg(self.nannies[0].pid, signal.SIGKILL)

    def close(self) -> None:
        """Kill what is left."""
        for process in (*self.nannies, *self.processes):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(30)


@contextmanager
def cluster_in(home: Path) -> Iterator[Cluster]:
    cluster = Cluster(home)
    try:
        cluster.wait()
        yield cluster
    finally:
        cluster.close()


def make_archive(home: Path) -> Path:
    maker = ArchiveMaker(home / "archive/20260301/xjnnet-1-00000.warc.gz", software=OWN)
    for number in range(PAGES):
        maker.add(PAGE.format(number), article_html(number))
    return maker.close()


def test_a_worker_and_its_nanny_killed_midway(tmp_path: Path) -> None:
    path = make_archive(tmp_path)
    killed: list[int] = []
    with cluster_in(tmp_path) as cluster:

        def show(progress: Progress) -> None:
            if progress.articles > PAGES // 4 and not killed:
                killed.append(progress.articles)
                cluster.kill_a_worker()

        store = open_store(f"sqlite:///{tmp_path / 'cluster.db'}")
        sink = StoreSink(store, Deduplicator(open_story_log(store)))
        options = Options(archive=tmp_path / "archive", cluster=cluster.address)
        report = replay([path], [XJNNET], sink, options, show=show)
        assert cluster.nannies[0].wait(30) == -signal.SIGKILL
        outcomes = [report.counts[name] for name in ("articles", "new", "changed", "unchanged", "failed")]
        store.close()
    assert killed
    assert killed[0] < PAGES
    assert outcomes == [PAGES, PAGES, 0, 0, 0], "all records, none twice"
    whole = newscrawl(tmp_path, "replay", "--all", "--workers", "1", "--store", f"sqlite:///{tmp_path / 'one.db'}")
    assert whole.returncode == 0, whole.stderr
    assert stored(f"sqlite:///{tmp_path / 'cluster.db'}") == stored(f"sqlite:///{tmp_path / 'one.db'}")


def test_no_scheduler_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from newscrawl.replay import cluster

    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    path = make_archive(tmp_path)
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    with pytest.raises(ReplayError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        replay([path], [XJNNET], StoreSink(store, None), Options(tmp_path / "archive", cluster="tcp://127.0.0.1:9"))
    store.close()
