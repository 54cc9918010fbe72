"""The story log of deduplication in the MongoDB database of a store: one document a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bson.binary import Binary
from pymongo.errors import DuplicateKeyError

if TYPE_CHECKING:
    from newscrawl.store.mongo_base import MongoBase

_PAGE = 500


class MongoStoryLog:
    """A `newscrawl.dedup.log.StoryLog`. The unique _id is the number: of two writers, the server lets one through.

    No transactions are needed: a batch is one document, and nobody writes a number before the one below it is there.
    """

    def __init__(self, store: MongoBase) -> None:
        """Read nothing yet."""
        self._store = store

    def append(self, number: int, batch: bytes) -> bool:
        """Store a batch under the next number; return False where it is not the next. Raises StoreError."""
        with self._store.errors():
            collection = self._store.collection("story_log", write=True)
            if number > 1 and collection.find_one({"_id": number - 1}, {"_id": 1}) is None:
                return False  # the log was made anew meanwhile
            try:
                collection.insert_one({"_id": number, "batch": Binary(batch)})
            except DuplicateKeyError:
                return False
        return True

    def read(self, after: int) -> list[tuple[int, bytes]]:
        """Return the next batches after a number, in order. Raises StoreError."""
        with self._store.errors():
            found = self._store.collection("story_log").find({"_id": {"$gt": after}}).sort("_id", 1).limit(_PAGE)
            return [(document["_id"], bytes(document["batch"])) for document in found]

    def clear(self) -> None:
        """Forget everything. Raises StoreError."""
        with self._store.errors():
            self._store.collection("story_log", write=True).delete_many({})
