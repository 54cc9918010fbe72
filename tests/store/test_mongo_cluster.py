"""What a replica set and a sharded cluster are asked for, as it goes over the wire."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl.cli import main
from newscrawl.items import UrlState
from newscrawl.store import StoreError, open_store
from newscrawl.store.mongo import MongoStore
from newscrawl.store.mongo_sharding import SHARD_KEYS, shard
from tests.store.mongo_wire import REPLICA_SET, SHARDED, STANDALONE, Server, wire_server

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 9, 23, tzinfo=UTC)
MAJORITY = {"w": "majority", "wtimeout": 60_000}


def use(uri: str) -> None:
    """Take a lease, write and read."""
    store = open_store(uri)
    assert store.acquire_lease("site", "me", seconds=60, now=NOW)
    assert store.hand_over_lease("site", "me", "you", seconds=60, now=NOW)
    store.release_lease("site", "you")
    store.put_site_state("site", {"a": 1})
    store.settle_urls([UrlState(url="https://a.example/1", fetch_url="", site="site", found_at=NOW)])
    store.site_state("site")
    store.close()


def concerns(server: Server, *names: str) -> list[Any]:
    return [command.get("writeConcern") for name in names for command in server.sent(name)]


@pytest.mark.parametrize("kind", [REPLICA_SET, SHARDED])
def test_most_members_have_what_counts(kind: dict[str, Any]) -> None:
    with wire_server(kind) as (server, uri):
        use(uri)
        found = concerns(server, "findAndModify", "update", "delete")
        assert found == [MAJORITY] * len(found)
        assert len(found) >= 5
        assert all("txnNumber" in command for command in server.sent("findAndModify")), "a lease is retried safely"
        assert {command["readConcern"]["level"] for command in server.sent("find")} == {"majority"}


def test_a_reader_too_reads_what_stays() -> None:
    with wire_server(REPLICA_SET) as (server, uri):
        store = open_store(uri)
        assert store.get("a" * 40) is None
        store.close()
        assert [command["readConcern"]["level"] for command in server.sent("find")] == ["majority"]
        assert not server.sent("createIndexes"), "reading makes no indexes"


def test_one_server_journals() -> None:
    with wire_server(STANDALONE) as (server, uri):
        use(uri)
        found = concerns(server, "findAndModify", "update", "delete")
        assert found == [{"w": 1, "j": True}] * len(found)
        assert not any("readConcern" in command for command in server.sent("find"))


def test_the_address_has_the_last_word() -> None:
    with wire_server(REPLICA_SET) as (server, uri):
        use(f"{uri}&w=2&readConcernLevel=local")
        found = concerns(server, "findAndModify", "update", "delete")
        assert {json.dumps(concern) for concern in found} == {'{"w": 2}'}
        assert {command["readConcern"]["level"] for command in server.sent("find")} == {"local"}


def test_collections_are_sharded_by_id() -> None:
    with wire_server(SHARDED) as (server, uri):
        store = open_store(uri)
        assert isinstance(store, MongoStore)
        commands = shard(store)
        store.close()
        done = {command["shardCollection"]: command["key"] for command in server.sent("shardCollection")}
        assert done == {f"corpus.{name}": key for name, key in SHARD_KEYS.items()}
        assert 'sh.shardCollection("corpus.articles", {"_id": "hashed"})' in commands


@pytest.mark.parametrize(("code", "message"), [(13, "clusterManager"), (23, "sharded by another key")])
def test_what_keeps_a_collection_from_being_sharded_is_told(code: int, message: str) -> None:
    with wire_server(SHARDED, shardCollection=code) as (_, uri):
        store = open_store(uri)
        assert isinstance(store, MongoStore)
        with pytest.raises(StoreError, match=message):
            shard(store)
        store.close()


def test_db_init_shard(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "init", "--shard", "--store", f"sqlite:///{tmp_path / 'x.db'}"]) == 2
    assert "--shard is for MongoDB" in capsys.readouterr().err
    assert main(["db", "status", "--shard"]) == 2
    capsys.readouterr()
    with wire_server(REPLICA_SET) as (server, uri):
        assert main(["db", "init", "--shard", "--store", uri]) == 0
        assert not server.sent("shardCollection")
    shown = capsys.readouterr()
    assert "no mongos" in shown.err
    assert shown.out.splitlines()[0] == 'sh.enableSharding("corpus")'
    with wire_server(SHARDED) as (server, uri):
        assert main(["db", "init", "--shard", "--json", "--store", uri]) == 0
        assert len(server.sent("shardCollection")) == len(SHARD_KEYS)
    assert json.loads(capsys.readouterr().out)["sharded"] is True
