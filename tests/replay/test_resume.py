"""A replay that is killed at any moment goes on where it was; workers may die under it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import pytest

from newscrawl.dedup import Deduplicator
from newscrawl.replay import Options, ReplayError, StoreSink, replay
from newscrawl.replay import engine as engine_module
from newscrawl.replay import run as run_module
from newscrawl.replay.journal import Journal
from newscrawl.replay.reading import read_chunk
from newscrawl.store import open_store
from tests.replay.support import XJNNET, ArchiveMaker, article_html, command, environment, newscrawl, stored
from tests.replay.test_archives import OWN, PAGE, SITE

if TYPE_CHECKING:
    from pathlib import Path

    from newscrawl.replay.reading import Reading, Task

PAGES = 300


def make_archive(home: Path, pages: int = PAGES) -> Path:
    """Two files that overlap in time, with lists, parts and redirects in them."""
    for part in (0, 1):
        maker = ArchiveMaker(home / f"archive/20260301/xjnnet-{part}-00000.warc.gz", software=OWN)
        for number in range(part, pages, 2):
            if number % 10 == part:
                item = f'<li><a href="{PAGE.format(number)}">北原市第{number}次会议</a><span>2026-02-20</span></li>' * 6
                maker.add(f"{SITE}/baoliao/index_{number + 2}.html", f"<ul>{item}</ul>".encode())
            if number % 12 == part + 2:
                maker.add(PAGE.format(f"{number}00"), status="301", headers=[("Location", PAGE.format(number))])
            parted = number % 14 == part + 4
            maker.add(PAGE.format(number), article_html(number, next_part=f"{number}_2.html" if parted else ""))
            if parted:
                maker.add(PAGE.format(f"{number}_2"), article_html(number + 5000), after=3)
        maker.close()
    return home / "archive"


def test_killed_again_and_again(tmp_path: Path) -> None:
    make_archive(tmp_path)
    whole = newscrawl(tmp_path, "replay", "--all", "--store", f"sqlite:///{tmp_path / 'whole.db'}")
    assert whole.returncode == 0, whole.stderr
    target = f"sqlite:///{tmp_path / 'killed.db'}"
    draw = random.Random(3)
    kills = 0
    for _ in range(5):
        child = subprocess.Popen(  # noqa: S603  our own words
            command("replay", "--all", "--store", target, "--workers", "2"),
            env=environment(tmp_path),
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
        )
        with suppress(subprocess.TimeoutExpired):
            assert child.wait(draw.uniform(0.8, 2.0)) == 0
            continue
        child.send_signal(signal.SIGKILL)
        child.wait(60)
        kills += 1
    assert kills
    assert newscrawl(tmp_path, "replay", "--all", "--store", target).returncode == 0
    assert stored(target) == stored(f"sqlite:///{tmp_path / 'whole.db'}")


class StopError(Exception):
    """The replay ends here, as if it was killed."""


@pytest.mark.parametrize("after", [1, 60, 150])
def test_taken_up_at_every_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Ends after so many articles, at checkpoints of ten records; what comes of it is the same."""
    files = sorted(make_archive(tmp_path, 180).glob("*/*"))
    monkeypatch.setattr(run_module, "CHECKPOINT", 10)
    monkeypatch.setattr(run_module, "CHUNK_PAGES", 4)

    class Stopping(StoreSink):
        left = after

        def article(self, article, text):  # type: ignore[no-untyped-def]
            if self.left == 0:
                raise StopError
            self.left -= 1
            super().article(article, text)

    def go(name: str, sink_type: type[StoreSink]) -> dict[str, object]:
        store = open_store(f"sqlite:///{tmp_path / name}.db")
        options = Options(archive=tmp_path / "archive", journal=tmp_path / f"{name}.journal")
        from newscrawl.store.fingerprints import open_story_log

        sink = sink_type(store, Deduplicator(open_story_log(store)))
        with suppress(StopError):
            report = replay(files, [XJNNET], sink, options)
            assert report.resumed == (name == "cut" and sink_type is StoreSink)
        store.close()
        return dict(stored(store.uri))

    whole = go("whole", StoreSink)
    assert len(go("cut", Stopping)) < len(whole)
    assert go("cut", StoreSink) == whole


def dying(flag: str, tasks: list[Task]) -> list[Reading]:
    """Read a chunk in a worker that dies the first time."""
    with suppress(FileExistsError):
        os.close(os.open(flag, os.O_CREAT | os.O_EXCL))
        os.kill(os.getpid(), signal.SIGKILL)
    return read_chunk(tasks)


def always_dying(tasks: list[Task]) -> list[Reading]:
    """Die over every chunk."""
    os.kill(os.getpid(), signal.SIGKILL)
    return read_chunk(tasks)


def test_a_worker_that_dies_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = sorted(make_archive(tmp_path, 120).glob("*/*"))
    monkeypatch.setattr(engine_module, "read_chunk", partial(dying, str(tmp_path / "died")))
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    report = replay(files, [XJNNET], StoreSink(store, None), Options(tmp_path / "archive", workers=2))
    assert (tmp_path / "died").exists()
    assert store.count() == report.counts["articles"] == report.counts["new"] == 120
    store.close()


def test_pages_that_kill_every_worker_end_the_replay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = sorted(make_archive(tmp_path, 20).glob("*/*"))
    monkeypatch.setattr(engine_module, "read_chunk", always_dying)
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    with pytest.raises(ReplayError, match="workers died"):
        replay(files, [XJNNET], StoreSink(store, None), Options(tmp_path / "archive", workers=2))
    store.close()


def test_one_replay_at_a_time(tmp_path: Path) -> None:
    first = Journal(tmp_path / "journal.db", "plan")
    with pytest.raises(ReplayError, match="another replay"):
        Journal(tmp_path / "journal.db", "plan")
    first.close()
    Journal(tmp_path / "journal.db", "plan").close()


def test_another_plan_begins_anew(tmp_path: Path) -> None:
    for plan, fresh, resumed in [("a", False, False), ("a", False, True), ("a", True, False), ("b", False, False)]:
        journal = Journal(tmp_path / "journal.db", plan, fresh=fresh)
        assert journal.resumed is resumed
        assert bool(journal.positions()) is resumed
        journal.commit({"file": 17}, {})
        journal.close()
