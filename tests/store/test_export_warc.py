from __future__ import annotations

import gzip
import io
import random
from typing import TYPE_CHECKING

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newscrawl.items import ArchivePointer, Article
from newscrawl.store import Store, open_store
from newscrawl.store import export as export_module
from newscrawl.store.export import ExportOptions, export
from newscrawl.store.export_lines import ExportError
from tests.store.export_corpus import make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/corpus.db")
    yield opened
    opened.close()


def body_of(number: int) -> bytes:
    return random.Random(number).randbytes(100_000 * (number % 3) + 10)


def archive(root: Path, count: int, *, packed: bool) -> list[Article]:
    """Write responses into an archive file and return articles that point to them."""
    root.mkdir(exist_ok=True)
    name = "2026/all.warc.gz" if packed else "2026/all.warc"
    (root / "2026").mkdir()
    articles = []
    with (root / name).open("wb") as file:
        writer = WARCWriter(file, gzip=packed)
        for number in range(count):
            article = make(number, archive=ArchivePointer(name, file.tell()))
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            payload = io.BytesIO(body_of(number))
            record = writer.create_warc_record(article.url, "response", payload=payload, http_headers=head)
            writer.write_record(record)
            articles.append(article)
    return articles


def read(path: Path) -> dict[str, bytes]:
    with path.open("rb") as file:
        return {r.rec_headers["WARC-Target-URI"]: r.content_stream().read() for r in ArchiveIterator(file)}


@pytest.mark.parametrize("packed", [True, False])
def test_copies_the_responses_of_the_articles(store: Store, tmp_path: Path, *, packed: bool) -> None:
    articles = archive(tmp_path / "archive", 6, packed=packed)
    options = ExportOptions(archive_root=tmp_path / "archive")
    chosen = [articles[1], articles[4], articles[4], make(9), articles[5]]
    report = export(store, tmp_path / "a.warc.gz", articles=chosen, options=options)
    assert (report.written, report.left_out) == (4, 1)
    assert read(tmp_path / "a.warc.gz") == {articles[number].url: body_of(number) for number in (1, 4, 5)}


def test_goes_on_after_a_break(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_module, "STEP", 2)
    articles = archive(tmp_path / "archive", 6, packed=True)
    options = ExportOptions(archive_root=tmp_path / "archive")
    broken = [*articles[:3], make(8, archive=ArchivePointer("missing.warc.gz", 0))]
    with pytest.raises(ExportError, match=r"missing\.warc\.gz"):
        export(store, tmp_path / "a.warc.gz", articles=broken, options=options)
    assert export(store, tmp_path / "a.warc.gz", articles=articles, options=options).resumed == 2
    assert len(read(tmp_path / "a.warc.gz")) == 6


@pytest.mark.parametrize(
    ("content", "offset", "says"),
    [
        (b"", 0, "no record begins"),
        (b"garbage, long enough", 3, "no record begins"),
        (gzip.compress(b"x" * 100, mtime=0)[:-4], 0, "has no end"),
        (b"\x1f\x8b\x08broken", 0, "no record can be read"),
        (b"WARC/1.1\r\nContent-Length: 99\r\n\r\nshort", 0, "cut off"),
        (b"WARC/1.1\r\nContent-Length: many\r\n\r\n", 0, "no record can be read"),
        (b"WARC/1.1\r\n\r\n", 0, "no length"),
    ],
)
def test_damage_is_told(store: Store, tmp_path: Path, content: bytes, offset: int, says: str) -> None:
    (tmp_path / "x.warc.gz").write_bytes(content)
    article = make(1, archive=ArchivePointer("x.warc.gz", offset))
    with pytest.raises(ExportError, match=says):
        export(store, tmp_path / "a.warc.gz", articles=[article], options=ExportOptions(archive_root=tmp_path))


def test_pointer_out_of_the_archive_is_refused(store: Store, tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "secret").write_bytes(gzip.compress(b"secret"))
    article = make(1, archive=ArchivePointer("../secret", 0))
    with pytest.raises(ExportError, match="outside"):
        export(
            store, tmp_path / "a.warc.gz", articles=[article], options=ExportOptions(archive_root=tmp_path / "archive")
        )
