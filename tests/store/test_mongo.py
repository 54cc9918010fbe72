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
    from collections.abc import Iterator

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


def test_what_was_written_before_a_crash_is_taken_up(mongo: MongoStore) -> None:
    """A writer died between the superseded version and the head: its next attempt ends as if nothing had been."""
    mongo.put([article()])
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
    mongo.put([article()])
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
