"""Spreading the collections of a store over the shards of a MongoDB cluster.

Everything is written and read by `_id`, so `_id` is the shard key: each of these operations asks one shard, and ids
stay unique over all of them. `articles` and `urls` lie by the hash of it. `revisions` lie by its range: the versions of
one article are neighbours, and their ids begin with a SHA-1, which spreads by itself. All other collections are small,
or grow at one end only (`story_log`), and stay on the primary shard. Zones for shards of different size: deploy/README.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pymongo.errors import OperationFailure

from newscrawl.store.interface import StoreError
from newscrawl.store.uri import redact

if TYPE_CHECKING:
    from newscrawl.store.mongo_base import MongoBase

#: Shard keys by collection.
SHARD_KEYS: dict[str, dict[str, int | str]] = {
    "articles": {"_id": "hashed"},
    "revisions": {"_id": 1},
    "urls": {"_id": "hashed"},
}
_UNAUTHORIZED = 13
_OTHER_KEY = 23


def shard(store: MongoBase) -> list[str]:
    """Shard the collections of a cluster; safe to repeat. Raises StoreError.

    Returns what was done as commands for mongosh. Where the address is that of no `mongos`, nothing is done: these are
    the commands for one then (`store.is_sharded` tells).
    """
    store.init()
    name = store.database.name
    if store.is_sharded:
        with store.errors():
            for collection, key in SHARD_KEYS.items():
                _shard(store, collection, key)
    commands = [
        f"sh.shardCollection({json.dumps(f'{name}.{one}')}, {json.dumps(key)})" for one, key in SHARD_KEYS.items()
    ]
    return [f"sh.enableSharding({json.dumps(name)})", *commands]


def _shard(store: MongoBase, collection: str, key: dict[str, int | str]) -> None:
    store.database[collection].create_index(list(key.items()))  # a collection that holds something must have it before
    try:
        store.client.admin.command("shardCollection", f"{store.database.name}.{collection}", key=key)
    except OperationFailure as error:
        where = f"{redact(store.uri)}: {collection}"
        if error.code == _UNAUTHORIZED:
            raise StoreError(f"{where} may not be sharded by this user: give it the role clusterManager.") from None
        if error.code == _OTHER_KEY:
            wanted = json.dumps(key)
            raise StoreError(
                f"{where} is sharded by another key than {wanted}: db.{collection}.reshardCollection changes it."
            ) from None
        raise
