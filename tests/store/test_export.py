from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl.items import to_record
from newscrawl.store import ArticleFilter, Store, open_store
from newscrawl.store import export as export_module
from newscrawl.store.export import (
    FORMATS,
    ExportOptions,
    export,
    guess_format,
    write_stream,
)
from newscrawl.store.export_lines import ExportError
from newscrawl.store.export_restore import read_jsonl
from tests.store.export_corpus import awkward, make, undated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newscrawl.items import Article

CHARACTERS = ExportOptions(unit="characters")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/corpus.db")
    opened.put([*(make(number) for number in range(12)), awkward(), undated()])
    yield opened
    opened.close()


@pytest.fixture
def stored(store: Store) -> list[Article]:
    return list(store.articles())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.jsonl", "jsonl"),
        ("a.JSONL.gz", "jsonl"),
        ("a.csv.zst", "csv"),
        ("a.warc.gz", "warc"),
        ("a.parquet", "parquet"),
        ("folder", ""),
        ("a.gz", ""),
    ],
)
def test_format_by_name(tmp_path: Path, name: str, expected: str) -> None:
    assert guess_format(tmp_path / name) == expected


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst"])
def test_jsonl_keeps_everything(store: Store, stored: list[Article], tmp_path: Path, name: str) -> None:
    if name.endswith(".zst"):
        pytest.importorskip("backports.zstd")
    report = export(store, tmp_path / name)
    assert (report.written, report.left_out, report.format_name) == (14, 0, "jsonl")
    assert [to_record(article) for article in read_jsonl(tmp_path / name)] == [to_record(a) for a in stored]


def test_csv_reads_back(store: Store, stored: list[Article], tmp_path: Path) -> None:
    export(store, tmp_path / "a.csv")
    data = (tmp_path / "a.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))}
    assert len(rows) == len(stored)
    first = rows[make(0).id]
    assert first["published"] == "2026-09-02T00:30:00+08:00"
    assert (first["reporters"], first["body"]) == ("孙步乾; 李四", make(0).body)
    odd = rows[awkward().id]
    assert [odd[name] for name in ("title", "subtitle", "section", "body")] == [
        "'" + getattr(awkward(), name) for name in ("title", "subtitle", "section", "body")
    ]
    assert rows[undated().id]["published"] == ""


def test_no_cell_is_a_formula(store: Store, tmp_path: Path) -> None:
    export(store, tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_parquet_reads_back(
    store: Store, stored: list[Article], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr(export_module, "STEP", 5)
    export(store, tmp_path / "a.parquet")
    table = parquet.read_table(tmp_path / "a.parquet")
    rows = table.to_pylist()
    assert [row["id"] for row in rows] == [article.id for article in stored]
    assert [row["published"] for row in rows] == [article.published for article in stored]
    assert [row["reporters"] for row in rows] == [article.reporters for article in stored]
    assert parquet.ParquetFile(tmp_path / "a.parquet").num_row_groups == 3
    assert sorted(path.name for path in tmp_path.iterdir() if "parquet" in path.name) == ["a.parquet"]


def test_text_folder(store: Store, stored: list[Article], tmp_path: Path) -> None:
    export(store, tmp_path / "texts", format_name="text")
    with (tmp_path / "texts" / "metadata.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["file"] for row in rows}) == len(stored)
    for row, article in zip(rows, stored, strict=True):
        assert (tmp_path / "texts" / row["file"]).read_text("utf-8") == f"{article.title}\n\n{article.body}\n"


def test_json_ld(store: Store, stored: list[Article], tmp_path: Path) -> None:
    export(store, tmp_path / "a.jsonld")
    document = json.loads((tmp_path / "a.jsonld").read_text("utf-8"))
    assert document["@context"] == "https://schema.org"
    found = {item["@id"]: item for item in document["@graph"]}
    assert len(found) == len(stored)
    for item in found.values():
        assert item["@type"] == "NewsArticle"
        assert {"headline", "articleBody", "url"} <= item.keys()
        assert all(value not in ("", [], None) for value in item.values())
    odd = found[f"urn:sha1:{awkward().id}"]
    assert odd["datePublished"] == "2026-09-22"
    assert odd["author"] == [{"@type": "Person", "name": "阿依·古丽"}, {"@type": "Person", "name": 'O"Neil'}]
    assert odd["publisher"] == {"@type": "Organization", "name": "</doc>"}
    assert odd["image"][1] == {"@type": "ImageObject", "contentUrl": "http://portal.example/b.jpg"}
    assert "datePublished" not in found[f"urn:sha1:{undated().id}"]
    assert found[f"urn:sha1:{make(0).id}"]["datePublished"] == "2026-09-02T00:30:00+08:00"


def vertical_lines(path: Path) -> list[str]:
    return path.read_text("utf-8").removesuffix("\n").split("\n")


def test_vertical_of_characters(store: Store, stored: list[Article], tmp_path: Path) -> None:
    export(store, tmp_path / "a.vert", options=CHARACTERS)
    lines = vertical_lines(tmp_path / "a.vert")
    for tag in ("doc", "p", "s"):
        starts = [line for line in lines if line.startswith((f"<{tag} ", f"<{tag}>"))]
        assert len(starts) == lines.count(f"</{tag}>") > 0
    assert lines.count("</doc>") == len(stored)
    tokens = [line.split("\t") for line in lines if not line.startswith("<")]
    assert {tag for _, tag in tokens} == {"han", "word", "sign"}
    characters = sum(len("".join(f"{a.title}{a.body}".split())) for a in stored)
    unescaped = [token.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"') for token, _ in tokens]
    assert sum(len(token.replace("&amp;", "&")) for token in unescaped) == characters
    assert ["GDP", "word"] in tokens


def test_vertical_of_words(store: Store, tmp_path: Path) -> None:
    pytest.importorskip("rjieba")
    export(store, tmp_path / "a.vert", articles=[make(1)])
    lines = vertical_lines(tmp_path / "a.vert")
    assert "棉花\tn" in lines
    assert lines[0].startswith('<doc id="')
    assert "".join(line.split("\t")[0] for line in lines if "\t" in line) == "".join(
        f"{make(1).title}{make(1).body}".split()
    )


def test_filter_and_articles_select(store: Store, tmp_path: Path) -> None:
    assert export(store, tmp_path / "a.jsonl", where=ArticleFilter(since="2026-09-12", until="2026-09-13")).written == 2
    export(store, tmp_path / "b.jsonl", articles=[make(3)])
    assert [article.id for article in read_jsonl(tmp_path / "b.jsonl")] == [make(3).id]


class BrokenOffError(Exception):
    """The test's own power cut."""


def broken_off(articles: list[Article], after: int) -> Iterator[Article]:
    yield from articles[:after]
    raise BrokenOffError


RESUMABLE = ["a.jsonl", "a.jsonl.gz", "a.csv", "a.jsonld", "a.vert", "texts", "a.parquet"]


@pytest.mark.parametrize("after", [1, 5, 9, 14])
@pytest.mark.parametrize("name", RESUMABLE)
def test_goes_on_after_a_break(
    store: Store, stored: list[Article], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, after: int
) -> None:
    if name == "a.parquet":
        pytest.importorskip("pyarrow")
    monkeypatch.setattr(export_module, "STEP", 4)
    kind = guess_format(tmp_path / name) or "text"
    options = {"format_name": kind, "options": CHARACTERS}
    for folder in ("whole", "broken"):
        (tmp_path / folder).mkdir()
    export(store, tmp_path / "whole" / name, articles=stored, **options)  # type: ignore[arg-type]
    target = tmp_path / "broken" / name
    with pytest.raises(BrokenOffError):
        export(store, target, articles=broken_off(stored, after), **options)  # type: ignore[arg-type]
    assert kind == "text" or not target.exists()
    report = export(store, target, articles=stored, **options)  # type: ignore[arg-type]
    assert (report.resumed, report.written) == (after // 4 * 4, 14 - after // 4 * 4)
    assert contents(target) == contents(tmp_path / "whole" / name)
    assert sorted(path.name for path in target.parent.iterdir()) == [name]


def contents(path: Path) -> dict[str, Any]:
    files = sorted(path.rglob("*.*")) if path.is_dir() else [path]
    found: dict[str, Any] = {}
    for file in (file for file in files if file.is_file()):
        data = file.read_bytes()
        if file.suffix == ".parquet":
            data = pytest.importorskip("pyarrow.parquet").read_table(file).to_pylist()
        found[str(file.relative_to(path)) if path.is_dir() else ""] = (
            gzip.decompress(data) if file.suffix == ".gz" else data
        )
    return found


def test_export_whose_remains_were_removed_begins_anew(
    store: Store, stored: list[Article], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_module, "STEP", 2)
    with pytest.raises(BrokenOffError):
        export(store, tmp_path / "a.jsonl", articles=broken_off(stored, 9))
    (tmp_path / "a.jsonl.partial").unlink()
    assert export(store, tmp_path / "a.jsonl", articles=stored).written == 14


@pytest.mark.parametrize("change", [{"where": ArticleFilter(site="portal")}, {"selection": "棉花"}, {"resume": False}])
def test_another_export_begins_anew(
    store: Store, stored: list[Article], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    monkeypatch.setattr(export_module, "STEP", 2)
    with pytest.raises(BrokenOffError):
        export(store, tmp_path / "a.jsonl", articles=broken_off(stored, 9))
    report = export(store, tmp_path / "a.jsonl", articles=stored, **change)
    assert (report.resumed, report.written) == (0, 14)
    assert len(list(read_jsonl(tmp_path / "a.jsonl"))) == 14


def test_empty_exports_are_complete_files(store: Store, tmp_path: Path) -> None:
    for name in ("a.jsonl", "a.jsonl.gz", "a.csv", "a.jsonld"):
        assert export(store, tmp_path / name, articles=[]).written == 0
    assert list(read_jsonl(tmp_path / "a.jsonl.gz")) == []
    assert json.loads((tmp_path / "a.jsonld").read_text())["@graph"] == []
    assert (tmp_path / "a.csv").read_bytes().count(b"\r\n") == 1


def test_progress_is_told(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_module, "STEP", 5)
    told: list[int] = []
    export(store, tmp_path / "a.jsonl", progress=told.append)
    assert told == [5, 10]


@pytest.mark.parametrize("name", ["jsonl", "csv", "jsonld", "vertical"])
def test_stream_is_what_a_file_would_be(store: Store, stored: list[Article], tmp_path: Path, name: str) -> None:
    export(store, tmp_path / "file", format_name=name, options=CHARACTERS)
    stream = io.BytesIO()
    assert write_stream(stored, stream, format_name=name, options=CHARACTERS) == 14
    assert stream.getvalue() == (tmp_path / "file").read_bytes()


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("a.docx", {}, "no export format"),
        ("a.jsonl", {"format_name": "xml"}, "'xml' is no export format"),
        ("a.warc.gz", {}, "archive_root"),
        ("a.vert", {"options": ExportOptions(unit="syllables")}, "words or characters"),
    ],
)
def test_says_what_is_wrong(store: Store, tmp_path: Path, name: str, options: dict[str, Any], says: str) -> None:
    with pytest.raises(ExportError, match=says):
        export(store, tmp_path / name, **options)


def test_folder_in_the_way_is_told(store: Store, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").mkdir()
    with pytest.raises(ExportError, match="cannot be written"):
        export(store, tmp_path / "a.jsonl")


@pytest.mark.parametrize(("module", "name"), [("pyarrow.parquet", "a.parquet"), ("rjieba", "a.vert")])
def test_missing_library_is_named(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, name: str
) -> None:
    monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(ExportError, match="pip install"):
        export(store, tmp_path / name)
    assert not list(itertools.chain(tmp_path.glob("a.*.done"), tmp_path.glob("a.*.progress")))


def test_every_format_says_what_it_is_for() -> None:
    assert all(len(purpose) > 20 for purpose in FORMATS.values())
