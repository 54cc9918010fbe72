from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from newscrawl.items import to_record
from newscrawl.store import Store, open_store
from newscrawl.store.export import ExportOptions, export
from newscrawl.store.export_lines import ExportError
from newscrawl.store.export_restore import read_jsonl, restore
from tests.store.export_corpus import START, awkward, make, undated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def stores(store_uri: str, tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """An SQLite store, and a second one of either kind."""
    opened = (open_store(f"sqlite:///{tmp_path}/one.db"), open_store(store_uri))
    yield opened
    for store in opened:
        store.close()


def record(store: Store, article_id: str) -> dict[str, object]:
    article = store.get(article_id)
    assert article is not None
    return {name: value for name, value in to_record(article).items() if name != "updated_at"}


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_restores_all_fields(stores: tuple[Store, Store], tmp_path: Path, name: str) -> None:
    one, two = stores
    articles = [make(1), make(2), awkward(), undated()]
    one.put(articles)
    link = {"id": make(2).id, "story_id": make(1).id, "duplicate_of": make(1).id, "duplicate_kind": "reprint"}
    one.set_story([{**link, "similarity": 0.9}])
    one.mark_seen([make(1).id], START + timedelta(days=50))
    one.set_status(awkward().id, "gone", START + timedelta(days=60))
    export(one, tmp_path / name)
    report = restore(two, tmp_path / name)
    assert (report.read, dict(report.outcomes)) == (4, {"new": 4})
    for article in articles:
        assert record(two, article.id) == record(one, article.id)
    assert dict(restore(two, tmp_path / name).outcomes) == {"unchanged": 4}


def test_revisions_are_restored(stores: tuple[Store, Store], tmp_path: Path) -> None:
    one, two = stores
    for turn in range(3):
        one.put([make(1, body=f"第{turn}版", content_hash=f"{turn:040}", fetched_at=START + timedelta(days=turn))])
    export(one, tmp_path / "a.jsonl", options=ExportOptions(revisions=True))
    assert len(list(read_jsonl(tmp_path / "a.jsonl"))) == 3
    restore(two, tmp_path / "a.jsonl")
    versions = [[revision.article.body for revision in store.revisions(make(1).id)] for store in stores]
    assert versions[0] == versions[1] == ["第0版", "第1版", "第2版"]
    assert record(two, make(1).id) == record(one, make(1).id)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{}\n", "line 1"),
        (b"[]\n", "line 1"),
        (b'{"url": "http://a.example"}\n{"url"\n', "line 2"),
        (b'{"url": "http://a.example", "published": "soon"}\n', "line 1"),
        (b'{"url": "http://a.example", "images": [{"size": 3}]}\n', "line 1"),
        (b"\xff\xfe\n", "line 1"),
    ],
)
def test_line_that_is_no_article_is_named(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(content)
    with pytest.raises(ExportError, match=says):
        list(read_jsonl(tmp_path / "a.jsonl"))


def test_cut_off_and_missing_files_are_told(stores: tuple[Store, Store], tmp_path: Path) -> None:
    one, two = stores
    one.put([make(number) for number in range(5)])
    path = tmp_path / "a.jsonl.gz"
    export(one, path)
    path.write_bytes(path.read_bytes()[:-20])
    for name in ("a.jsonl.gz", "b.jsonl"):
        with pytest.raises(ExportError, match="cannot be read"):
            restore(two, tmp_path / name)
