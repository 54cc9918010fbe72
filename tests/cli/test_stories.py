"""`newscrawl dedup update` makes up for what crawls without stories left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.cli import main
from newscrawl.dedup import Deduplicator
from newscrawl.replay import Options, StoreSink, replay
from newscrawl.store import open_store
from newscrawl.store.fingerprints import open_story_log
from tests.replay.support import XJNNET, ArchiveMaker, article_html
from tests.replay.test_archives import OWN, PAGE

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def archive(path: Path, texts: list[int], first: int = 0) -> Path:
    maker = ArchiveMaker(path, software=OWN)
    for number, text in enumerate(texts, first):
        maker.add(PAGE.format(number), article_html(text))
    return maker.close()


def stories(uri: str) -> dict[str, tuple[str, str, str]]:
    store = open_store(uri)
    found = {one.url: (one.story_id, one.duplicate_of, one.duplicate_kind) for one in store.articles()}
    store.close()
    return found


def test_update(
    tmp_path: Path, store_uri: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSCRAWL_DATA", str(tmp_path))
    files = [archive(tmp_path / "1.warc.gz", [1, 2, 1, 3]), archive(tmp_path / "2.warc.gz", [2, 4], first=10)]
    at_once = f"sqlite:///{tmp_path / 'at-once.db'}"
    store = open_store(at_once)
    for path in files:
        replay([path], [XJNNET], StoreSink(store, Deduplicator(open_story_log(store))), Options(tmp_path))
    store.close()
    printed = []
    for path in files:
        store = open_store(store_uri)
        replay([path], [XJNNET], StoreSink(store, None), Options(tmp_path))
        store.close()
        for _ in range(2):
            assert main(["dedup", "update", "--store", store_uri]) == 0
            printed.append(capsys.readouterr().out)
    assert stories(store_uri) == stories(at_once)
    assert sum(bool(duplicate) for _, duplicate, _ in stories(store_uri).values()) == 2
    assert [line.split(", ")[1].split()[0] for line in printed] == ["4", "0", "2", "0"]
