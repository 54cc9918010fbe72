"""Copying between stores of all kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newscrawl.items import RunRecord
from newscrawl.store import open_store
from newscrawl.store.copy import copy
from tests.store.samples import article, at, full_article, id_of, url_state

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newscrawl.items import Article
    from newscrawl.store import Store


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'other.db'}")
    yield opened
    opened.close()


def fill(store: Store) -> str:
    """Store something of every kind; returns the id of an article that was moved."""
    store.put([full_article(), article(1, "二", 50), article(1, "三", 20)])
    store.put([article(number) for number in range(2, 20)])
    store.put([article(5, seconds=30), article(5, "二", 10)])
    store.set_status(id_of(2), "gone", at(99))
    store.set_story([{"id": id_of(3), "story_id": id_of(4), "similarity": 0.5}])
    store.forget(id_of(6), at(100))
    moved = store.rekey(id_of(7), canonical_url="https://www.example.cn/7", canonical_version=2)
    store.add_urls([url_state(number) for number in range(30)])
    store.settle_urls([url_state(1, state="stored", next_at=at(5))])
    store.put_run(RunRecord("run-1", "example", at(0), counts={"items": 1}))
    store.put_site_state("example", {"next": at(1)})
    for version in ("b", "a"):
        store.put_profile("example", version, {"lines": [version]})
    return moved


def contents(store: Store) -> list[object]:
    """Return all that a store holds, without the moments at which it was written there."""

    def plain(found: Article) -> Article:
        found.updated_at = None
        return found

    heads = [plain(found) for found in store.articles()]
    revisions = [[(row.number, plain(row.article)) for row in store.revisions(one.id)] for one in heads]
    gone = sorted(identity for identity, _ in store.forgotten_since(None))
    runs, states = store.runs(limit=None), list(store.url_states())
    site = store.site_state("example"), store.profile_versions("example"), store.get_profile("example")
    return [heads, revisions, gone, runs, states, site]


def test_a_copy_holds_the_same_both_ways(store: Store, other: Store, tmp_path: Path) -> None:
    moved = fill(store)
    counts = copy(store, other)
    assert counts == {"articles": 20, "urls": 30, "runs": 1, "sites": 1, "profiles": 2}
    assert contents(other) == contents(store)
    assert [one.id for one in other.find(id_of(7))] == [moved]
    assert other.put([article(6, seconds=500)]) == ["forgotten"]
    back = open_store(f"sqlite:///{tmp_path / 'back.db'}")
    copy(other, back)
    assert contents(back) == contents(store)
    back.close()


def test_into_either_kind(store: Store, other: Store) -> None:
    fill(other)
    copy(other, store)
    assert contents(store) == contents(other)


def test_copying_again_changes_nothing(store: Store, other: Store) -> None:
    fill(store)
    copy(store, other)
    before = [(found.id, found.updated_at) for found in other.changed_since(None)]
    seen: list[int] = []
    copy(store, other, progress=seen.append)
    assert [(found.id, found.updated_at) for found in other.changed_since(None)] == before
    assert seen == sorted(seen)
    assert seen[-1] == 54


def test_copying_goes_on_where_it_was_broken_off(store: Store, other: Store) -> None:
    fill(store)

    class BrokenOffError(Exception):
        pass

    def break_off(done: int) -> None:
        raise BrokenOffError(done)

    with pytest.raises(BrokenOffError):
        copy(store, other, progress=break_off)
    assert 0 < other.count() <= store.count()
    copy(store, other)
    assert contents(other) == contents(store)


def test_a_copy_merges_with_what_is_there(store: Store, other: Store) -> None:
    store.put([article(1, "一", 1), article(1, "三", 3), article(2)])
    other.put([article(1, "二", 2), article(1, "四", 4), article(3)])
    copy(store, other)
    assert [row.article.body[3] for row in other.revisions(id_of(1))] == list("一二三四")
    assert other.count() == 3
