"""What only concerns MongoDB: write concern, indexes, the clock of writes, large documents."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl.items import RunRecord
from newscrawl.store import ArticleFilter, StoreUnavailableError
from newscrawl.store.mongo import MongoStore
from tests.store.samples import ONE, article, at, id_of, url_of, url_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.mongo


@pytest.fixture
def mongo(mongo_uri: str) -> Iterator[MongoStore]:
    opened = MongoStore(mongo_uri, "newscrawl")
    yield opened
    opened.close()


def test_a_standalone_server_writes_to_its_journal(mongo: MongoStore) -> None:
    mongo.init()
    assert mongo.collection("articles").write_concern.document == {"w": 1, "j": True}


def test_a_write_concern_of_the_address_is_kept(mongo_uri: str) -> None:
    store = MongoStore(f"{mongo_uri}?w=1&journal=false", "newscrawl")
    store.init()
    assert store.collection("articles").write_concern.document == {"w": 1, "j": False}
    store.close()


@pytest.mark.parametrize(
    ("collection", "where", "order"),
    [
        ("articles", {"forgotten": None}, [("published_day", -1), ("published", -1), ("_id", -1)]),
        ("articles", {"site": "a", "forgotten": None}, [("published_day", 1), ("published", 1), ("_id", 1)]),
        ("articles", {"updated_at": {"$lte": at(0)}, "forgotten": None}, [("updated_at", 1), ("_id", 1)]),
        ("articles", {"content_hash": "h", "forgotten": None}, None),
        ("articles", {"head.addresses": "u"}, None),
        ("articles", {"reporters": "赵一"}, None),
        ("articles", {"_id": {"$gte": "ab", "$lt": "abg"}}, None),
        ("revisions", {"_id": {"$gte": "ab:", "$lt": "ab;"}}, None),
        (
            "urls",
            {"site": "a", "state": "queued", "$or": [{"next_at": None}, {"next_at": {"$lte": at(0)}}]},
            [("priority", -1), ("found_at", 1), ("_id", 1)],
        ),
        ("urls", {"site": "a", "state": "stored", "next_at": {"$lte": at(0)}}, None),
        ("runs", {"site": "a"}, [("started", -1), ("_id", -1)]),
    ],
)
def test_queries_use_indexes(mongo: MongoStore, collection: str, where: dict[str, Any], order: Any) -> None:
    mongo.put([article(number, version, second) for number in range(3) for second, version in enumerate("一二")])
    mongo.put_run(RunRecord("run-1", "a", at(0)))
    mongo.add_urls([url_state(number) for number in range(3)])
    cursor = mongo.collection(collection).find(where)
    plan = str((cursor.sort(order) if order else cursor).explain()["queryPlanner"]["winningPlan"])
    assert "IXSCAN" in plan or "IDHACK" in plan or "EXPRESS" in plan or "CLUSTERED" in plan, plan
    assert "'stage': 'SORT'" not in plan


def test_readers_stop_before_a_writer_at_work(mongo: MongoStore) -> None:
    mongo.put([article(1)])
    with mongo.ticket():
        mongo.put([article(2)])
        assert [one.id for one in mongo.changed_since(None)] == [id_of(1)]
        mongo.forget(id_of(1), at(0))
        assert list(mongo.forgotten_since(None)) == []
    assert [one.id for one in mongo.changed_since(None)] == [id_of(2)]
    assert [identity for identity, _ in mongo.forgotten_since(None)] == [id_of(1)]


@pytest.mark.parametrize(
    ("writer", "waits"),
    [
        ({}, True),
        ({"host": "elsewhere"}, True),
        ({"pid": 2**22 + 1}, False),
        ({"host": "elsewhere", "until": at(0)}, False),
    ],
)
def test_only_writers_that_may_live_hold_readers_back(mongo: MongoStore, writer: dict[str, Any], waits: bool) -> None:
    mongo.put([article(1)])
    meta = mongo.database["meta"]
    with mongo.ticket():
        (dead,) = meta.find_one({"_id": "clock"})["writers"]  # type: ignore[index]
    assert dead["pid"] == os.getpid()
    meta.update_one({"_id": "clock"}, {"$push": {"writers": {**dead, **writer}}})
    mongo.put([article(2)])
    assert len(list(mongo.changed_since(None))) == (1 if waits else 2)


def test_threads_share_a_store(mongo: MongoStore) -> None:
    batches = [
        [article(number, version, seconds) for number in range(20)] for seconds, version in enumerate("一二三四")
    ]
    threads = [threading.Thread(target=mongo.put, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [len(mongo.revisions(id_of(number))) for number in range(20)] == [4] * 20
    assert {one.body[3] for one in mongo.articles()} == {"四"}


def test_bulk_writing_keeps_the_order_of_outcomes(mongo: MongoStore) -> None:
    mongo.put([article(number) for number in range(0, 600, 2)])
    given = [article(number, "二" if number % 3 else "一", seconds=9) for number in range(600)]
    expected = ["new" if number % 2 else "changed" if number % 3 else "unchanged" for number in range(600)]
    assert mongo.put(given) == expected


def put_known(mongo: MongoStore) -> None:
    """Store an article, twice: after what it knew already, a store looks at what is there before it writes."""
    assert [mongo.put([article()]) for _ in range(2)] == [["new"], ["unchanged"]]


def between_look_and_write(
    mongo: MongoStore, step: Callable[[], object], then: Callable[[], object] = lambda: None
) -> list[str]:
    """Let something happen just before the next change is written, and after it; collects the ids that came late."""
    write = mongo._write
    late: list[str] = []

    def write_between(*arguments: Any) -> list[str]:
        mongo._write = write  # type: ignore[method-assign]
        step()
        late.extend(write(*arguments))
        then()
        return late

    mongo._write = write_between  # type: ignore[method-assign,assignment]
    return late


def versions_of(mongo: MongoStore, identity: str) -> str:
    """Return the versions of an article, a character each, in the order of fetching."""
    return "".join(row.article.body[3] for row in mongo.revisions(identity))


@pytest.mark.parametrize("looks", [True, False])
def test_another_writer_brings_some_of_many_new_articles_first(mongo: MongoStore, mongo_uri: str, looks: bool) -> None:
    """After what was new a store takes the next for new, too; after what it knew it looks first."""
    mongo.put([article(1000)])
    if looks:
        mongo.put([article(1000)])
    other = MongoStore(mongo_uri, "newscrawl")
    others = [article(number, "二", seconds=5) for number in range(0, 300, 7)]
    late = between_look_and_write(mongo, lambda: other.put([*others, article(6)]))
    found = mongo.put([article(number) for number in range(300)])
    other.close()
    assert sorted(late) == sorted([*(one.id for one in others), id_of(6)])
    assert found == ["unchanged" if n == 6 else "new" if n % 7 else "stale" for n in range(300)]
    for number in range(300):
        assert versions_of(mongo, id_of(number)) == ("一" if number % 7 else "一二")
    assert mongo.count() == 301
    assert mongo.database["revisions"].count_documents({}) == len(others)
    assert len(list(mongo.changed_since(None))) == 301


def test_what_was_forgotten_or_moved_is_not_taken_for_new(mongo: MongoStore) -> None:
    mongo.put([article(number) for number in range(4)])
    mongo.forget(id_of(1), at(1))
    moved = mongo.rekey(id_of(2), canonical_url=url_of(9), canonical_version=2)
    assert mongo.put([article(8)]) == ["new"]
    given = [article(number, "二", seconds=5) for number in range(3)]
    assert mongo.put(given) == ["changed", "forgotten", "changed"]
    assert versions_of(mongo, moved) == "一二"
    assert mongo.get(id_of(1)) is None
    assert mongo.database["revisions"].count_documents({}) == 2


def test_a_writer_that_came_too_late_drops_no_version(mongo: MongoStore, mongo_uri: str) -> None:
    mongo.put([article(version=version, seconds=seconds) for seconds, version in enumerate("一二")])
    mongo.put([article(version="一")])
    other = MongoStore(mongo_uri, "newscrawl")
    seen: list[str] = []
    late = between_look_and_write(
        mongo,
        lambda: other.put([article(version="三", seconds=9)]),
        lambda: seen.append(versions_of(other, ONE)),
    )
    mongo.put([article(version="二")], replace=True)
    other.close()
    assert (late, seen, versions_of(mongo, ONE)) == ([ONE], ["一二三"], "二三")


def test_no_write_comes_after_the_end_of_its_batch(mongo: MongoStore) -> None:
    """Readers of changes count on it: one part fails at once, the others are written before the ticket is back."""
    send = mongo._send
    first = threading.Lock()
    done: list[bool] = []

    def fail_once(batch: Any) -> list[str]:
        if first.acquire(blocking=False):
            raise StoreUnavailableError("no")
        lost = send(batch)
        (clock,) = mongo.database["meta"].find({"_id": "clock"})
        done.append(bool(clock["writers"]))
        return lost

    mongo._send = fail_once  # type: ignore[method-assign]
    with pytest.raises(StoreUnavailableError):
        mongo.put([article(number) for number in range(500)])
    assert done == [True] * 3
    assert mongo.count() == 375


def test_what_was_written_before_a_crash_is_taken_up(mongo: MongoStore) -> None:
    """A writer died between the superseded version and the head: its next attempt ends as if nothing had been."""
    put_known(mongo)
    send = mongo._send

    def die(batch: Any) -> list[str]:
        batch.heads.clear()
        batch.ids.clear()
        send(batch)
        raise StoreUnavailableError("killed")

    mongo._send = die  # type: ignore[method-assign]
    with pytest.raises(StoreUnavailableError):
        mongo.put([article(version="二", seconds=5)])
    assert [row.number for row in mongo.revisions(ONE)] == [1]
    mongo._send = send  # type: ignore[method-assign]
    assert mongo.put([article(version="二", seconds=5)]) == ["changed"]
    assert [row.article.body[3] for row in mongo.revisions(ONE)] == ["一", "二"]


def test_an_article_forgotten_while_it_changes_leaves_no_revision(mongo: MongoStore) -> None:
    put_known(mongo)
    send = mongo._send

    def forget_first(batch: Any) -> list[str]:
        mongo._send = send  # type: ignore[method-assign]
        mongo.forget(ONE, at(1))
        return send(batch)

    mongo._send = forget_first  # type: ignore[method-assign]
    assert mongo.put([article(version="二", seconds=5)]) == ["forgotten"]
    assert mongo.database["revisions"].count_documents({}) == 0
    assert mongo.get(ONE) is None


def test_fields_can_be_queried_by_name(mongo: MongoStore) -> None:
    mongo.put([article()])
    (document,) = mongo.database["articles"].find(
        {"title": "第1条新闻", "reporters": "钱二", "canonical_url": url_of(1)}
    )
    assert (document["_id"], document["published"], document["revision"]) == (ONE, at(3600), 1)
    assert mongo.count(ArticleFilter(reporter="钱二")) == 1
