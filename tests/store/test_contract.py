"""What every store must do; each test runs on SQLite and on a real MongoDB engine."""

from __future__ import annotations

import itertools
from dataclasses import fields
from typing import TYPE_CHECKING, Any, cast

import pytest

from newscrawl.items import TRANSIENT, Article, article_id
from newscrawl.store import ArticleFilter, Store, StoreError, open_store
from tests.store.samples import ONE, article, at, full_article, head, id_of, timeline, url_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newscrawl.items import ArticleStatus
    from newscrawl.store.interface import Grouping


def test_an_article_comes_back_field_by_field(store: Store) -> None:
    given = full_article()
    assert store.put([given]) == ["new"]
    found = head(store)
    expected = full_article()
    expected.fetched_at = expected.first_seen = expected.last_seen = at(1.987)
    expected.modified = at(7200.123)
    expected.updated_at = found.updated_at
    assert found.updated_at is not None
    for name in (slot.name for slot in fields(Article) if slot.name not in TRANSIENT):
        assert getattr(found, name) == getattr(expected, name), name
    assert found == store.get_many([ONE, "none"])[ONE] == next(store.articles()) == store.find(ONE[:4])[0]


def test_an_article_without_id_gets_that_of_its_canonical_url(store: Store) -> None:
    assert store.put([article(id="")]) == ["new"]
    assert head(store).id == article_id(url_of(1))


def test_an_article_without_id_and_url_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="cannot be stored"):
        store.put([Article(url="")])


def test_an_empty_store_answers(store: Store) -> None:
    assert store.get(ONE) is None
    assert store.find(url_of(1)) == store.find("abcd") == store.find("") == []
    assert list(store.articles()) == list(store.changed_since(None)) == []
    assert list(store.forgotten_since(None)) == []
    assert (store.count(), store.revisions(ONE), store.runs(), store.url_counts("")) == (0, [], [], {})
    assert store.status().counts == {"articles": 0, "revisions": 0, "forgotten": 0, "urls": 0, "runs": 0}


def test_lone_surrogates_become_replacement_characters(store: Store) -> None:
    store.put([article(body="正\ud800文", body_raw="\udfff", reporters=["赵\ud83d"], removed=[])])
    found = head(store)
    assert (found.body, found.body_raw, found.reporters) == ("正�文", "�", ["赵�"])
    assert store.put([article(body="正\ud800文", body_raw="\udfff", reporters=["赵\ud83d"], seconds=9)]) == [
        "unchanged"
    ]


def test_a_long_article_is_kept_whole(store: Store) -> None:
    body = "很长的正文。" * 360_000
    store.put([article(body=body, body_raw=body, title="长文"), article(2)])
    assert (head(store).body, head(store).body_raw, head(store).title) == (body, body, "长文")
    assert store.count() == 2
    assert store.put([article(body="短", seconds=5)]) == ["changed"]
    assert store.revisions(ONE)[0].article.body == body


def test_versions_give_one_head_and_all_revisions(store: Store) -> None:
    assert store.put([article(version="一")]) == ["new"]
    assert store.put([article(version="二", seconds=10)]) == ["changed"]
    assert store.put([article(version="三", seconds=5)]) == ["stale"]
    assert timeline(store) == [(1, "一", 0, 0), (2, "三", 5, 5), (3, "二", 10, 10)]
    assert (head(store).body[3], head(store).revision, head(store).status) == ("二", 3, "changed")
    assert (head(store).first_seen, head(store).last_seen) == (at(0), at(10))
    assert store.count() == 1


def test_the_same_again_changes_nothing(store: Store) -> None:
    versions = [article(version="一"), article(version="二", seconds=10)]
    store.put(versions)
    before, revisions = head(store), store.revisions(ONE)
    assert store.put(versions) == ["stale", "unchanged"]
    assert store.put(versions[:1]) == ["stale"]
    assert (head(store), store.revisions(ONE)) == (before, revisions)


def test_an_unchanged_version_only_moves_last_seen(store: Store) -> None:
    store.put([article()])
    before = head(store)
    technical: dict[str, Any] = {"run_id": "other", "modified": at(99), "images": [], "section": "要闻"}
    assert store.put([article(seconds=60, **technical)]) == ["unchanged"]
    after = head(store)
    assert after.last_seen == at(60)
    after.last_seen = before.last_seen
    assert after == before
    assert len(store.revisions(ONE)) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "改了的标题"),
        ("subtitle", "改了"),
        ("body", "改了的正文"),
        ("published", at(5)),
        ("published_day", "2025-12-31"),
        ("reporters", ["钱二", "赵一"]),
        ("editors", ["改了"]),
        ("source", "另一日报"),
        ("agency", "另一社"),
        ("dateline_place", "另一市"),
        ("attachments", ["https://news.example.cn/b.pdf"]),
    ],
)
def test_what_readers_see_makes_a_new_version(store: Store, field: str, value: Any) -> None:
    store.put([article()])
    assert store.put([article(seconds=1, **{field: value})]) == ["changed"]
    assert getattr(head(store), field) == value


def test_of_two_versions_of_one_moment_the_greater_content_hash_wins(store: Store) -> None:
    for versions in itertools.permutations([article(2, "甲", content_hash="a"), article(2, "乙", content_hash="b")]):
        for version in versions:
            store.put([version])
        assert head(store, id_of(2)).content_hash == "b"
    assert [version[1] for version in timeline(store, id_of(2))] == ["甲", "乙"]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1), (1, 3, 0, 2), (0, 2, 1, 3)])
def test_the_order_of_writing_does_not_matter(store: Store, order: Sequence[int]) -> None:
    versions = [article(version=text, seconds=moment) for text, moment in zip("甲乙甲丙", (1, 2, 3, 4), strict=True)]
    for index in order:
        store.put([versions[index]])
    assert timeline(store) == [(1, "甲", 1, 1), (2, "乙", 2, 2), (3, "甲", 3, 3), (4, "丙", 4, 4)]
    assert head(store).body[3] == "丙"


def test_an_earlier_sighting_of_the_same_version_moves_its_beginning(store: Store) -> None:
    store.put([article(seconds=5), article(seconds=9)])
    assert store.put([article(seconds=2, run_id="earlier")]) == ["unchanged"]
    assert timeline(store) == [(1, "一", 2, 9)]
    assert (head(store).fetched_at, head(store).run_id) == (at(2), "earlier")


def test_a_version_between_two_sightings_splits_them(store: Store) -> None:
    store.put([article(seconds=1), article(seconds=9)])
    assert store.put([article(version="二", seconds=5)]) == ["stale"]
    assert timeline(store) == [(1, "一", 1, 1), (2, "二", 5, 5), (3, "一", 9, 9)]
    assert store.put([article(version="三", seconds=20)]) == ["changed"]
    assert [row[1] for row in timeline(store)] == ["一", "二", "一", "三"]


def test_replace_puts_a_better_reading_in_place_of_the_old_one(store: Store) -> None:
    store.put([article(version="一"), article(version="二", seconds=5)])
    moment = head(store).updated_at
    assert store.put([article(version="三", seconds=5, content_hash="")], replace=True) == ["changed"]
    assert store.put([article(version="零", content_hash="")], replace=True) == ["stale"]
    assert timeline(store) == [(1, "零", 0, 0), (2, "三", 5, 5)]
    again = article(version="三", seconds=5, content_hash="", section="要闻")
    after = head(store).updated_at
    assert store.put([again], replace=True) == ["unchanged"]
    assert head(store).section == "要闻"
    assert moment is not None
    assert after is not None
    assert moment < after < cast("Any", head(store).updated_at)
    last = head(store)
    assert store.put([again], replace=True) == ["unchanged"]
    assert head(store) == last


def test_replace_also_renews_how_a_superseded_version_was_read(store: Store) -> None:
    store.put([article(version="一"), article(version="二", seconds=5)])
    assert store.put([article(version="一", section="要闻")]) == ["stale"]
    assert store.revisions(ONE)[0].article.section == "社会"
    assert store.put([article(version="一", section="要闻")], replace=True) == ["stale"]
    assert [row.article.section for row in store.revisions(ONE)] == ["要闻", "社会"]


def test_changed_since_yields_each_write_once(store: Store) -> None:
    store.put([article(number) for number in range(5)])
    seen = list(store.changed_since(None))
    assert [one.id for one in seen] == sorted(id_of(number) for number in range(5))
    mark = seen[-1].updated_at, seen[-1].id
    assert list(store.changed_since(*mark)) == []
    assert [one.id for one in store.changed_since(seen[1].updated_at, seen[1].id)] == [one.id for one in seen[2:]]
    store.put([article(3, seconds=9), article(4, "二", 9)])
    assert [one.id for one in store.changed_since(*mark)] == [id_of(4)]
    store.set_status(id_of(2), "gone", at(99))
    store.set_story([{"id": id_of(1), "story_id": "s"}])
    assert [one.id for one in store.changed_since(*mark)] == [id_of(4), id_of(2), id_of(1)]
    moments = [cast("Any", one.updated_at) for one in store.changed_since(None)]
    assert moments == sorted(moments)


def test_the_watermark_moves_on_when_the_clock_stands_still(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSCRAWL_NOW", "2026-03-01T00:00:00+00:00")
    for number in (3, 1, 2):
        store.put([article(number)])
    assert [one.id for one in store.changed_since(None)] == [id_of(3), id_of(1), id_of(2)]
    monkeypatch.setenv("NEWSCRAWL_NOW", "2026-02-01T00:00:00+00:00")
    last = [*store.changed_since(None)][-1]
    store.put([article(4)])
    assert [one.id for one in store.changed_since(last.updated_at, last.id)] == [id_of(4)]


def test_writers_may_go_on_while_changes_are_read(store: Store) -> None:
    store.put([article(number) for number in range(3)])
    reading = store.changed_since(None)
    first = next(reading)
    store.put([article(number) for number in range(3, 6)])
    rest = list(reading)
    last = rest[-1]
    found = [first, *rest, *store.changed_since(last.updated_at, last.id)]
    assert sorted(one.id for one in found) == sorted(id_of(number) for number in range(6))


@pytest.mark.parametrize(
    ("where", "numbers"),
    [
        ({}, [1, 2, 30, 31, 3]),
        ({"site": "example"}, [1, 2, 30, 31]),
        ({"site": "other"}, [3]),
        ({"section": "社会", "site": "example"}, [1, 2, 30, 31]),
        ({"reporter": "孙三"}, [2]),
        ({"source": "示例日报", "since": "2026-01-02"}, [30, 31]),
        ({"until": "2026-01-01"}, [1, 2]),
        ({"since": "2026-01-01", "until": "2026-01-02"}, [1, 2, 30, 31]),
        ({"status": "gone"}, [30]),
        ({"story_id": "story"}, [1, 31]),
        ({"site": "nowhere"}, []),
    ],
)
def test_filters_choose_articles(store: Store, where: dict[str, Any], numbers: list[int]) -> None:
    store.put([article(number) for number in (1, 30, 31)])
    store.put([article(2, reporters=["孙三"]), article(3, site="other", published=None, published_day="")])
    store.set_status(id_of(30), "gone", at(99))
    store.set_story([{"id": id_of(1), "story_id": "story"}, {"id": id_of(31), "story_id": "story"}])
    wanted = ArticleFilter(**where)
    undated_first = sorted(numbers, key=lambda number: (number != 3, number))
    assert [one.id for one in store.articles(wanted)] == [id_of(number) for number in undated_first]
    newest = [one.id for one in store.articles(wanted, newest_first=True)]
    assert newest == [id_of(number) for number in reversed(undated_first)]
    assert [one.id for one in store.articles(wanted, newest_first=True, limit=2, offset=1)] == newest[1:3]
    assert list(store.articles(wanted, limit=0)) == []
    assert store.count(wanted) == len(numbers)


def test_all_articles_come_in_order_across_pages(store: Store) -> None:
    numbers = [number * 7919 % 1200 for number in range(1200)]
    store.put([article(number, published=at(number // 3), published_day="2026-01-01") for number in numbers])
    found = [(cast("Any", one.published), one.id) for one in store.articles()]
    assert found == sorted(found)
    assert len(found) == 1200
    assert [one.id for one in store.articles(newest_first=True, limit=700)] == [
        row[1] for row in reversed(found[-700:])
    ]
    assert len(list(store.changed_since(None))) == 1200


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("site", [("example", 3), ("other", 1)]),
        ("reporter", [("赵一", 3), ("钱二", 3), ("", 1)]),
        ("published_day", [("2026-01-01", 3), ("2026-01-03", 1)]),
        ("status", [("live", 4)]),
    ],
)
def test_articles_are_counted_by_a_field(store: Store, by: Grouping, expected: list[tuple[str, int]]) -> None:
    store.put([article(1), article(2), article(3, site="other", reporters=[]), article(50)])
    assert store.count_by(by) == expected
    assert store.count_by(by, limit=1) == expected[:1]


def test_counting_by_anything_else_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="can be counted by"):
        store.count_by(cast("Grouping", "body; DROP TABLE articles"))


def test_find_takes_ids_beginnings_of_ids_and_addresses(store: Store) -> None:
    store.put([full_article(), article(2)])
    for wanted in (ONE, ONE[:4], ONE[:9].upper(), url_of(1), *full_article().url_aliases, full_article().url):
        assert [one.id for one in store.find(f" {wanted} ")] == [ONE], wanted
    assert store.find("https://elsewhere.example.cn/") == store.find(ONE[:3]) == store.find("ab%") == []


def test_an_article_learns_new_addresses(store: Store) -> None:
    store.put([article()])
    store.put([article(url="https://m.example.cn/1", url_aliases=["https://wap.example.cn/1"], seconds=5)])
    assert head(store).url_aliases == ["https://wap.example.cn/1"]
    for wanted in ("https://m.example.cn/1", "https://wap.example.cn/1"):
        assert [one.id for one in store.find(wanted)] == [ONE]
    store.put([article(url=f"https://m.example.cn/1?session={number}", seconds=number) for number in range(500)])
    assert len(store.find(url_of(1))) == 1


@pytest.mark.parametrize("value", [{"$gt": ""}, None, 7, b"ab", ["x"]])
def test_parameters_that_are_no_text_are_refused(store: Store, value: Any) -> None:
    other: Any = value or 7
    calls: list[Callable[[], object]] = [
        lambda: store.get(value),
        lambda: store.find(value),
        lambda: store.count(ArticleFilter(site=other)),
        lambda: store.count(ArticleFilter(since=other)),
        lambda: store.with_content_hash(value),
        lambda: store.revisions(value),
        lambda: store.forget(value, at(0)),
        lambda: store.set_story([{"id": value, "story_id": "s"}]),
        lambda: store.site_state(value),
        lambda: store.url_counts(other),
        lambda: store.acquire_lease(value, "me", seconds=1, now=at(0)),
        lambda: store.due_urls(value, at(0)),
    ]
    store.put([article()])
    for call in calls:
        with pytest.raises(StoreError, match="must be"):
            call()
    assert store.count() == 1


def test_seen_again_moves_last_seen_only(store: Store) -> None:
    store.put([article(), article(2)])
    before = head(store)
    store.mark_seen([ONE, "unknown"], at(50))
    store.mark_seen([ONE], at(20))
    assert head(store).last_seen == at(50)
    assert (head(store).updated_at, head(store).fetched_at) == (before.updated_at, before.fetched_at)
    assert head(store, id_of(2)).last_seen == at(0)


@pytest.mark.parametrize("status", ["gone", "changed"])
def test_a_status_holds_until_the_article_is_seen_again(store: Store, status: ArticleStatus) -> None:
    store.put([article(seconds=5)])
    store.set_status(ONE, status, at(10))
    assert (head(store).status, head(store).body) == (status, article().body)
    store.put([article(seconds=4)])
    assert head(store).status == status
    store.mark_seen([ONE], at(11))
    assert head(store).status == "live"
    store.set_status(ONE, "gone", at(3))
    assert head(store).status == "live"


def test_story_fields_are_set_one_by_one_and_stay(store: Store) -> None:
    store.put([article()])
    store.set_story([{"id": ONE, "story_id": "s", "similarity": 0.5}, {"id": "unknown", "story_id": "t"}])
    store.set_story([{"id": ONE, "duplicate_of": "d", "duplicate_kind": "near"}])
    store.put([article(version="二", seconds=9)])
    found = head(store)
    expected = ("s", "d", "near", 0.5)
    assert (found.story_id, found.duplicate_of, found.duplicate_kind, found.similarity) == expected
    store.put([article(version="三", seconds=10, story_id="new")])
    assert (head(store).story_id, head(store).duplicate_of) == ("new", "")
    with pytest.raises(StoreError, match="No story fields"):
        store.set_story([{"id": ONE, "title": "x"}])


def test_content_hashes_are_found(store: Store) -> None:
    store.put([article(1, content_hash="h"), article(2, content_hash="h"), article(3)])
    assert store.with_content_hash("h") == sorted([ONE, id_of(2)])
    store.put([article(1, "二", 9)])
    assert store.with_content_hash("h") == [id_of(2)]


def test_a_store_can_be_opened_again(store: Store, store_uri: str) -> None:
    store.put([article()])
    store.close()
    again = open_store(store_uri)
    again.init()
    again.init()
    assert again.count() == 1
    assert again.status().backend in {"sqlite", "mongodb"}
    assert (again.status().bytes or 0) > 0
    again.close()
