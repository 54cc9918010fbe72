"""An archive on shared storage: segments go over whole, nothing is lost on the way, and it is read as any other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from newscrawl.archive import archive_path, read_file, read_record
from newscrawl.archive.erase import erase_urls
from newscrawl.archive.retention import prune
from newscrawl.archive.shared import SharedWarcWriter, StorageError, send_all, staging_dir
from newscrawl.demo import run_portal
from newscrawl.errors import WrongUseError
from tests.archive.test_archive import MOMENT, exchange
from tests.crawl.support import PROJECT, Crawls

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("upath", reason="the extra `shared` is not installed")


@pytest.fixture(params=["memory", "file"])
def storage(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An archive on a storage of fsspec; this machine's own files are in tmp_path/data."""
    monkeypatch.setenv("NEWSCRAWL_DATA", str(tmp_path / "data"))
    if request.param == "file":
        yield archive_path(f"file://{tmp_path}/bucket")
        return
    root = archive_path(f"memory://{uuid4().hex}")
    root.mkdir(parents=True)
    yield root
    root.fs.rm(root.path, recursive=True)  # type: ignore[attr-defined]


def staged() -> list[str]:
    return sorted(path.name for path in staging_dir().rglob("*") if path.is_file())


def kept(storage: Path) -> list[str]:
    return sorted(path.relative_to(storage).as_posix() for path in storage.rglob("*") if path.is_file())


def test_a_closed_segment_goes_over_and_an_open_one_is_read_where_it_is(storage: Path) -> None:
    writer = SharedWarcWriter(storage, "run", max_bytes=1000)
    pointers = [writer.append(exchange(number)) for number in range(5)]
    pointers.append(writer.append(exchange(5, fetched_at=MOMENT + timedelta(days=1))))
    writer.sync()
    assert read_record(storage, pointers[5]).body == exchange(5).body, "it is still here"
    writer.close()
    assert kept(storage) == sorted({pointer.file for pointer in pointers})
    assert len(kept(storage)) > 2
    assert staged() == []
    assert [read_record(storage, pointer).body for pointer in pointers] == [exchange(n).body for n in range(6)]
    found = [response.pointer for name in kept(storage) for response in read_file(storage / name, name=name)]
    assert found == pointers


def test_what_the_storage_does_not_take_waits_here(
    storage: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_: object) -> None:
        raise ConnectionError("the storage is away")

    with monkeypatch.context() as outage:
        outage.setattr(type(storage.fs), "put_file", away)  # type: ignore[attr-defined]
        writer = SharedWarcWriter(storage, "run")
        pointer = writer.append(exchange(1))
        writer.close()
    assert "the storage is away" in caplog.text
    assert kept(storage) == []
    assert read_record(storage, pointer).body == exchange(1).body
    later = SharedWarcWriter(storage, "later")
    other = later.append(exchange(2))
    later.close()
    assert staged() == []
    assert {read_record(storage, one).body for one in (pointer, other)} == {exchange(1).body, exchange(2).body}


def test_a_segment_cut_short_on_its_way_stays_here(storage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = type(storage.fs).put_file  # type: ignore[attr-defined]

    def half(self: object, local: str, remote: str, **more: object) -> None:
        short = Path(f"{local}.short")
        short.write_bytes(Path(local).read_bytes()[:100])
        whole(self, str(short), remote, **more)
        short.unlink()

    with monkeypatch.context() as trouble:
        trouble.setattr(type(storage.fs), "put_file", half)  # type: ignore[attr-defined]
        writer = SharedWarcWriter(storage, "run")
        pointer = writer.append(exchange(1))
        writer.close()
    assert len(staged()) == 1
    send_all(storage)
    assert staged() == []
    assert read_record(storage, pointer).body == exchange(1).body


def test_a_segment_that_is_only_begun_is_left_alone(storage: Path) -> None:
    (staging_dir() / "20260923").mkdir(parents=True)
    (staging_dir() / "20260923" / "begun.warc.gz").touch()
    send_all(storage)
    assert staged() == ["begun.warc.gz"]


def test_a_killed_writer_leaves_what_the_next_run_sends_and_a_living_one_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSCRAWL_DATA", str(tmp_path / "data"))
    storage = archive_path(f"file://{tmp_path}/bucket")
    script = f"""
        import sys, time
        sys.path.insert(0, {str(PROJECT)!r})
        from newscrawl.archive import archive_path
        from newscrawl.archive.shared import SharedWarcWriter
        from tests.archive.test_archive import exchange
        writer = SharedWarcWriter(archive_path({str(storage)!r}), "killed")
        writer.append(exchange(1))
        writer.sync()
        print("written", flush=True)
        time.sleep(600)
    """
    words = [sys.executable, "-c", textwrap.dedent(script)]
    environment = {**os.environ, "NEWSCRAWL_DATA": str(tmp_path / "data")}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as child:  # noqa: S603
        assert child.stdout is not None
        assert child.stdout.readline() == "written\n"
        send_all(storage)
        assert len(staged()) == 1, "it is being written"
        child.send_signal(signal.SIGKILL)
    send_all(storage)
    assert staged() == []
    (name,) = kept(storage)
    assert [found.body for found in read_file(storage / name)] == [exchange(1).body]


def test_old_days_and_single_pages_can_be_taken_out(storage: Path) -> None:
    writer = SharedWarcWriter(storage, "run")
    old = writer.append(exchange(1))
    pointers = [writer.append(exchange(number, fetched_at=MOMENT + timedelta(days=10))) for number in (2, 3)]
    writer.close()
    assert prune(storage, 5, MOMENT + timedelta(days=10)) == [old.file[:8]]
    (name,) = kept(storage)
    assert erase_urls(storage / name, lambda url: url.endswith("/2.html")) == 2
    assert [found.url for found in read_file(storage / name)] == [exchange(3).url]
    assert read_record(storage, pointers[1]).body == exchange(3).body


@pytest.mark.parametrize(
    ("address", "kind", "message"),
    [
        ("s3://bucket/archive", StorageError, "s3fs"),
        ("nowhere://bucket", WrongUseError, "no address of a storage"),
        ("no-where://bucket", WrongUseError, "no address of a storage"),
    ],
)
def test_what_is_missing_is_told(address: str, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message) as caught:
        archive_path(address)
    assert "\n" not in str(caught.value)


def test_without_fsspec_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "upath", None)
    with pytest.raises(StorageError, match=r"newscrawl\[shared\]"):
        archive_path("s3://bucket")


def test_a_crawl_and_its_replay(tmp_path: Path) -> None:
    """A crawl archives on shared storage; its replay from there gives the same articles."""
    with run_portal(articles=6) as portal:
        crawls = Crawls(portal.url, tmp_path)
        crawls.settings["NEWSCRAWL_ARCHIVE"] = f"file://{tmp_path}/bucket"
        assert crawls.run() == 0
        before = {path: (article.body, article.archive) for path, article in crawls.articles().items()}
        assert not (tmp_path / "archive").exists()
        words = ["replay", "--all", "--archive", f"file://{tmp_path}/bucket", "--mirror", f"xjnnet={portal.url}"]
        again = crawls.command_line(*words, "--store", f"sqlite:///{tmp_path / 'again.db'}", "--workers", "1")
        assert again.returncode == 0, again.stderr
        crawls.store_uri = f"sqlite:///{tmp_path / 'again.db'}"
        assert {path: (article.body, article.archive) for path, article in crawls.articles().items()} == before
        store = crawls.store()
        refused = crawls.run(NEWSCRAWL_ARCHIVE="s3://bucket/archive")
        assert refused == 14
        assert store.leases(MOMENT) == {}
        store.close()
        assert "s3fs" in crawls.log()
