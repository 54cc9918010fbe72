"""Reading articles from MongoDB."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newscrawl.items import Article, Revision, article_id, from_record
from newscrawl.store.interface import EVERYTHING
from newscrawl.store.mongo_base import CHUNK, chunks
from newscrawl.store.mongo_documents import record_of
from newscrawl.store.mongo_moves import MongoMoves
from newscrawl.store.records import milliseconds, read_moment, text, texts
from newscrawl.store.versions import grouping, list_revisions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from newscrawl.store.interface import ArticleFilter, Grouping
    from newscrawl.store.mongo_base import Document
    from newscrawl.store.versions import StoredArticle

_ID_PREFIX = re.compile(r"[0-9a-fA-F]{4,40}")
#: How many articles `find` returns at most for the beginning of an id.
MOST_FOUND = 100


def _article(document: Document) -> Article:
    return from_record(record_of(document))


def _condition(where: ArticleFilter) -> Document:
    condition: Document = {"forgotten": None}
    for name in ("site", "section", "source", "status", "story_id"):
        if value := text(getattr(where, name), f"The filter {name}"):
            condition[name] = value
    if reporter := text(where.reporter, "A reporter"):
        condition["reporters"] = reporter
    days: Document = {}
    if where.since:
        days["$gte"] = text(where.since, "The first day")
    if where.until:
        days |= {"$lte": text(where.until, "The last day"), "$gt": ""}
    return {**condition, "published_day": days} if days else condition


class MongoQueries(MongoMoves):
    """The reading half of articles."""

    def get(self, article_id: str) -> Article | None:
        """Return the newest version of an article, None where there is none."""
        return self.get_many([article_id]).get(article_id)

    def get_many(self, article_ids: Sequence[str]) -> dict[str, Article]:
        """Return the newest versions by id; what is not stored is left out."""
        found: dict[str, Article] = {}
        for part in chunks(texts(article_ids, "Article ids")):
            found |= {article.id: article for article in self._select({"_id": {"$in": part}, "forgotten": None})}
        return found

    def _select(self, where: Document, **options: Any) -> Iterator[Article]:
        with self.errors():
            for document in self.collection("articles").find(where, **options):
                yield _article(document)

    def find(self, id_prefix_or_url: str) -> list[Article]:
        """Return the articles of an id, of the beginning of an id, or of a URL (any alias)."""
        wanted = text(id_prefix_or_url, "An id or URL").strip()
        if not wanted:
            return []
        where: Document = {"$or": [{"_id": {"$in": [wanted, article_id(wanted)]}}, {"head.addresses": wanted}]}
        if _ID_PREFIX.fullmatch(wanted):
            prefix = wanted.lower()
            where = {"_id": {"$gte": prefix, "$lt": prefix + "g"}}
        found = {one.id: one for one in self._select({**where, "forgotten": None}, sort=[("_id", 1)], limit=MOST_FOUND)}
        with self.errors():
            moved = self.collection("articles").find({**where, "moved_to": {"$gt": ""}}, {"moved_to": 1})
            targets = [document["moved_to"] for document in moved]
        found |= self.get_many([target for target in targets if target not in found])
        return [found[identity] for identity in sorted(found)]

    def articles(
        self,
        where: ArticleFilter = EVERYTHING,
        *,
        newest_first: bool = False,
        limit: int | None = None,
        offset: int = 0,
    ) -> Iterator[Article]:
        """Go through articles in the order (published_day, published, id)."""
        condition = _condition(where)
        if limit is not None and limit <= 0:
            return iter(())
        direction = -1 if newest_first else 1
        order = [(name, direction) for name in ("published_day", "published", "_id")]
        return self._select(condition, sort=order, skip=offset, limit=limit or 0, allow_disk_use=True)

    def count(self, where: ArticleFilter = EVERYTHING) -> int:
        """Count articles."""
        with self.errors():
            return self.collection("articles").count_documents(_condition(where))

    def count_by(
        self, by: Grouping, where: ArticleFilter = EVERYTHING, *, limit: int | None = None
    ) -> list[tuple[str, int]]:
        """Count articles by a field, most first; "" counts those without."""
        field = grouping(by)
        stages: list[Document] = [{"$match": _condition(where)}]
        if field == "reporter":
            field = "reporters"
            stages.append({"$unwind": {"path": "$reporters", "preserveNullAndEmptyArrays": True}})
        stages.append({"$group": {"_id": {"$ifNull": [f"${field}", ""]}, "number": {"$sum": 1}}})
        stages.append({"$sort": {"number": -1, "_id": 1}})
        if limit is not None:
            stages.append({"$limit": limit})
        with self.errors():
            found = self.collection("articles").aggregate(stages, allowDiskUse=True)
            return [(group["_id"], group["number"]) for group in found]

    def revisions(self, article_id: str) -> list[Revision]:
        """Return all versions of an article in the order of fetching, the newest last."""
        with self.errors():
            stored = self.read_stored([text(article_id, "An article id")])
        return list_revisions(stored[0]) if stored else []

    def changed_since(self, watermark: datetime | None, after_id: str = "") -> Iterator[Article]:
        """Go through articles in the order (updated_at, id) from behind (watermark, after_id)."""
        order = [("updated_at", 1), ("_id", 1)]
        after = text(after_id, "An article id")
        with self.errors():
            until = self.settled_until()
        if until is None:
            return iter(())
        where: Document = {"updated_at": {"$lte": until}, "forgotten": None}
        if watermark is not None:
            start = milliseconds(watermark)
            where["updated_at"]["$gte"] = start
            where["$or"] = [{"updated_at": {"$gt": start}}, {"updated_at": start, "_id": {"$gt": after}}]
        return self._select(where, sort=order)

    def with_content_hash(self, content_hash: str) -> list[str]:
        """Return the ids of articles whose newest version has this content hash, sorted."""
        where = {"content_hash": text(content_hash, "A content hash"), "forgotten": None}
        with self.errors():
            return sorted(found["_id"] for found in self.collection("articles").find(where, {"_id": 1}))

    def forgotten_since(self, watermark: datetime | None) -> Iterator[tuple[str, datetime]]:
        """Yield (id, moment) of articles taken out or moved to another id, oldest first."""
        with self.errors():
            until = self.settled_until()
            if until is None:
                return
            moments: Document = {"$lte": until, "$exists": True}
            if watermark is not None:
                moments["$gt"] = milliseconds(watermark)
            order = [("forgotten_at", 1), ("_id", 1)]
            for document in (
                self.collection("articles").find({"forgotten_at": moments}, {"forgotten_at": 1}).sort(order)
            ):
                yield document["_id"], read_moment(document["forgotten_at"])

    def dump_articles(self, after_id: str = "") -> Iterator[StoredArticle]:
        """Go through everything stored of articles in the order of id, revisions and tombstones too."""
        last = text(after_id, "An article id")
        with self.errors():
            while True:
                page = self.collection("articles").find({"_id": {"$gt": last}}, {"_id": 1}).sort("_id", 1).limit(CHUNK)
                ids = [document["_id"] for document in page]
                if not ids:
                    return
                yield from self.read_stored(ids)
                last = ids[-1]
