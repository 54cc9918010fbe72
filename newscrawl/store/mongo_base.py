"""The MongoDB connection: database, write concern, indexes, the write clock, and errors in one clear line."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from bson.codec_options import CodecOptions
from bson.errors import BSONError
from pymongo import IndexModel, MongoClient, ReturnDocument
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConfigurationError,
    ConnectionFailure,
    ExecutionTimeout,
    InvalidName,
    InvalidURI,
    OperationFailure,
    PyMongoError,
    WTimeoutError,
)
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from newscrawl import clock
from newscrawl.items import SCHEMA_VERSION
from newscrawl.store.interface import StoreAddressError, StoreError, StoreUnavailableError
from newscrawl.store.records import milliseconds
from newscrawl.store.uri import redact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from pymongo.collection import Collection
    from pymongo.database import Database

    Document = dict[str, Any]

#: A writer that has not reported back after this many seconds is taken for dead by readers of `changed_since`.
WRITER_SECONDS = 60
_HOST = socket.gethostname()
#: How many documents go into one command or come back in one page.
CHUNK = 500
#: How many commands of one bulk write are under way at a time.
CONNECTIONS = 4
_TIMEOUTS = {"serverSelectionTimeoutMS": 5000, "connectTimeoutMS": 5000, "socketTimeoutMS": 120_000}
_AUTHENTICATION_FAILED, _UNAUTHORIZED, _OUT_OF_DISK = 18, 13, 14031
#: Server errors that pass: shutdown, no primary, interrupted, time limits, a full disk.
_PASSING = frozenset({6, 7, 50, 64, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436, _OUT_OF_DISK})

#: Indexes by collection: keys and options.
_INDEXES: dict[str, list[tuple[list[tuple[str, int]], Document]]] = {
    "articles": [
        ([("published_day", 1), ("published", 1), ("_id", 1)], {}),
        ([("site", 1), ("published_day", 1), ("published", 1), ("_id", 1)], {}),
        ([("reporters", 1), ("published_day", 1)], {}),
        ([("updated_at", 1), ("_id", 1)], {}),
        ([("content_hash", 1)], {}),
        ([("story_id", 1)], {"partialFilterExpression": {"story_id": {"$gt": ""}}}),
        ([("duplicate_of", 1)], {"partialFilterExpression": {"duplicate_of": {"$gt": ""}}}),
        ([("head.addresses", 1)], {"sparse": True}),
        ([("forgotten_at", 1), ("_id", 1)], {"partialFilterExpression": {"forgotten_at": {"$exists": True}}}),
    ],
    "urls": [
        ([("site", 1), ("state", 1), ("priority", -1), ("found_at", 1), ("_id", 1)], {}),
        ([("site", 1), ("state", 1), ("next_at", 1)], {}),
        ([("article_id", 1)], {"partialFilterExpression": {"article_id": {"$gt": ""}}}),
    ],
    "runs": [([("site", 1), ("started", -1), ("_id", -1)], {}), ([("started", -1), ("_id", -1)], {})],
    "profiles": [([("site", 1), ("number", 1)], {})],
}


class Ticket(NamedTuple):
    """The moment of one batch of writes, and the token under which its writer is known to be at work."""

    moment: datetime
    token: str


class MongoBase:
    """One database of a MongoDB server, replica set or sharded cluster. It is connected to on first use."""

    def __init__(self, uri: str, default_database: str) -> None:
        self.uri = uri
        self._shown = redact(uri)
        self._lock = threading.Lock()
        self.threads = ThreadPoolExecutor(CONNECTIONS, "mongo")
        self._ready = False
        self._known = False
        self._clustered = False
        self.is_sharded = False
        self._left: set[str] = set()
        try:
            given = {name for name in _TIMEOUTS if name.lower() in uri.lower()}
            options: dict[str, Any] = {name: value for name, value in _TIMEOUTS.items() if name not in given}
            self.client: MongoClient[Document] = MongoClient(
                uri, connect=False, tz_aware=True, appname="newscrawl", **options
            )
            self.database: Database[Document] = self.client.get_default_database(default_database)
        except (InvalidURI, InvalidName, ConfigurationError, ValueError, TypeError) as error:
            reason = str(error).splitlines()[0].rstrip(".")
            raise StoreAddressError(
                f"{self._shown!r} is no MongoDB address: {reason}. Write mongodb://HOST:27017/DATABASE."
            ) from None
        except PyMongoError as error:
            raise self._explain(error) from error

    def init(self) -> None:
        """Make the indexes and note the schema version. Raises StoreError where the rights do not allow it."""
        with self.errors():
            self._prepare()

    def close(self) -> None:
        """Close the connections."""
        self.threads.shutdown()
        self.client.close()

    def collection(self, name: str, *, write: bool = False) -> Collection[Document]:
        """Return a collection; before the first write its indexes are made."""
        if write and not self._ready:
            self._prepare()
        elif not self._known:
            self._look()
        return self.database[name]

    def _look(self) -> None:
        """Find out what kind of deployment this is, and read and write as it needs it, where the address says nothing.

        In a replica set or a sharded cluster most members have what was written before it counts, a lease above all: a
        new primary knows it too. What is read is of that kind, so that nothing that was read is rolled back later.
        """
        with self._lock:
            if self._known:
                return
            hello = self.client.admin.command("hello")
            self.is_sharded = hello.get("msg") == "isdbgrid"
            self._clustered = self.is_sharded or "setName" in hello
            if not self.client.write_concern.document:
                concern = WriteConcern("majority", wtimeout=60_000) if self._clustered else WriteConcern(1, j=True)
                self.database = self.database.with_options(write_concern=concern)
            if self._clustered and self.client.read_concern.level is None:
                self.database = self.database.with_options(read_concern=ReadConcern("majority"))
            self._known = True

    def _prepare(self) -> None:
        self._look()
        with self._lock:
            if self._ready:
                return
            known = self.database["meta"].find_one({"_id": "schema"})
            if known is not None and known["version"] > SCHEMA_VERSION:
                raise StoreError(
                    f"{self._shown} was written by a newer newscrawl"
                    f" (schema {known['version']}, here {SCHEMA_VERSION}): update it."
                )
            for name, indexes in _INDEXES.items():
                self.database[name].create_indexes([IndexModel(keys, **options) for keys, options in indexes])
            schema = {"$max": {"version": SCHEMA_VERSION}}
            self.database["meta"].update_one({"_id": "schema"}, schema, upsert=True)
            self._ready = True

    @contextlib.contextmanager
    def ticket(self) -> Iterator[Ticket]:
        """Draw the moment of a batch of writes, later than all drawn before, and be known as a writer meanwhile.

        Readers of `changed_since` stop before the moment of the earliest writer at work, so that nothing is ever
        written behind them.
        """
        token = uuid4().hex
        now = milliseconds(clock.now())
        later = {"$add": ["$last", 1]}
        until = {"$add": ["$$NOW", WRITER_SECONDS * 1000]}
        mine = [{"token": token, "at": "$last", "until": until, "host": _HOST, "pid": os.getpid()}]
        left = sorted(self._left)
        at_work = {"$and": [{"$gt": ["$$this.until", "$$NOW"]}, {"$not": {"$in": ["$$this.token", left]}}]}
        alive = {"$filter": {"input": {"$ifNull": ["$writers", []]}, "cond": at_work}}
        meta = self.collection("meta", write=True)
        if not self._clustered:
            # The journal keeps the order of writes: the batch itself, which is journaled, takes this write with it.
            meta = meta.with_options(write_concern=WriteConcern(1))
        drawn = meta.find_one_and_update(
            {"_id": "clock"},
            [{"$set": {"last": {"$max": [now, later]}}}, {"$set": {"writers": {"$concatArrays": [alive, mine]}}}],
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        self._left.difference_update(left)
        try:
            yield Ticket(there(drawn)["last"], token)
        finally:
            self._left.add(token)
            # While the server is away it cannot be told; the next ticket takes this one back.
            if not isinstance(sys.exception(), ConnectionFailure):
                with contextlib.suppress(PyMongoError):
                    meta.update_one({"_id": "clock"}, {"$pull": {"writers": {"token": token}}})
                    self._left.discard(token)

    def settled_until(self) -> datetime | None:
        """Return the moment up to which all writes are there; None where nothing was ever written."""
        stages: list[Document] = [
            {"$match": {"_id": "clock"}},
            {"$set": {"writers": {"$filter": {"input": "$writers", "cond": {"$gt": ["$$this.until", "$$NOW"]}}}}},
        ]
        for found in self.collection("meta").aggregate(stages):
            at_work = [writer["at"] for writer in found["writers"] if _may_live(writer)]
            last: datetime = found["last"]
            return min(at_work) - timedelta(milliseconds=1) if at_work else last
        return None

    @contextlib.contextmanager
    def errors(self) -> Iterator[None]:
        """Turn what pymongo raises into StoreError."""
        try:
            yield
        except (PyMongoError, BSONError, OverflowError) as error:
            raise self._explain(error) from error

    def _explain(self, error: Exception) -> StoreError:
        message = (str(error).splitlines() or [type(error).__name__])[0]
        codes = {error.code} if isinstance(error, OperationFailure) else set()
        if isinstance(error, BulkWriteError):
            codes |= {entry.get("code") for entry in error.details.get("writeErrors", ())}
            codes |= {entry.get("code") for entry in error.details.get("writeConcernErrors", ())}
        if _AUTHENTICATION_FAILED in codes:
            return StoreError(f"{self._shown} refuses the user or the password: check them in the address.")
        if _UNAUTHORIZED in codes:
            return StoreError(f"The user of {self._shown} may not do this: give it the role readWrite on the database.")
        if _OUT_OF_DISK in codes:
            return StoreUnavailableError(f"The disk of {self._shown} is full: make room, then run it again.")
        if isinstance(error, ConnectionFailure | AutoReconnect):
            return StoreUnavailableError(
                f"MongoDB at {self._shown} does not answer: is it running and can it be reached? ({message[:120]})"
            )
        if isinstance(error, ExecutionTimeout | WTimeoutError) or codes & _PASSING:
            return StoreUnavailableError(f"MongoDB at {self._shown} is not ready: try again later. ({message[:120]})")
        if isinstance(error, ConfigurationError):
            return StoreAddressError(f"{self._shown} leads nowhere: {message.rstrip('.')}. Check the address.")
        return StoreError(f"{self._shown}: {message[:300]}.")


def _may_live(writer: Document) -> bool:
    """Say whether a writer may still be at work: one of this machine whose process is gone is not."""
    if writer["host"] != _HOST:
        return True
    try:
        os.kill(writer["pid"], 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def there(document: Document | None) -> Document:
    """Return a document that an upsert cannot have left out."""
    if document is None:
        raise StoreError("MongoDB gave no answer to an upsert.")
    return document


def chunks(values: Sequence[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    """Cut a sequence into pieces of at most `size`."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


CODEC: CodecOptions[Document] = CodecOptions(tz_aware=True)
