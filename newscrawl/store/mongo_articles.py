"""Writing articles into MongoDB without transactions: an article is changed by compare-and-set on its stamp.

Superseded versions are written before the head that no longer holds them, so that a crash leaves at most a copy.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import wait
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pymongo import DeleteOne, InsertOne, ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError

from newscrawl.store.interface import StoreUnavailableError
from newscrawl.store.mongo_base import CHUNK, MongoBase, chunks
from newscrawl.store.mongo_documents import (
    META,
    head_bson,
    head_of,
    patch,
    record_of,
    revision_bson,
    revision_id,
)
from newscrawl.store.records import milliseconds, text, texts
from newscrawl.store.timeline import Plan
from newscrawl.store.versions import (
    Change,
    Head,
    enter,
    head_document,
    identity_of,
    prepare,
    same_reading,
    see,
    set_mark,
    story_links,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from bson.raw_bson import RawBSONDocument

    from newscrawl.items import Article, ArticleStatus
    from newscrawl.store.interface import Outcome
    from newscrawl.store.mongo_base import Document

#: Says what becomes of a head (changed in place); None where nothing has to be written.
Decide = Callable[[Head], Change | None]
#: One command stays far below what the server takes in a message.
_MESSAGE = 12_000_000
#: How often a change is tried again when other writers were faster.
ROUNDS = 60
_DUPLICATE = 11000
#: So many articles go into one command; `CONNECTIONS` of them are under way at a time.
_PART = 125


@dataclass(slots=True)
class _Batch:
    """What is written together: superseded versions first, then heads, then what no head needs any more.

    drops: ids of articles and of their versions. lost: ids whose head was found changed before anything was written.
    """

    stamp: str
    revisions: list[ReplaceOne[Any]] = field(default_factory=list)
    heads: list[Any] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    drops: list[tuple[str, str]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


class MongoArticles(MongoBase):
    """Changing articles; moving them is in mongo_moves.py, reading in mongo_queries.py."""

    #: Whether all that was put last was new: the next is taken for new, too, and looked up only where it is not.
    _all_new = False

    def put(self, articles: Sequence[Article], *, replace: bool = False) -> list[Outcome]:
        """Store versions of articles; one outcome for each. See `Store.put`."""
        outcomes: list[Outcome] = []
        with self.errors():
            for part in chunks(articles):
                outcomes += self._put(part, [identity_of(article) for article in part], replace=replace)
        return outcomes

    def _put(self, articles: Sequence[Article], ids: Sequence[str], *, replace: bool) -> list[Outcome]:
        outcomes: list[Outcome] = ["forgotten"] * len(articles)
        groups: dict[str, list[int]] = {}
        for index, identity in enumerate(ids):
            groups.setdefault(identity, []).append(index)

        def decide(head: Head) -> Change:
            indexes = groups[head.id]
            change = enter(head, [prepare(articles[index]) for index in indexes], replace=replace)
            for index, outcome in zip(indexes, change.outcomes, strict=True):
                outcomes[index] = outcome
            return change

        # Of one version nothing is written but the head, so that a wrong guess leaves nothing behind.
        guess = self._all_new and len(groups) == len(articles)
        gone = self.change(list(groups), decide, create=True, guess_new=guess)
        self._all_new = all(outcome == "new" for outcome in outcomes)
        for identity in gone:
            for index in groups[identity]:
                outcomes[index] = "forgotten"
        moved = [index for identity, to in gone.items() if to for index in groups[identity]]
        if moved:
            targets = [gone[ids[index]] for index in moved]
            found = self._put([articles[index] for index in moved], targets, replace=replace)
            for index, outcome in zip(moved, found, strict=True):
                outcomes[index] = outcome
        return outcomes

    def change(
        self, ids: Sequence[str], decide: Decide, *, create: bool = False, guess_new: bool = False
    ) -> dict[str, str]:
        """Change heads until every change has been made on the latest state.

        Returns where the others went: the new ids of moved articles, "" for those that were forgotten.
        With `create`, `decide` also gets an empty head for what is not stored yet. What was forgotten stays so.
        With `guess_new` all is first taken for not stored: what is there refuses to be inserted, and is looked up then.
        """
        collection = self.collection("articles", write=True)
        waiting = list(ids)
        gone: dict[str, str] = {}
        for attempt in range(ROUNDS):
            documents: dict[str, Document] = {}
            if attempt or not guess_new:
                documents = {found["_id"]: found for found in collection.find({"_id": {"$in": waiting}}, META)}
            known: list[Change] = []
            new: list[str] = []
            for identity in waiting:
                document = documents.get(identity)
                if document is None:
                    new += [identity] if create else []
                elif "forgotten" in document:
                    gone[identity] = document["moved_to"]
                    if attempt:  # it went while its older versions were being written
                        self.drop_revisions(identity)
                elif (change := decide(head_of(document))) is not None:
                    known.append(change)
            waiting = self._write(known, new, decide) if known or new else []
            if not waiting:
                return gone
            time.sleep(random.uniform(0, 0.002 * min(attempt + 1, 25)))  # noqa: S311 spreads the writers, no secret
        raise too_many_writers()

    def drop_revisions(self, identity: str) -> None:
        """Take out the superseded versions of an article."""
        own = {"_id": {"$gte": f"{identity}:", "$lt": f"{identity};"}}
        self.collection("revisions", write=True).delete_many(own)

    def _write(self, known: Sequence[Change], new: Sequence[str], decide: Decide) -> list[str]:
        """Write changes of known articles, and new articles; returns the ids that somebody else changed meanwhile."""
        with self.ticket() as ticket:
            batches = self._batches(known, new, decide, ticket.moment)
            if len(known) + len(new) <= _PART:
                return [identity for batch in batches for identity in self._send(batch)]
            # All is made ready first: threads that only wait for the server do not get into each other's way.
            sent = [self.threads.submit(self._send, batch) for batch in list(batches)]
            try:
                return [identity for future in sent for identity in future.result()]
            finally:
                wait(sent)  # whatever one of them met: no write comes after the end of the ticket

    def _batches(
        self, known: Sequence[Change], new: Sequence[str], decide: Decide, moment: datetime
    ) -> Iterator[_Batch]:
        texts_needed = {change.head.id for change in known if change.plan.demote or change.plan.refresh}
        olds = self._texts(list(texts_needed))
        stamp = uuid4().hex
        batch = _Batch(stamp)
        # A new article is encoded at once: what it was made of is gone before the next one comes.
        for change in chain(known, (decide(Head(identity)) for identity in new)):
            if change is None:
                continue
            if len(batch.ids) + len(batch.lost) >= _PART:
                yield batch
                batch = _Batch(stamp)
            old = olds.get(change.head.id)
            if change.head.id in texts_needed and (old is None or old["stamp"] != change.head.stamp):
                batch.lost.append(change.head.id)
            else:
                self._add(batch, change, old, moment)
        yield batch

    def _texts(self, ids: Sequence[str]) -> dict[str, Document]:
        if not ids:
            return {}
        found = self.collection("articles").find({"_id": {"$in": ids}, "forgotten": None})
        return {document["_id"]: document for document in found}

    def _add(self, batch: _Batch, change: Change, old: Document | None, moment: datetime) -> None:
        head, steps = change.head, change.plan
        newest = steps.newest
        if steps.refresh and newest is not None and old is not None:
            if same_reading(newest.record, record_of(old)):
                newest = None
            else:
                change.touched = True
        if change.touched:
            head.updated_at = moment
        for key in steps.demote:
            if old is not None:
                batch.revisions.append(_revision(head.id, key, record_of(old)))
        batch.revisions += [_revision(head.id, key, version.record) for key, version in steps.keep]
        batch.drops += [(head.id, revision_id(head.id, key)) for key in steps.drop]
        batch.ids.append(head.id)
        if not change.before and newest is not None:
            batch.heads.append(InsertOne(head_bson(newest.record, head, batch.stamp)))
            return
        guard = {"_id": head.id, "stamp": head.stamp}
        if newest is not None:
            batch.heads.append(ReplaceOne(guard, head_bson(newest.record, head, batch.stamp)))
        else:
            batch.heads.append(UpdateOne(guard, {"$set": patch(head, batch.stamp)}))

    def _send(self, batch: _Batch) -> list[str]:
        articles = self.collection("articles", write=True)
        for part in _messages(batch.revisions):
            self.collection("revisions", write=True).bulk_write(part, ordered=False)
        lost = batch.lost
        matched = inserted = 0
        for part in _messages(batch.heads):
            try:
                result = dict(articles.bulk_write(part, ordered=False).bulk_api_result)
            except BulkWriteError as error:
                result = dict(error.details)
                if any(entry["code"] != _DUPLICATE for entry in result["writeErrors"]) or result["writeConcernErrors"]:
                    raise
            matched += result["nMatched"]
            inserted += result["nInserted"]
        if matched + inserted < len(batch.ids):
            own = articles.find({"_id": {"$in": batch.ids}, "stamp": batch.stamp}, {"_id": 1})
            lost = lost + sorted(set(batch.ids) - {found["_id"] for found in own})
        if drops := [DeleteOne({"_id": version}) for identity, version in batch.drops if identity not in lost]:
            self.collection("revisions", write=True).bulk_write(drops, ordered=False)
        return lost

    def mark_seen(self, article_ids: Sequence[str], at: datetime) -> None:
        """Note that the newest version still stood at `at`."""
        moment = milliseconds(at)
        self.adjust(texts(article_ids, "Article ids"), lambda head: see(head, moment))

    def set_status(self, article_id: str, status: ArticleStatus, at: datetime) -> None:
        """Note a status found at `at`; it holds until the article is seen again later than that."""
        name, moment = text(status, "A status"), milliseconds(at)
        self.adjust([text(article_id, "An article id")], lambda head: set_mark(head, name, moment))

    def set_story(self, links: Sequence[dict[str, Any]]) -> None:
        """Set story fields: dicts of "id" and any of story_id, duplicate_of, duplicate_kind, similarity."""
        by_id = story_links(links)

        def relate(head: Head) -> None:
            head.story = {**head.story, **by_id[head.id]}

        self.adjust(list(by_id), relate)

    def adjust(self, ids: Sequence[str], step: Callable[[Head], None]) -> None:
        """Change the heads of articles, not their texts."""

        def decide(head: Head) -> Change | None:
            before, status, story = head_document(head), head.status, head.story
            step(head)
            touched = status != head.status or story != head.story
            return Change(head, Plan(), [], head.spans, touched) if head_document(head) != before else None

        with self.errors():
            for part in chunks(ids):
                self.change(part, decide)


def too_many_writers() -> StoreUnavailableError:
    """Return what is raised when a change came too late again and again."""
    return StoreUnavailableError("Too many writers change the same articles at once: try again.")


def _revision(identity: str, key: tuple[datetime, str], record: Document) -> ReplaceOne[RawBSONDocument]:
    document = revision_bson(identity, key, record)
    return ReplaceOne({"_id": revision_id(identity, key)}, document, upsert=True)


def _messages(writes: Sequence[Any]) -> list[list[Any]]:
    """Cut writes into messages that the server takes."""
    parts: list[list[Any]] = []
    size = 0
    for write in writes:
        length = len(getattr(getattr(write, "_doc", None), "raw", b"")) + 1000
        if not parts or size + length > _MESSAGE or len(parts[-1]) >= CHUNK:
            parts.append([])
            size = 0
        parts[-1].append(write)
        size += length
    return parts
