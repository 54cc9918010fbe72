"""Articles that are forgotten or get another id; each test runs on both kinds of store."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from newscrawl.items import article_id
from tests.store.samples import ONE, START, article, at, full_article, head, id_of, timeline, url_of

if TYPE_CHECKING:
    from newscrawl.store import Store


def test_a_forgotten_article_stays_forgotten(store: Store) -> None:
    store.put([article(), article(version="二", seconds=5), full_article(), article(2)])
    assert store.forget(ONE, at(60)) is True
    assert store.forget(ONE, at(61)) is False
    assert store.forget("ab" * 20, at(61)) is False
    assert store.put([article(version="三", seconds=99), article(3), full_article()]) == [
        "forgotten",
        "new",
        "forgotten",
    ]
    store.mark_seen([ONE], at(100))
    store.set_status(ONE, "gone", at(100))
    assert (store.get(ONE), store.revisions(ONE), store.find(url_of(1)), store.find(ONE[:6])) == (None, [], [], [])
    assert store.find(full_article().url_aliases[0]) == []
    assert sorted(one.id for one in store.articles()) == sorted([id_of(2), id_of(3)])
    assert ONE not in [one.id for one in store.changed_since(None)]
    assert store.status().counts["revisions"] == 0
    gone = list(store.forgotten_since(None))
    assert [identity for identity, _ in gone] == [ONE, "ab" * 20]
    assert list(store.forgotten_since(gone[0][1])) == gone[1:]
    assert list(store.forgotten_since(gone[1][1])) == []
    assert gone[0][1] - START > timedelta(0)


def test_rekey_moves_an_article_with_all_that_hangs_on_it(store: Store) -> None:
    old, url = ONE, "https://www.example.cn/1"
    store.put([full_article(), article(version="二", seconds=50), article(2, duplicate_of=old, story_id=old)])
    before = store.revisions(old)
    new = store.rekey(old, canonical_url=url, canonical_version=2)
    assert new == article_id(url)
    assert store.get(old) is None
    found = head(store, new)
    assert (found.canonical_url, found.canonical_version, found.revision) == (url, 2, 2)
    assert url_of(1) in found.url_aliases
    assert [row.article.body for row in store.revisions(new)] == [row.article.body for row in before]
    assert {row.article.id for row in store.revisions(new)} == {new}
    for wanted in (old, old[:8], new, url, url_of(1), full_article().url):
        assert [one.id for one in store.find(wanted)] == [new], wanted
    assert (head(store, id_of(2)).duplicate_of, head(store, id_of(2)).story_id) == (new, new)
    assert [identity for identity, _ in store.forgotten_since(None)] == [old]
    assert store.rekey(old, canonical_url=url, canonical_version=2) == new
    assert store.put([article(version="三", seconds=99)]) == ["changed"]
    assert (head(store, new).body[3], head(store, new).canonical_url, store.count()) == ("三", url, 2)


def test_rekey_merges_two_articles_that_are_one(store: Store) -> None:
    store.put([article(1, "一", 1), article(1, "三", 3), article(2, "二", 2), article(2, "四", 4)])
    new = store.rekey(ONE, canonical_url=url_of(2), canonical_version=2)
    assert new == id_of(2)
    assert [row[1:3] for row in timeline(store, new)] == [("一", 1), ("二", 2), ("三", 3), ("四", 4)]
    assert (head(store, new).body[3], store.count()) == ("四", 1)


def test_rekey_back_and_forth_loses_nothing(store: Store) -> None:
    store.put([article(), article(version="二", seconds=5)])
    other = store.rekey(ONE, canonical_url="https://www.example.cn/1", canonical_version=2)
    assert store.rekey(other, canonical_url=url_of(1), canonical_version=3) == ONE
    assert [row[1] for row in timeline(store)] == ["一", "二"]
    assert [one.id for one in store.find(other)] == [ONE]
    assert store.rekey(ONE, canonical_url=url_of(1), canonical_version=4) == ONE
    assert head(store).canonical_version == 4


def test_forgetting_a_moved_article_by_its_old_id(store: Store) -> None:
    store.put([article()])
    new = store.rekey(ONE, canonical_url="https://www.example.cn/1", canonical_version=2)
    assert store.forget(ONE, at(9)) is True
    assert (store.get(new), store.put([article(seconds=99)])) == (None, ["forgotten"])
