"""Taking articles out of MongoDB, moving them to other ids, and bringing them in from another store.

Every step may be done twice: after a crash the whole is simply done again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from newscrawl.items import article_id as id_of
from newscrawl.store.mongo_articles import ROUNDS, MongoArticles, too_many_writers
from newscrawl.store.mongo_documents import head_of, record_of, version_of
from newscrawl.store.mongo_urls import MongoUrls
from newscrawl.store.records import milliseconds, text
from newscrawl.store.timeline import Version, plan
from newscrawl.store.versions import Change, Head, StoredArticle, head_document, merge, rename

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class MongoMoves(MongoArticles, MongoUrls):
    """Articles that go, move or come as a whole."""

    def forget(self, article_id: str, at: datetime) -> bool:
        """Take an article out with all its versions, for good; False where there was nothing."""
        identity = text(article_id, "An article id")
        with self.errors():
            for gone in self.collection("articles").find({"_id": identity, "moved_to": {"$gt": ""}}, {"moved_to": 1}):
                return self.forget(gone["moved_to"], at)
            return self._bury(identity, milliseconds(at))

    def _bury(self, identity: str, at: datetime, moved_to: str = "", stamp: str = "") -> bool:
        """Put a tombstone in an article's place; with `stamp` only if nobody has changed it since."""
        articles = self.collection("articles", write=True)
        standing = {"_id": identity, **({"stamp": stamp} if stamp else {"forgotten": None})}
        with self.ticket() as ticket:
            tombstone = {"forgotten": at, "forgotten_at": ticket.moment, "moved_to": moved_to, "stamp": uuid4().hex}
            done = found = articles.find_one_and_replace(standing, tombstone, projection={"_id": 1}) is not None
            for _ in range(ROUNDS):
                if done or stamp:
                    break
                absent = articles.update_one({"_id": identity}, {"$setOnInsert": tombstone}, upsert=True)
                found = articles.find_one_and_replace(standing, tombstone, projection={"_id": 1}) is not None
                barred = articles.find_one({"_id": identity, "forgotten": {"$ne": None}}, {"_id": 1}) is not None
                done = found or barred or absent.upserted_id is not None
            if not done and not stamp:
                raise too_many_writers()
            if done:
                self.drop_revisions(identity)
        return found

    def rekey(self, old_id: str, *, canonical_url: str, canonical_version: int) -> str:
        """Move an article to the id of its new canonical URL. See `Store.rekey`."""
        old, url = text(old_id, "An article id"), text(canonical_url, "A canonical URL")
        new = id_of(url)
        with self.errors():
            if new == old:
                self.adjust([old], lambda head: rename(head, new, url, canonical_version))
                return new
            for _ in range(ROUNDS):
                if self._move(old, new, url, canonical_version):
                    return new
        raise too_many_writers()

    def _move(self, old: str, new: str, url: str, canonical_version: int) -> bool:
        """Move an article; False where somebody changed it meanwhile. Every step may be done twice."""
        stored = self.read_stored([old])
        if not stored or stored[0].head is None:
            self.drop_revisions(old)
            return True
        head = stored[0].head
        old_url, stamp = head.canonical[0], head.stamp
        rename(head, new, url, canonical_version)
        self.collection("articles", write=True).delete_one({"_id": new, "moved_to": {"$gt": ""}})
        self._load(stored[0], new)
        self._refer(old, new, old_url, url)
        return self._bury(old, head.spans[-1].last, new, stamp)

    def _refer(self, old: str, new: str, old_url: str, url: str) -> None:
        """Let stories, duplicates and URL states refer to the new id of an article."""
        for name in ("story_id", "duplicate_of"):
            found = self.collection("articles").find({name: old}, {"_id": 1})
            self.set_story([{"id": document["_id"], name: new} for document in found])
        urls = self.collection("urls", write=True)
        urls.update_many({"article_id": old}, {"$set": {"article_id": new}})
        self.rekey_urls([(old_url, url)])

    def load_articles(self, stored: Sequence[StoredArticle]) -> None:
        """Merge what `dump_articles` of another store gave into this one."""
        with self.errors():
            for article in stored:
                if article.forgotten is not None:
                    self._bury(article.id, article.forgotten, article.moved_to)
                else:
                    self._load(article, article.id)

    def _load(self, stored: StoredArticle, identity: str) -> None:
        def decide(head: Head) -> Change | None:
            before, known, other = head.spans, head_document(head), stored.head
            if other is not None:
                merge(head, other)
            if head_document(head) == known:
                return None
            steps = plan(before, head.spans, stored.versions, replace=False)
            return Change(head, steps, [], before, touched=True)

        for target in self.change([identity], decide, create=True).values():
            if target:
                self._load(stored, target)

    def read_stored(self, ids: Sequence[str]) -> list[StoredArticle]:
        """Read all that is stored of these ids, in their order."""
        found: dict[str, StoredArticle] = {}
        for document in self.collection("articles").find({"_id": {"$in": list(ids)}}):
            identity = document["_id"]
            if "forgotten" in document:
                gone = StoredArticle(identity, forgotten=document["forgotten"], moved_to=document["moved_to"])
                found[identity] = gone
            else:
                found[identity] = StoredArticle(identity, head_of(document), [version_of(document)])
        for identity, stored in found.items():
            if stored.head is not None and len(stored.head.spans) > 1:
                own = {"_id": {"$gte": f"{identity}:", "$lt": f"{identity};"}}
                for document in self.collection("revisions").find(own):
                    version = Version(identity, document["version"], document["fetched_at"], record_of(document))
                    stored.versions.append(version)
        return [found[identity] for identity in ids if identity in found]
