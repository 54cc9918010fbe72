"""URL states: what a run takes up, hands out and settles; on a real store."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl.crawl.frontier.frontier import DOUBTED, LIST, MOST_TRIES, RETRY_HOURS, TRIES_OF_MISSING, Frontier
from newscrawl.crawl.gate import StoreGate
from newscrawl.items import Article, UrlState, article_id
from newscrawl.store import open_store

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator, Sequence
    from pathlib import Path

    from newscrawl.store import Store

SITE = "portal"
NOW = datetime(2026, 9, 23, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    at(monkeypatch, NOW)
    opened = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    yield opened
    opened.close()


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setenv("NEWSCRAWL_NOW", moment.isoformat())


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(coroutine)


def frontier(store: Store) -> Frontier:
    """Begin a run."""
    return Frontier(store, StoreGate(0.0), SITE)


def url(number: int) -> str:
    return f"https://portal.example/a/{number}.html"


def state(number: int, **values: Any) -> UrlState:
    return UrlState(url=url(number), fetch_url=url(number), site=SITE, found_at=NOW, **values)


def listed(number: int) -> UrlState:
    return UrlState(f"https://portal.example/l_{number}", "", SITE, kind=LIST, priority=-number, found_at=NOW)


def article(number: int) -> Article:
    return Article(
        url=url(number),
        canonical_url=url(number),
        id=article_id(url(number)),
        site=SITE,
        title="标题",
        body="正文。",
        published=NOW - timedelta(hours=2),
        fetched_at=NOW,
        content_hash="h",
    )


def put_stored(store: Store, number: int) -> UrlState:
    """Store an article as a run does; returns its state."""
    first = frontier(store)
    run(first.discover([state(number)]))
    found = article(number)
    outcomes = store.put([found])
    store.settle_urls(first.stored_states([found], outcomes))
    return kept(store, number)


def kept(store: Store, number: int) -> UrlState:
    return store.get_urls([url(number)])[url(number)]


def urls(states: list[UrlState]) -> list[str]:
    return [found.url for found in states]


def test_what_was_found_is_handed_out_once_and_kept(store: Store) -> None:
    first = frontier(store)
    found = run(first.discover([state(1), state(2), state(1)]))
    assert urls(found.take) == [url(1), url(2)]
    assert found.news
    again = run(first.discover([state(1)]))
    assert not again.take
    assert again.news, "another page of this run brought it first: the walk goes on"
    assert kept(store, 1).state == "queued"
    assert first.counts["discovered"] == 2


def test_two_pages_that_offer_the_same_at_once(store: Store) -> None:
    first = frontier(store)

    async def both() -> list[UrlState]:
        one, two = await asyncio.gather(first.discover([state(1)]), first.discover([state(1), state(2)]))
        return [*one.take, *two.take]

    assert sorted(urls(run(both()))) == [url(1), url(2)]


def test_a_killed_run_is_taken_up(store: Store) -> None:
    run(frontier(store).discover([state(1), state(2)]))
    second = frontier(store)
    assert urls(run(second.leftover())) == [url(1), url(2)]
    assert second.counts["resumed"] == 2
    assert not run(second.leftover()), "once a run"
    assert not run(second.discover([state(1)])).take


def test_stored_articles_are_no_news_even_while_they_are_looked_at_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled = put_stored(store, 1)
    assert settled.state == "stored"
    assert settled.next_at is not None
    assert not run(frontier(store).discover([state(1)])).news
    at(monkeypatch, settled.next_at + timedelta(seconds=1))
    later = frontier(store)
    assert urls(run(later.leftover())) == [url(1)]
    assert later.counts["looked_again"] == 1
    assert not run(later.discover([state(1)])).news, "a list page of nothing but known articles ends the walk"


@pytest.mark.parametrize("limit", [1, 3, 10])
def test_what_a_run_passes_over_hides_nothing(store: Store, limit: int) -> None:
    run(frontier(store).discover([state(number) for number in range(25)]))
    later = frontier(store)
    seen: list[str] = []
    while more := run(later.leftover(limit)):  # nothing is settled: all stay due
        seen += urls(more)
    assert sorted(seen) == sorted(url(number) for number in range(25))


def test_first_pages_are_no_leftovers_and_later_ones_are(store: Store) -> None:
    first = frontier(store)
    assert [again for _, again in run(first.begin_lists([listed(1)]))] == [False]
    assert not run(first.begin_lists([listed(1)])), "once a run"
    run(first.put_list(listed(2)))
    second = frontier(store)
    assert urls(run(second.leftover())) == [listed(2).url]
    assert [again for _, again in run(second.begin_lists([listed(1)]))] == [True], "it never was read"
    run(second.list_read(listed(1).url))
    run(second.list_read(listed(2).url))
    third = frontier(store)
    assert not run(third.leftover())
    assert [again for _, again in run(third.begin_lists([listed(1)]))] == [False]


def test_the_next_list_page_is_put_down_before_its_articles(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    settle, add = store.settle_urls, store.add_urls

    def settle_urls(states: Sequence[UrlState]) -> None:
        order.append("list")
        settle(states)

    def add_urls(states: Sequence[UrlState]) -> int:
        order.append("articles")
        return add(states)

    monkeypatch.setattr(store, "settle_urls", settle_urls)
    monkeypatch.setattr(store, "add_urls", add_urls)
    run(frontier(store).discover([state(1)], next_list=listed(2)))
    assert order == ["list", "articles"]


def test_failures_are_tried_again_after_longer_pauses_then_rest(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run(frontier(store).discover([state(1)]))
    moment = NOW
    pauses = []
    for number in range(1, MOST_TRIES):
        later = frontier(store)
        assert urls(run(later.leftover())) == [url(1)]
        run(later.failed(url(1), "HTTP 500", 500))
        settled = kept(store, 1)
        assert (settled.state, settled.tries, settled.last_status) == ("failed", number, 500)
        assert settled.next_at is not None
        pauses.append((settled.next_at - moment).total_seconds() / 3600)
        assert not run(frontier(store).leftover()), "not before its time"
        assert not run(frontier(store).discover([state(1)])).take
        moment = settled.next_at + timedelta(seconds=1)
        at(monkeypatch, moment)
    assert pauses[: len(RETRY_HOURS)] == list(RETRY_HOURS)
    last = frontier(store)
    run(last.leftover())
    run(last.failed(url(1), "HTTP 500", 500))
    assert (kept(store, 1).state, kept(store, 1).next_at) == ("refused", None)


def test_a_page_that_is_not_there_yet_gets_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run(frontier(store).discover([state(1)]))
    for number in range(1, TRIES_OF_MISSING + 1):
        later = frontier(store)
        assert run(later.leftover())
        run(later.missing(url(1), "HTTP 404", 404))
        settled = kept(store, 1)
        assert settled.state == ("failed" if number < TRIES_OF_MISSING else "gone")
        at(monkeypatch, (settled.next_at or NOW) + timedelta(seconds=1))


@pytest.mark.parametrize(("second_look", "status"), [(timedelta(hours=6), "live"), (timedelta(hours=25), "gone")])
def test_an_article_is_gone_when_it_is_missing_on_a_later_day(
    store: Store, monkeypatch: pytest.MonkeyPatch, second_look: timedelta, status: str
) -> None:
    put_stored(store, 1)
    moment = NOW + timedelta(hours=2)
    for pause in (timedelta(0), second_look):
        moment += pause
        at(monkeypatch, moment)
        later = frontier(store)
        later._taken[url(1)] = kept(store, 1)
        run(later.missing(url(1), "HTTP 404", 404))
    stored = store.get(article_id(url(1)))
    assert stored is not None
    assert (stored.status, stored.body) == (status, "正文。")
    assert kept(store, 1).state == ("gone" if status == "gone" else "stored")


def test_an_article_that_came_back_is_not_doubted_any_more(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put_stored(store, 1)
    at(monkeypatch, NOW + timedelta(hours=2))
    later = frontier(store)
    assert run(later.leftover())
    run(later.missing(url(1), "HTTP 404", 404))
    assert kept(store, 1).reason.startswith(DOUBTED)
    later._taken[url(1)] = kept(store, 1)
    run(later.unchanged(url(1), NOW, NOW))
    assert (kept(store, 1).reason, kept(store, 1).tries, kept(store, 1).last_status) == ("", 0, 304)


@pytest.mark.parametrize(("unseen", "reason"), [(True, "Forbidden by robots.txt"), (False, DOUBTED)])
def test_a_forbidden_page_says_nothing_about_its_stored_article(store: Store, *, unseen: bool, reason: str) -> None:
    settled = put_stored(store, 1)
    later = frontier(store)
    later._taken[url(1)] = replace(settled, next_at=None)
    run(later.refuse_url(url(1), "Forbidden by robots.txt", 0, unseen=unseen))
    assert kept(store, 1).state == "stored"
    assert kept(store, 1).reason.startswith(reason)


def test_what_was_refused_stays_so(store: Store) -> None:
    first = frontier(store)
    run(first.discover([state(1)]))
    run(first.refuse_url(url(1), "list: no article"))
    second = frontier(store)
    assert not run(second.leftover())
    found = run(second.discover([state(1)]))
    assert (found.take, found.news) == ([], False)


def test_a_forgotten_article_is_not_stored_again(store: Store) -> None:
    first = frontier(store)
    run(first.discover([state(1)]))
    (settled,) = first.stored_states([article(1)], ["forgotten"])
    assert (settled.state, settled.reason, settled.article_id) == ("refused", "forgotten", "")


def test_nothing_is_settled_that_was_not_taken(store: Store) -> None:
    first = frontier(store)
    run(first.failed(url(1), "x"))
    run(first.missing(url(1), "x", 404))
    run(first.refuse_url(url(1), "x"))
    assert not store.get_urls([url(1)])
