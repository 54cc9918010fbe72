"""Replay on a Dask cluster of real processes, with a worker and its nanny killed in the middle."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from newscrawl.dedup import Deduplicator
from newscrawl.replay import Options, ReplayError, StoreSink, replay
from newscrawl.store import open_store
from newscrawl.store.fingerprints import open_story_log
from tests.dask_cluster import dask_cluster
from tests.replay.support import XJNNET, ArchiveMaker, article_html, environment, newscrawl, stored
from tests.replay.test_archives import OWN, PAGE

if TYPE_CHECKING:
    from pathlib import Path

    from newscrawl.replay import Progress

pytest.importorskip("distributed", reason="the extra `dask` is not installed")

PAGES = 400


def make_archive(home: Path) -> Path:
    maker = ArchiveMaker(home / "archive/20260301/xjnnet-1-00000.warc.gz", software=OWN)
    for number in range(PAGES):
        maker.add(PAGE.format(number), article_html(number))
    return maker.close()


def test_a_worker_and_its_nanny_killed_midway(tmp_path: Path) -> None:
    path = make_archive(tmp_path)
    killed: list[int] = []
    victims: dict[int, str] = {}
    with dask_cluster(tmp_path, environment(tmp_path)) as cluster:

        def show(progress: Progress) -> None:
            if progress.articles > PAGES // 4 and not killed:
                killed.append(progress.articles)
                victims.update(cluster.kill_a_worker())

        store = open_store(f"sqlite:///{tmp_path / 'cluster.db'}")
        sink = StoreSink(store, Deduplicator(open_story_log(store)))
        options = Options(archive=tmp_path / "archive", cluster=cluster.address)
        report = replay([path], [XJNNET], sink, options, show=show)
        assert cluster.nannies[0].wait(30) == -signal.SIGKILL
        outcomes = [report.counts[name] for name in ("articles", "new", "changed", "unchanged", "failed")]
        store.close()
    assert killed
    assert killed[0] < PAGES
    assert sum("spawn_main" in words for words in victims.values()) >= 1, "the worker itself, below its nanny"
    assert sum("dask_worker" in words for words in victims.values()) == 1, "its nanny"
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
