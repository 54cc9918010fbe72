"""URL states and leases in MongoDB."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pymongo import InsertOne, ReplaceOne, ReturnDocument
from pymongo.errors import BulkWriteError, DuplicateKeyError

from newscrawl.store.interface import PENDING
from newscrawl.store.mongo_base import MongoBase, chunks
from newscrawl.store.records import milliseconds, read_url, text, texts, url_record, write_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newscrawl.items import UrlState, UrlStateName

_DUPLICATE = 11000


def _document(state: UrlState) -> dict[str, Any]:
    text(state.url, "A URL")
    record = url_record(state)
    return {"_id": record.pop("url"), **record}


def _state(document: dict[str, Any]) -> UrlState:
    return read_url({"url": document["_id"], **document})


class MongoUrls(MongoBase):
    """The crawl's memory of URLs, and the leases."""

    def add_urls(self, states: Sequence[UrlState]) -> int:
        """Add URLs not known yet; returns how many were new."""
        added = 0
        with self.errors():
            for part in chunks([_document(state) for state in states]):
                urls = self.collection("urls", write=True)
                known = {
                    found["_id"] for found in urls.find({"_id": {"$in": [one["_id"] for one in part]}}, {"_id": 1})
                }
                new = [InsertOne(one) for one in part if one["_id"] not in known]
                if not new:
                    continue
                try:
                    added += urls.bulk_write(new, ordered=False).inserted_count
                except BulkWriteError as error:
                    if any(entry["code"] != _DUPLICATE for entry in error.details["writeErrors"]):
                        raise
                    added += error.details["nInserted"]
        return added

    def get_urls(self, urls: Sequence[str]) -> dict[str, UrlState]:
        """Return the states of these URLs, as far as they are known."""
        found: dict[str, UrlState] = {}
        with self.errors():
            for part in chunks(texts(urls, "URLs")):
                for document in self.collection("urls").find({"_id": {"$in": part}}):
                    found[document["_id"]] = _state(document)
        return found

    def settle_urls(self, states: Sequence[UrlState]) -> None:
        """Write states as they are now."""
        with self.errors():
            for part in chunks([_document(state) for state in states]):
                writes = [ReplaceOne({"_id": one["_id"]}, one, upsert=True) for one in part]
                self.collection("urls", write=True).bulk_write(writes)

    def due_urls(
        self, site: str, now: datetime, *, states: Sequence[UrlStateName] = PENDING, limit: int = 1000
    ) -> list[UrlState]:
        """Return what is due, by priority (high first) and age."""
        found: list[UrlState] = []
        reached = {"next_at": {"$lte": milliseconds(now)}}
        order = [("priority", -1), ("found_at", 1), ("_id", 1)]
        if limit <= 0:
            return found
        with self.errors():
            for state in texts(states, "URL states"):
                due = {"$or": [{"next_at": None}, reached]} if state in PENDING else reached
                where = {"site": text(site, "A site"), "state": state, **due}
                found += map(_state, self.collection("urls").find(where).sort(order).limit(limit))
        return sorted(found, key=lambda state: (-state.priority, write_time(state.found_at), state.url))[:limit]

    def url_counts(self, site: str) -> dict[str, int]:
        """Count a site's URLs by state ("" = of all sites)."""
        where = {"site": text(site, "A site")} if site else {}
        stages: list[dict[str, Any]] = [
            {"$match": where},
            {"$group": {"_id": "$state", "number": {"$sum": 1}}},
            {"$sort": {"_id": 1}},
        ]
        with self.errors():
            return {found["_id"]: found["number"] for found in self.collection("urls").aggregate(stages)}

    def url_states(self, site: str = "", after_url: str = "") -> Iterator[UrlState]:
        """Go through URL states in the order of URL."""
        where: dict[str, Any] = {"_id": {"$gt": text(after_url, "A URL")}}
        if name := text(site, "A site"):
            where["site"] = name
        with self.errors():
            for document in self.collection("urls").find(where).sort("_id", 1):
                yield _state(document)

    def rekey_urls(self, moves: Sequence[tuple[str, str]]) -> None:
        """Give URL states a new canonical URL (old, new); where the new one is known already, it stays."""
        urls = [(text(old, "A URL"), text(new, "A URL")) for old, new in moves if old != new]
        known = self.get_urls([old for old, _ in urls])
        with self.errors():
            for old, new in urls:
                if old in known:
                    record = _document(known[old])
                    record.pop("_id")
                    collection = self.collection("urls", write=True)
                    collection.update_one({"_id": new}, {"$setOnInsert": record}, upsert=True)
                    collection.delete_one({"_id": old})

    def acquire_lease(self, name: str, owner: str, *, seconds: float, now: datetime) -> bool:
        """Take a lease that is free, run out or held by the same owner; False where another one holds it."""
        holder = text(owner, "An owner")
        free = {"_id": text(name, "A lease"), "$or": [{"owner": holder}, {"until": {"$lte": milliseconds(now)}}]}
        with self.errors():
            try:
                self.collection("leases", write=True).find_one_and_update(
                    free, {"$set": {"owner": holder, "until": _until(now, seconds)}}, upsert=True
                )
            except DuplicateKeyError:
                return False
        return True

    def renew_lease(self, name: str, owner: str, *, seconds: float, now: datetime) -> bool:
        """Prolong one's own lease; False where it was taken over or given up."""
        return self.hand_over_lease(name, owner, owner, seconds=seconds, now=now)

    def hand_over_lease(self, name: str, owner: str, to: str, *, seconds: float, now: datetime) -> bool:
        """Give one's own lease to another owner; False where it is not one's own."""
        own = {"_id": text(name, "A lease"), "owner": text(owner, "An owner")}
        change = {"$set": {"owner": text(to, "An owner"), "until": _until(now, seconds)}}
        with self.errors():
            found = self.collection("leases", write=True).find_one_and_update(
                own, change, return_document=ReturnDocument.AFTER
            )
        return found is not None

    def release_lease(self, name: str, owner: str) -> None:
        """Give up one's own lease; another one's stays."""
        own = {"_id": text(name, "A lease"), "owner": text(owner, "An owner")}
        with self.errors():
            self.collection("leases", write=True).delete_one(own)

    def leases(self, now: datetime) -> dict[str, str]:
        """Return the owners of the leases held at the moment, by name."""
        with self.errors():
            held = self.collection("leases").find({"until": {"$gt": milliseconds(now)}}).sort("_id", 1)
            return {lease["_id"]: lease["owner"] for lease in held}


def _until(now: datetime, seconds: float) -> datetime:
    return milliseconds(now + timedelta(seconds=seconds))
