"""Reading articles from SQLite, page by page, so that no long transaction keeps the log from being folded in."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import TYPE_CHECKING, Any

from newscrawl.items import Article, Revision, article_id, from_record
from newscrawl.store.interface import EVERYTHING
from newscrawl.store.records import read_moment, text, texts, write_time
from newscrawl.store.sqlite_articles import read_row, read_stored
from newscrawl.store.sqlite_base import CHUNK, SqliteBase, chunks, listed
from newscrawl.store.versions import complete, grouping, list_revisions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from newscrawl.store.interface import ArticleFilter, Grouping
    from newscrawl.store.versions import StoredArticle

_ROWS = "SELECT id, head, updated_at, record, published_day, published FROM articles WHERE"
_LISTED = "id IN (SELECT value FROM json_each(?))"
_COUNT = "SELECT count(*) FROM articles WHERE"
_BY_REPORTER = "SELECT ifnull(name, ''), count(*) FROM articles LEFT JOIN reporters USING (id) WHERE"
_ID_PREFIX = re.compile(r"[0-9a-fA-F]{4,40}")
#: How many articles `find` returns at most for the beginning of an id.
MOST_FOUND = 100


def _article(row: Sequence[Any]) -> Article:
    head = read_row(*row[:3])
    return from_record(complete(json.loads(row[3]), head))


def _condition(where: ArticleFilter) -> tuple[str, list[str]]:
    terms, values = ["1"], []
    for column in ("site", "section", "source", "status", "story_id"):
        if value := text(getattr(where, column), f"The filter {column}"):
            terms.append(f"{column} = ?")
            values.append(value)
    if where.story_id:
        terms.append("story_id <> ''")  # as the partial index has it
    if where.since:
        terms.append("published_day >= ?")
        values.append(text(where.since, "The first day"))
    if where.until:
        terms.append("published_day <> '' AND published_day <= ?")
        values.append(text(where.until, "The last day"))
    if where.reporter:
        terms.append("id IN (SELECT id FROM reporters WHERE name = ?)")
        values.append(text(where.reporter, "A reporter"))
    return " AND ".join(terms), values


def _from_day(where: ArticleFilter, day: str, newest_first: bool) -> ArticleFilter:
    """Let a filter by day begin at the day that was reached, so that the index is not gone through from its start."""
    if newest_first:
        return dataclasses.replace(where, until=day) if where.until and day else where
    return dataclasses.replace(where, since=day) if where.since and day else where


class SqliteQueries(SqliteBase):
    """The reading half of articles."""

    def get(self, article_id: str) -> Article | None:
        """Return the newest version of an article, None where there is none."""
        return self.get_many([article_id]).get(article_id)

    def get_many(self, article_ids: Sequence[str]) -> dict[str, Article]:
        """Return the newest versions by id; what is not stored is left out."""
        found: dict[str, Article] = {}
        for part in chunks(texts(article_ids, "Article ids")):
            for row in self.rows(f"{_ROWS} {_LISTED}", [listed(part)]):
                found[row[0]] = _article(row)
        return found

    def find(self, id_prefix_or_url: str) -> list[Article]:
        """Return the articles of an id, of the beginning of an id, or of a URL (any alias)."""
        wanted = text(id_prefix_or_url, "An id or URL").strip()
        if not wanted:
            return []
        if _ID_PREFIX.fullmatch(wanted):
            prefix = wanted.lower()
            values = [prefix, prefix + "g"]
            moved = self.rows("SELECT moved_to FROM forgotten WHERE id >= ? AND id < ? AND moved_to <> ''", values)
            rows = self.rows(f"{_ROWS} id >= ? AND id < ? ORDER BY id LIMIT {MOST_FOUND}", values)
        else:
            moved = self.rows("SELECT id FROM addresses WHERE url = ?", [wanted])
            rows = self.rows(f"{_ROWS} id IN (?, ?)", [wanted, article_id(wanted)])
        found = {row[0]: _article(row) for row in rows}
        found |= self.get_many([identity for (identity,) in moved if identity not in found])
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
        direction, after = (" DESC", "<") if newest_first else ("", ">")
        order = f"published_day{direction}, published{direction}, id{direction}"
        left = limit if limit is not None else -1

        def page(last: Any) -> list[Any]:
            nonlocal left
            size = CHUNK if left < 0 else min(CHUNK, left)
            condition, values = _condition(_from_day(where, last[4], newest_first) if last else where)
            if last is None:
                rows = self.rows(f"{_ROWS} {condition} ORDER BY {order} LIMIT ? OFFSET ?", (*values, size, offset))
            else:
                query = (
                    f"{_ROWS} {condition} AND (published_day, published, id) {after} (?, ?, ?) ORDER BY {order} LIMIT ?"
                )
                rows = self.rows(query, (*values, last[4], last[5], last[0], size))
            left -= len(rows) if left > 0 else 0
            return rows

        return map(_article, self.pages(page))

    def count(self, where: ArticleFilter = EVERYTHING) -> int:
        """Count articles."""
        condition, values = _condition(where)
        found: int = self.rows(f"{_COUNT} {condition}", values)[0][0]
        return found

    def count_by(
        self, by: Grouping, where: ArticleFilter = EVERYTHING, *, limit: int | None = None
    ) -> list[tuple[str, int]]:
        """Count articles by a field, most first; "" counts those without."""
        column = grouping(by)
        condition, values = _condition(where)
        grouped = _BY_REPORTER if column == "reporter" else _COUNT.replace("count(*)", f"{column}, count(*)")
        query = f"{grouped} {condition} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?"
        return self.rows(query, (*values, -1 if limit is None else limit))

    def revisions(self, article_id: str) -> list[Revision]:
        """Return all versions of an article in the order of fetching, the newest last."""
        stored = read_stored(self.rows, [text(article_id, "An article id")])
        return list_revisions(stored[0]) if stored else []

    def changed_since(self, watermark: datetime | None, after_id: str = "") -> Iterator[Article]:
        """Go through articles in the order (updated_at, id) from behind (watermark, after_id)."""
        start = (write_time(watermark), text(after_id, "An article id"))
        query = f"{_ROWS} (updated_at, id) > (?, ?) ORDER BY updated_at, id LIMIT {CHUNK}"
        return map(_article, self.pages(lambda last: self.rows(query, start if last is None else (last[2], last[0]))))

    def with_content_hash(self, content_hash: str) -> list[str]:
        """Return the ids of articles whose newest version has this content hash, sorted."""
        query = "SELECT id FROM articles WHERE content_hash = ? ORDER BY id"
        return [identity for (identity,) in self.rows(query, [text(content_hash, "A content hash")])]

    def forgotten_since(self, watermark: datetime | None) -> Iterator[tuple[str, datetime]]:
        """Yield (id, moment) of articles taken out or moved to another id, oldest first."""
        query = "SELECT id, updated_at FROM forgotten WHERE (updated_at, id) > (?, ?) ORDER BY updated_at, id LIMIT 500"
        start = (write_time(watermark), "g" if watermark else "")
        pages = self.pages(lambda last: self.rows(query, start if last is None else (last[1], last[0])))
        return ((identity, read_moment(moment)) for identity, moment in pages)

    def dump_articles(self, after_id: str = "") -> Iterator[StoredArticle]:
        """Go through everything stored of articles in the order of id, revisions and tombstones too."""
        query = (
            "SELECT id FROM (SELECT id FROM articles UNION ALL SELECT id FROM forgotten)"
            " WHERE id > ? ORDER BY id LIMIT 500"
        )
        last = text(after_id, "An article id")
        while ids := [identity for (identity,) in self.rows(query, [last])]:
            yield from read_stored(self.rows, ids)
            last = ids[-1]
