"""The spool: articles that wait on disk."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from newscrawl.store import StoreUnavailableError, open_store
from newscrawl.store.spool import Spool, SpoolFullError
from tests.store.samples import article, full_article, id_of
from tests.store.test_processes import lines_until_killed, start

if TYPE_CHECKING:
    from pathlib import Path

    from newscrawl.items import Article

LARGE = 10_000_000


def drained(spool: Spool) -> list[Article]:
    found: list[Article] = []
    assert spool.drain(found.extend) == len(found)
    return found


def test_articles_come_out_as_they_went_in(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "new" / "spool.jsonl", LARGE)
    given = [full_article(), article(2, body="行一\n行二\u2028\x85")]
    spool.append(given[:1])
    spool.append(given[1:])
    found = drained(Spool(spool.path, LARGE))
    assert [one.id for one in found] == [one.id for one in given]
    assert (found[1].body, found[0].restoration) == (given[1].body, given[0].restoration)
    assert spool.size() == 0
    assert drained(spool) == []


def test_what_is_drained_is_in_the_store(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    spool = Spool(tmp_path / "spool.jsonl", LARGE)
    spool.append([article(number) for number in range(250)])
    assert spool.drain(store) == 250
    assert store.count() == 250


def test_a_half_written_last_line_is_ignored_and_overwritten(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.jsonl", LARGE)
    spool.append([article(1), article(2)])
    whole = spool.path.read_bytes()
    for length in (1, 100, len(whole) // 2 - 1):
        spool.path.write_bytes(whole + whole[:length])
        assert [one.id for one in drained(spool)] == [id_of(1), id_of(2)]
        spool.path.write_bytes(whole + whole[:length])
        spool.append([article(3)])
        assert [one.id for one in drained(spool)] == [id_of(1), id_of(2), id_of(3)]
    spool.path.write_bytes(whole[:50])
    assert drained(spool) == []


def test_lines_that_cannot_be_read_are_kept_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    spool = Spool(tmp_path / "spool.jsonl", LARGE)
    spool.append([article(1)])
    damaged = b"\0\0\0\n[1]\n{}\n\xff\xfe\n"
    spool.path.write_bytes(damaged + spool.path.read_bytes())
    assert [one.id for one in drained(spool)] == [id_of(1)]
    assert (tmp_path / "spool.jsonl.unreadable").read_bytes() == damaged
    assert "cannot be read" in caplog.text


def test_the_spool_is_bounded_and_takes_a_batch_as_a_whole(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.jsonl", 5000)
    spool.append([article(1)])
    before = spool.size()
    with pytest.raises(SpoolFullError, match="is full"):
        spool.append([article(number) for number in range(2, 20)])
    assert spool.size() == before
    spool.append([article(2)])
    assert len(drained(spool)) == 2


def test_a_spool_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreUnavailableError, match="Cannot write to the spool"):
        Spool(tmp_path / "file" / "spool.jsonl", LARGE).append([article(1)])


def test_when_the_store_fails_all_articles_stay(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.jsonl", LARGE)
    spool.append([article(number) for number in range(250)])
    calls: list[int] = []

    def fail_at_second(batch: list[Article]) -> None:
        calls.append(len(batch))
        if len(calls) == 2:
            raise StoreUnavailableError("away")

    with pytest.raises(StoreUnavailableError, match="away"):
        spool.drain(fail_at_second)
    assert len(drained(spool)) == 250


def test_a_killed_writer_leaves_all_that_it_reported(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool.jsonl", LARGE)
    reported: list[int] = []
    for round_ in range(3):
        process = start("append_endlessly", str(spool.path), round_ * 100_000)
        reported += map(int, lines_until_killed(process, 20))
    assert os.path.getsize(spool.path) == spool.size() > 0  # noqa: PTH202 the plain way beside the one under test
    assert {id_of(number) for number in reported} <= {one.id for one in drained(spool)}
