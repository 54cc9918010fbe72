"""What is written to an archive is read again, byte for byte, also after a crash."""

from __future__ import annotations

import gzip
import io
import os
import random
import re
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newscrawl.archive import Exchange, WarcWriter, read_file, read_record
from newscrawl.archive.erase import erase_urls
from newscrawl.archive.read import MAX_BODY, ArchiveError
from newscrawl.archive.retention import prune
from newscrawl.items import ArchivePointer

if TYPE_CHECKING:
    from pathlib import Path

MOMENT = datetime(2026, 9, 23, 2, 20, 0, 123456, tzinfo=UTC)


def exchange(number: int = 0, **changes: object) -> Exchange:
    values: dict[str, object] = {
        "url": f"https://xjnnet.net/baoliao/2026-09-23/{number}.html",
        "status": 200,
        "body": f"<p>第{number}篇</p>".encode("gb18030"),
        "fetched_at": MOMENT,
        "response_headers": [("Content-Type", "text/html; charset=gb18030"), ("ETag", '"1"')],
    }
    return Exchange(**{**values, **changes})  # type: ignore[arg-type]


def test_round_trip_by_file_and_by_pointer(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, "xjnnet-run")
    pointers = [writer.append(exchange(number)) for number in range(5)]
    writer.close()
    path = tmp_path / pointers[0].file
    read = list(read_file(path, name=pointers[0].file))
    assert [found.body for found in read] == [exchange(number).body for number in range(5)]
    assert [found.pointer for found in read] == pointers
    assert read[0].fetched_at == MOMENT
    assert read[0].content_type == "text/html; charset=gb18030"
    assert read_record(tmp_path, pointers[3]).url == exchange(3).url


def test_content_coding_is_kept_on_disk_and_undone_on_reading(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, "run")
    packed = gzip.compress(b"<p>text</p>")
    pointer = writer.append(exchange(body=packed, response_headers=[("Content-Encoding", "gzip")]))
    writer.close()
    assert packed in gzip.decompress((tmp_path / pointer.file).read_bytes())
    assert read_record(tmp_path, pointer).body == b"<p>text</p>"


def test_a_bomb_is_read_up_to_the_bound(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, "run")
    bomb = gzip.compress(bytes(MAX_BODY * 3))
    pointer = writer.append(exchange(body=bomb, response_headers=[("Content-Encoding", "gzip")]))
    writer.close()
    assert len(read_record(tmp_path, pointer).body) == MAX_BODY


def test_rendered_pages_and_revisits(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, "run")
    pointer = writer.append(exchange(rendered="<p>画出来的</p>".encode()))
    writer.append(exchange(1, status=304, body=b"", refers_to=MOMENT - timedelta(days=1)))
    writer.close()
    assert read_record(tmp_path, pointer).kind == "conversion"
    kinds = [(found.kind, found.status) for found in read_file(tmp_path / pointer.file)]
    assert kinds == [("response", 200), ("conversion", 200), ("revisit", 304)]


def test_files_turn_with_size_and_day(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, "run", max_bytes=1)
    first = writer.append(exchange(0))
    second = writer.append(exchange(1))
    third = writer.append(exchange(2, fetched_at=MOMENT + timedelta(days=1)))
    writer.close()
    assert len({first.file, second.file, third.file}) == 3
    assert third.file.startswith("20260924/")


def test_headers_from_a_server_cannot_forge_records(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, "run")
    evil = [("X-Evil", "a\r\n\r\nWARC/1.1\r\nWARC-Type: response"), ("Content-Type", "text/html")]
    pointer = writer.append(exchange(response_headers=evil))
    writer.close()
    assert read_record(tmp_path, pointer).body == exchange().body
    assert len(list(read_file(tmp_path / pointer.file))) == 1


@pytest.mark.parametrize("damage", ["cut in the header", "cut in the body", "flip"])
def test_a_broken_member_is_reported_and_skipped(tmp_path: Path, damage: str) -> None:
    writer = WarcWriter(tmp_path, "run")
    pointers = [writer.append(exchange(number)) for number in range(4)]
    writer.close()
    path = tmp_path / pointers[0].file
    data = bytearray(path.read_bytes())
    at = pointers[1].offset
    if damage.startswith("cut"):
        data = data[: pointers[3].offset + (40 if damage.endswith("header") else 250)]
        left = [0, 1, 2]
    else:
        data[at + 12 : at + 60] = bytes(48)
        left = [0, 2, 3]
    path.write_bytes(data)
    broken: list[int] = []
    read = list(read_file(path, on_broken=lambda offset, _reason: broken.append(offset)))
    assert [found.url for found in read] == [exchange(number).url for number in left]
    assert broken


def test_a_missing_record_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="cannot be read at byte 10"):
        read_record(tmp_path, ArchivePointer("20260923/none.warc.gz", 10))


def test_what_was_synced_survives_a_kill(tmp_path: Path) -> None:
    script = textwrap.dedent(f"""
        import pathlib, sys
        from datetime import datetime, UTC
        from newscrawl.archive import Exchange, WarcWriter
        writer = WarcWriter(pathlib.Path({str(tmp_path)!r}), "run")
        for number in range(100000):
            writer.append(Exchange(f"https://x.cn/{{number}}", 200, b"x" * 999, datetime(2026, 9, 23, tzinfo=UTC)))
            if number == 20:
                writer.sync()
                print("synced", flush=True)
    """)
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)  # noqa: S603  our own words
    assert child.stdout is not None
    assert child.stdout.readline() == b"synced\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    read = list(read_file(next(tmp_path.glob("*/*.warc.gz"))))
    assert [found.url for found in read[:21]] == [f"https://x.cn/{number}" for number in range(21)]


@pytest.mark.parametrize("size", [500, 70_000, 200_000])
def test_erasing_a_page_moves_nothing_else(tmp_path: Path, size: int) -> None:
    writer = WarcWriter(tmp_path, "run")
    bodies = [random.Random(number).randbytes(size) for number in range(4)]
    pointers = [writer.append(exchange(number, body=body)) for number, body in enumerate(bodies)]
    writer.close()
    path = tmp_path / pointers[0].file
    before = path.stat().st_size
    assert erase_urls(path, lambda url: url == exchange(2).url) == 2
    assert path.stat().st_size == before
    assert bodies[2][:64] not in path.read_bytes()
    broken: list[str] = []
    read = list(read_file(path, on_broken=lambda _offset, reason: broken.append(reason)))
    assert [found.url for found in read] == [exchange(number).url for number in (0, 1, 3)]
    assert not broken
    assert read_record(tmp_path, pointers[3]).body == bodies[3]


def test_old_days_go_and_strange_folders_stay(tmp_path: Path) -> None:
    for name in ("20260101", "20260922", "keep", "2026"):
        (tmp_path / name).mkdir()
    assert prune(tmp_path, 0, MOMENT) == []
    assert prune(tmp_path, 30, MOMENT) == ["20260101"]
    assert sorted(folder.name for folder in tmp_path.iterdir()) == ["2026", "20260922", "keep"]


def plain_archive(path: Path, bodies: list[bytes]) -> list[int]:
    """Write a WARC file that is not compressed, as wget and Heritrix can; returns the offsets of its responses."""
    offsets = []
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=False, warc_version="WARC/1.0")
        for number, body in enumerate(bodies):
            offsets.append(file.tell())
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            url = f"https://a.example/{number}"
            writer.write_record(writer.create_warc_record(url, "response", io.BytesIO(body), http_headers=head))
    return offsets


#: A page about the format of archives: it holds what a record begins with, within a line and at its beginning.
LOOKALIKE = b"<pre>a file begins with WARC/1.0\r\nWARC-Type: or with\r\nWARC/1.0 WARC-Type</pre>"


@pytest.mark.parametrize("damage", ["first line", "length too short", "length too long", "garbage between"])
def test_a_plain_file_is_read_on_behind_a_broken_record(
    tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plain.warc"
    bodies = [b"<p>%d</p>\r\n" % number * 40 for number in range(8)]
    bodies[5] = LOOKALIKE
    offsets = plain_archive(path, bodies)
    data = path.read_bytes()
    start, end = offsets[3], offsets[4]
    record = data[start:end]
    length = re.search(rb"\r\nContent-Length: (\d+)", record)
    assert length is not None
    changed = {
        "first line": b"X" * 8 + record[8:],
        "length too short": record.replace(length[0], b"\r\nContent-Length: 150"),
        "length too long": record.replace(length[0], b"\r\nContent-Length: 900"),
        "garbage between": record + b"\x00\xff garbage\r\n" * 30,
    }[damage]
    path.write_bytes(data[:start] + changed + data[end:])
    broken: list[int] = []
    read = [found.body for found in read_file(path, on_broken=lambda offset, _reason: broken.append(offset))]
    lost = [] if damage == "garbage between" else [bodies[3]]
    assert [body for body in bodies if body not in read] == lost
    assert broken
    assert capsys.readouterr() == ("", ""), "the library's own words, with pieces of pages, are not printed"


def test_a_plain_file_cut_anywhere_loses_the_last_record_only(tmp_path: Path) -> None:
    path = tmp_path / "plain.warc"
    offsets = plain_archive(path, [b"<p>%d</p>" % number for number in range(3)])
    data = path.read_bytes()
    for cut in range(offsets[2], len(data) - 4):
        path.write_bytes(data[:cut])
        broken: dict[int, str] = {}
        read = [found.body for found in read_file(path, on_broken=broken.__setitem__)]
        assert read == [b"<p>0</p>", b"<p>1</p>"], cut
        assert list(broken) == [offsets[2]] * (cut > offsets[2]), cut
