"""Links of stories reach the store, whether their articles are there yet or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.crawl.ingest.admission import StoryDesk
from newscrawl.dedup import Deduplicator
from newscrawl.items import Article, article_id

if TYPE_CHECKING:
    from newscrawl.store import Store

TEXT = "\n".join(
    f"青杨市第{number}小学在河边的新校区迎来了{number * 7}名学生，家长们说，从家里走过来只要{number}分钟。"
    for number in range(20)
)


def article(number: int, *, source: str = "", body: str = TEXT) -> Article:
    url = f"https://portal.example/a/{number}.html"
    return Article(
        url, canonical_url=url, id=article_id(url), site="portal", title="新校区开学", body=body, source=source
    )


def links(store: Store, *articles: Article) -> list[tuple[str, str]]:
    found = [store.get(each.id) for each in articles]
    return [(stored.story_id, stored.duplicate_of) for stored in found if stored is not None]


def test_links_follow_articles_that_were_under_way(store: Store) -> None:
    desk = StoryDesk(store, Deduplicator())
    copy, original = article(1, source="外地日报"), article(2)
    desk.admit([copy])
    desk.admit([original])  # the first one may become a copy of the second, before either is stored
    for each in (original, copy):
        desk.before_put([each])
        store.put([each])
        desk.after_put([each])
    expected = desk.deduplicator.story(copy.id) if desk.deduplicator else []
    assert len(expected) == 2
    (story, first), (same, second) = links(store, copy, original)
    assert story == same
    assert [bool(first), bool(second)].count(True) == 1
    assert {first, second} <= {"", copy.id, original.id}


def test_a_dropped_article_holds_nothing_back(store: Store) -> None:
    desk = StoryDesk(store, Deduplicator())
    stored, dropped = article(1), article(2)
    desk.admit([stored, dropped])
    desk.drop(dropped)
    desk.before_put([stored])
    store.put([stored])
    desk.after_put([stored])
    assert not desk._waiting
    assert not desk._in_flight


def test_without_a_deduplicator_articles_pass(store: Store) -> None:
    desk = StoryDesk(store, None)
    alone = article(1)
    desk.admit([alone])
    desk.before_put([alone])
    desk.after_put([alone])
    desk.close()
    assert alone.story_id == ""
