"""The index beside either kind of store: the same answers, kept up with everything that happens to articles."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from newscrawl.search import SearchIndex, frequency, kwic, open_index
from newscrawl.store import Store, open_store
from tests.search.corpus import ARTICLES, make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LATER = datetime(2026, 10, 1, tzinfo=UTC)


@pytest.fixture
def store(store_uri: str) -> Iterator[Store]:
    opened = open_store(store_uri)
    opened.put(ARTICLES)
    yield opened
    opened.close()


@pytest.fixture
def index(store: Store, tmp_path: Path) -> Iterator[SearchIndex]:
    opened = open_index(store, tmp_path / "index.db")
    opened.sync()
    yield opened
    opened.close()


def names(index: SearchIndex, query: str) -> set[str]:
    return {hit.article.url.rsplit("/", 1)[1].removesuffix(".html") for hit in index.search(query, limit=100).hits}


def test_same_answers(index: SearchIndex) -> None:
    assert names(index, "棉花 -site:other") == {"cotton", "traditional"}
    assert names(index, "reporter:孙步乾 since:2026-09-10") == {"cotton"}
    assert kwic(index, "棉花", sort="left").total == 7
    assert frequency(index, "棉花", by="year").count == 6
    assert [article.published_day for article in index.articles("棉花")] == [
        "2026-09-24",
        "2026-09-23",
        "2026-09-02",
        "",
    ]


def test_keeps_up(store: Store, index: SearchIndex) -> None:
    store.put([make("wheat", title="改版", body="玉米收购。", fetched_at=LATER)])
    store.forget(make("copy").id, LATER)
    store.set_status(make("undated").id, "gone", LATER)
    store.set_story([{"id": make("traditional").id, "story_id": make("cotton").id}])
    index.sync()
    assert names(index, "小麦") == set()
    assert names(index, "玉米") == {"wheat"}
    assert names(index, "棉花") == {"cotton", "traditional"}
    assert index.search("棉花", stories=True).total == 1
    assert index.search("棉花").notes == []


def test_article_that_moved_is_found_once(store: Store, index: SearchIndex) -> None:
    store.rekey(make("wheat").id, canonical_url="http://portal.example/wheat-new", canonical_version=2)
    index.sync()
    results = index.search("小麦")
    assert (results.total, results.notes) == (1, [])
    assert results.hits[0].article.id != make("wheat").id


def test_forgotten_and_found_again_stays_out(store: Store, index: SearchIndex) -> None:
    store.forget(make("wheat").id, LATER)
    index.sync()
    store.put([make("wheat", body="小麦又来了", fetched_at=LATER)])
    index.sync()
    assert index.search("小麦").total == store.count() - 4
