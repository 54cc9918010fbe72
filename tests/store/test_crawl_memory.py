"""URL states, leases, runs, states of sites and profiles; each test runs on both kinds of store."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest

from newscrawl.items import RunRecord
from newscrawl.store import StoreError
from tests.store.samples import at, url_of, url_state

if TYPE_CHECKING:
    from newscrawl.items import UrlStateName
    from newscrawl.store import Store


def due(store: Store, seconds: float, *states: UrlStateName, limit: int = 1000) -> list[int]:
    """Return the numbers of the URLs that are due at a moment."""
    found = store.due_urls("example", at(seconds), **({"states": states} if states else {}), limit=limit)
    return [int(state.url.rsplit("/", 1)[1][:-5]) for state in found]


def test_a_url_state_comes_back_field_by_field(store: Store) -> None:
    given = url_state(
        1,
        fetch_url="https://m.example.cn/1",
        kind="list",
        state="failed",
        reason="503",
        priority=7,
        tries=3,
        next_at=at(60.5),
        found_on=url_of(0),
        listed_date="2026-01-01",
        fetched_at=at(1),
        last_status=503,
        etag='W/"a"',
        last_modified="Thu, 01 Jan 2026 00:00:00 GMT",
        content_hash="h",
        article_id="a1",
    )
    assert store.add_urls([given]) == 1
    assert store.get_urls([given.url, "unknown"]) == {given.url: given}
    assert list(store.url_states()) == [given]


def test_known_urls_stay_as_they_are(store: Store) -> None:
    assert store.add_urls([url_state(1), url_state(2)]) == 2
    store.settle_urls([url_state(1, state="stored", article_id="a1")])
    assert store.add_urls([url_state(1), url_state(3), url_state(3)]) == 1
    assert store.get_urls([url_of(1)])[url_of(1)].state == "stored"
    assert store.url_counts("example") == store.url_counts("") == {"queued": 2, "stored": 1}
    assert store.url_counts("other") == {}
    assert store.add_urls([]) == 0


def test_what_is_due_comes_by_priority_and_age(store: Store) -> None:
    store.settle_urls(
        [
            url_state(1),
            url_state(2, priority=5),
            url_state(3, state="failed", next_at=at(100)),
            url_state(4, state="failed", next_at=at(10)),
            url_state(5, state="fetched"),
            url_state(6, state="stored", next_at=at(50)),
            url_state(7, state="stored"),
            url_state(8, state="gone"),
            url_state(9, state="refused", next_at=at(20)),
            url_state(10, site="other"),
        ]
    )
    assert due(store, 30) == [2, 1, 4, 5]
    assert due(store, 100) == [2, 1, 3, 4, 5]
    assert due(store, 100, limit=2) == [2, 1]
    assert due(store, 100, "stored") == [6]
    assert due(store, 49.999, "stored") == []
    assert due(store, 100, "queued", "refused") == [2, 1, 9]
    assert due(store, 100, limit=0) == []


def test_url_states_are_gone_through_in_order(store: Store) -> None:
    store.add_urls([url_state(number, site="a" if number % 2 else "b") for number in range(1100)])
    urls = [state.url for state in store.url_states()]
    assert urls == sorted(urls)
    assert len(urls) == 1100
    assert [state.url for state in store.url_states(after_url=urls[999])] == urls[1000:]
    assert [state.site for state in store.url_states("a")] == ["a"] * 550


def test_url_states_move_to_a_new_canonical_url(store: Store) -> None:
    store.settle_urls([url_state(1, tries=2), url_state(2), url_state(3, state="stored")])
    moves = [(url_of(1), "https://x.example.cn/1"), (url_of(2), url_of(3)), ("unknown", "other")]
    store.rekey_urls(moves)
    store.rekey_urls(moves)
    found = {state.url: (state.state, state.tries) for state in store.url_states()}
    assert found == {"https://x.example.cn/1": ("queued", 2), url_of(3): ("stored", 0)}


def test_one_owner_holds_a_lease_until_it_runs_out(store: Store) -> None:
    assert store.acquire_lease("site:a", "one", seconds=60, now=at(0))
    assert not store.acquire_lease("site:a", "two", seconds=60, now=at(59.9))
    assert store.acquire_lease("site:a", "one", seconds=60, now=at(30))
    assert store.acquire_lease("site:b", "two", seconds=60, now=at(30))
    assert store.leases(at(31)) == {"site:a": "one", "site:b": "two"}
    assert store.renew_lease("site:a", "one", seconds=60, now=at(60))
    assert not store.renew_lease("site:a", "two", seconds=60, now=at(60))
    assert store.leases(at(119)) == {"site:a": "one"}
    assert store.acquire_lease("site:a", "two", seconds=60, now=at(120))
    assert not store.renew_lease("site:a", "one", seconds=60, now=at(121))
    store.release_lease("site:a", "one")
    assert store.leases(at(121)) == {"site:a": "two"}
    assert not store.hand_over_lease("site:a", "one", "three", seconds=60, now=at(121))
    assert store.hand_over_lease("site:a", "two", "three", seconds=60, now=at(200)), "also when it has run out"
    assert store.leases(at(259)) == {"site:a": "three"}
    store.release_lease("site:a", "two")
    store.release_lease("site:a", "three")
    assert not store.hand_over_lease("site:a", "three", "four", seconds=60, now=at(200))
    assert store.leases(at(121)) == {}
    assert not store.renew_lease("site:a", "two", seconds=60, now=at(122))


def test_runs_come_back_latest_first(store: Store) -> None:
    runs = [
        RunRecord(
            f"run-{number}",
            "a" if number % 2 else "b",
            at(number),
            heartbeat=at(number + 0.5),
            counts={"response/200": number, "items.new": 1, "$odd": 2},
            coverage={"title": 0.99},
            errors=["错误"],
            reasons=["早停"],
            versions={"newscrawl": "0.1.0"},
        )
        for number in range(30)
    ]
    for run in runs:
        store.put_run(run)
    assert store.runs() == runs[:-21:-1]
    assert store.runs("a", limit=2) == [runs[29], runs[27]]
    assert store.runs(limit=None) == runs[::-1]
    assert store.runs("nowhere") == store.runs(limit=0) == []
    runs[3].finished, runs[3].verdict, runs[3].exit_code = at(99), "ok", 0
    store.put_run(runs[3])
    assert store.runs("a", limit=None)[-2] == runs[3]
    assert store.status().counts["runs"] == 30


def test_the_state_of_a_site_holds_json_values_and_times(store: Store) -> None:
    state = {
        "next": at(1),
        "a.b": {"$x": [1, 2.5, None, True, "字\x00"]},
        "large": 10**30,
        "": {"deep": {"when": at(2)}},
    }
    assert store.site_state("a") == {}
    store.put_site_state("a", {"old": 1})
    store.put_site_state("a", state)
    assert store.site_state("a") == state
    with pytest.raises(StoreError, match="JSON values"):
        store.put_site_state("a", {"x": object()})
    assert store.site_state("a") == state


def test_profiles_keep_their_versions(store: Store) -> None:
    for version in ("2", "10", "1"):
        store.put_profile("a", version, {"lines": [version]})
    store.put_profile("b", "7", {})
    store.put_profile("a", "10", {"lines": ["again"]})
    store.put_site_state("c", {"x": 1})
    assert store.profile_versions("a") == ["2", "10", "1"]
    assert store.get_profile("a") == {"lines": ["1"]}
    assert store.get_profile("a", "10") == {"lines": ["again"]}
    assert store.get_profile("a", "99") is None
    assert store.get_profile("nowhere") is None
    assert store.sites() == ["a", "b", "c"]


def test_times_are_kept_to_the_millisecond(store: Store) -> None:
    store.settle_urls([url_state(1, next_at=at(1.9999))])
    found = store.get_urls([url_of(1)])[url_of(1)]
    assert found.next_at == at(1.999)
    assert cast("timedelta", found.next_at.utcoffset() if found.next_at else None) == timedelta(0)
