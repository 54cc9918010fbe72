"""Writing articles into SQLite: every change of an article happens inside one transaction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from newscrawl.items import article_id as id_of
from newscrawl.store.records import milliseconds, read_moment, text, texts, write_json, write_time
from newscrawl.store.sqlite_base import SqliteBase, chunks, listed, tick
from newscrawl.store.timeline import Plan, Version, plan
from newscrawl.store.versions import (
    Head,
    StoredArticle,
    complete,
    enter,
    head_document,
    merge,
    prepare,
    read_head,
    rename,
    same_reading,
    see,
    set_mark,
    story_links,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from newscrawl.items import Article, ArticleStatus
    from newscrawl.store.interface import Outcome

_HEAD_COLUMNS = (
    *("id", "site", "section", "source", "title", "published_day", "published", "status", "story_id"),
    *("duplicate_of", "content_hash", "updated_at", "head", "record"),
)
_PUT_HEAD = "INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_HEADS = "SELECT id, head, updated_at, record FROM articles"
_LISTED = "WHERE id IN (SELECT value FROM json_each(?))"
_REFERRING = {
    "story_id": "SELECT id FROM articles WHERE story_id = ? AND story_id <> ''",
    "duplicate_of": "SELECT id FROM articles WHERE duplicate_of = ? AND duplicate_of <> ''",
}
_DELETE = (
    "DELETE FROM articles WHERE id = ?",
    "DELETE FROM revisions WHERE id = ?",
    "DELETE FROM reporters WHERE id = ?",
    "DELETE FROM addresses WHERE id = ?",
)


class SqliteArticles(SqliteBase):
    """The writing half of articles; reading is in sqlite_queries.py."""

    def put(self, articles: Sequence[Article], *, replace: bool = False) -> list[Outcome]:
        """Store versions of articles; one outcome for each. See `Store.put`."""
        outcomes: list[Outcome] = []
        for part in chunks([prepare(article) for article in articles]):
            with self.write() as connection:
                outcomes += _put(connection, part, replace=replace)
        return outcomes

    def mark_seen(self, article_ids: Sequence[str], at: datetime) -> None:
        """Note that the newest version still stood at `at`."""
        moment = milliseconds(at)
        self._change(texts(article_ids, "Article ids"), lambda head: see(head, moment))

    def set_status(self, article_id: str, status: ArticleStatus, at: datetime) -> None:
        """Note a status found at `at`; it holds until the article is seen again later than that."""
        name, moment = text(status, "A status"), milliseconds(at)
        self._change([text(article_id, "An article id")], lambda head: set_mark(head, name, moment))

    def set_story(self, links: Sequence[dict[str, Any]]) -> None:
        """Set story fields: dicts of "id" and any of story_id, duplicate_of, duplicate_kind, similarity."""
        by_id = story_links(links)

        def relate(head: Head) -> None:
            head.story = {**head.story, **by_id[head.id]}

        self._change(list(by_id), relate)

    def _change(self, ids: list[str], step: Callable[[Head], None]) -> None:
        for part in chunks(ids):
            with self.write() as connection:
                heads = _read_heads(connection, part)
                moment = ""
                for head, record in heads.values():
                    status, story = head.status, head.story
                    step(head)
                    touched = status != head.status or story != head.story
                    if touched:
                        moment = moment or tick(connection)
                    _write_head(connection, head, record, moment if touched else "")

    def forget(self, article_id: str, at: datetime) -> bool:
        """Take an article out with all its versions, for good; False where there was nothing."""
        identity = text(article_id, "An article id")
        for (moved_to,) in self.rows("SELECT moved_to FROM forgotten WHERE id = ? AND moved_to <> ''", [identity]):
            return self.forget(moved_to, at)
        with self.write() as connection:
            connection.execute("PRAGMA secure_delete = ON")  # the text is overwritten, not just unlinked
            found = bool(_read_heads(connection, [identity]))
            barred = connection.execute("SELECT 1 FROM forgotten WHERE id = ?", (identity,))
            if found or not barred.fetchone():
                _bury(connection, identity, write_time(milliseconds(at)))
        with self._writing, self.errors():  # the log still holds the pages as they were
            if self._writer is not None:
                self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                self._writer.execute("PRAGMA secure_delete = OFF")
        return found

    def rekey(self, old_id: str, *, canonical_url: str, canonical_version: int) -> str:
        """Move an article to the id of its new canonical URL. See `Store.rekey`."""
        old, url = text(old_id, "An article id"), text(canonical_url, "A canonical URL")
        new = id_of(url)
        with self.write() as connection:
            stored = _read_stored(connection, [old])
            if not stored or stored[0].head is None:
                return new
            head = stored[0].head
            old_url = head.canonical[0]
            rename(head, new, url, canonical_version)
            if new == old:
                record = connection.execute("SELECT record FROM articles WHERE id = ?", (old,)).fetchone()[0]
                _write_head(connection, head, record, tick(connection))
                return new
            connection.execute("DELETE FROM forgotten WHERE id = ? AND moved_to <> ''", (new,))
            _load(connection, stored[0], new)
            for name, query in _REFERRING.items():
                rows = connection.execute(query, (old,)).fetchall()
                for found, record in _read_heads(connection, [row[0] for row in rows]).values():
                    found.story = {**found.story, name: new}
                    _write_head(connection, found, record, tick(connection))
            connection.execute("UPDATE urls SET article_id = ? WHERE article_id = ? AND article_id <> ''", (new, old))
            connection.execute("UPDATE OR IGNORE urls SET url = ? WHERE url = ?", (url, old_url))
            connection.execute("DELETE FROM urls WHERE url = ?", (old_url,))
            _bury(connection, old, write_time(head.spans[-1].last), moved_to=new)
        return new

    def load_articles(self, stored: Sequence[StoredArticle]) -> None:
        """Merge what `dump_articles` of another store gave into this one."""
        for part in chunks(stored):
            with self.write() as connection:
                for article in part:
                    _load(connection, article, article.id)


def _put(connection: sqlite3.Connection, news: Sequence[Version], *, replace: bool) -> list[Outcome]:
    ids = list(dict.fromkeys(new.id for new in news))
    query = "SELECT id, moved_to FROM forgotten WHERE id IN (SELECT value FROM json_each(?))"
    gone: dict[str, str] = dict(connection.execute(query, [listed(ids)]).fetchall())
    if moved := {identity: to for identity, to in gone.items() if to}:
        for new in news:
            new.id = moved.get(new.id, new.id)
        return _put(connection, news, replace=replace)
    groups: dict[str, list[int]] = {}
    for index, new in enumerate(news):
        if new.id not in gone:
            groups.setdefault(new.id, []).append(index)
    heads = _read_heads(connection, list(groups))
    outcomes: list[Outcome] = ["forgotten"] * len(news)
    moment = ""
    for identity, indexes in groups.items():
        head, record = heads.get(identity) or (Head(identity), "")
        change = enter(head, [news[index] for index in indexes], replace=replace)
        if change.plan.refresh and change.plan.newest is not None:
            if same_reading(json.loads(write_json(change.plan.newest.record)), json.loads(record)):
                change.plan.newest = None
            else:
                change.touched = True
        if change.touched:
            moment = moment or tick(connection)
        _write_texts(connection, identity, record, change.plan)
        if change.plan.newest is not None:
            record = write_json(change.plan.newest.record)
        _write_head(connection, head, record, moment if change.touched else "", change.plan.newest)
        for index, outcome in zip(indexes, change.outcomes, strict=True):
            outcomes[index] = outcome
    return outcomes


def _read_heads(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, tuple[Head, str]]:
    found = {}
    for identity, document, updated_at, record in connection.execute(f"{_HEADS} {_LISTED}", [listed(ids)]):
        found[identity] = (read_row(identity, document, updated_at), record)
    return found


def read_row(identity: str, document: str, updated_at: str) -> Head:
    """Rebuild a head from its columns."""
    return read_head(identity, {**json.loads(document), "updated_at": updated_at})


def _write_head(
    connection: sqlite3.Connection, head: Head, record: str, updated_at: str, newest: Version | None = None
) -> None:
    """Write a head; `updated_at` "" leaves that as it is, and without a new version nothing else needs an index."""
    document = write_json(head_document(head))
    if head.addresses:
        urls = [(url, head.id) for url in head.addresses]
        connection.executemany("INSERT OR IGNORE INTO addresses VALUES (?, ?)", urls)
    if newest is None and not updated_at:
        connection.execute("UPDATE articles SET head = ? WHERE id = ?", (document, head.id))
        return
    whole = complete(newest.record if newest else json.loads(record), head)
    published = whole["published"] if isinstance(whole["published"], str) else write_time(whole["published"])
    values = [whole.get(name) for name in _HEAD_COLUMNS[:-3]]
    values[6] = published
    moment = updated_at or write_time(head.updated_at)
    connection.execute(_PUT_HEAD, (*values, moment, document, record))
    if len(head.spans) > 1 or newest is None:
        connection.execute("DELETE FROM reporters WHERE id = ?", (head.id,))
    if whole["reporters"]:
        names = [(name, head.id) for name in whole["reporters"]]
        connection.executemany("INSERT OR IGNORE INTO reporters VALUES (?, ?)", names)


def _write_texts(connection: sqlite3.Connection, identity: str, record: str, steps: Plan) -> None:
    """Write superseded versions: the text of the head so far, and older news."""
    rows = [(identity, write_time(at), version, record) for at, version in steps.demote]
    rows += [(identity, write_time(at), version, write_json(new.record)) for (at, version), new in steps.keep]
    if rows:
        connection.executemany("INSERT OR REPLACE INTO revisions VALUES (?, ?, ?, ?)", rows)
    for at, version in steps.drop:
        connection.execute(
            "DELETE FROM revisions WHERE id = ? AND fetched_at = ? AND version = ?", (identity, write_time(at), version)
        )


def _bury(connection: sqlite3.Connection, identity: str, at: str, moved_to: str = "") -> None:
    for statement in _DELETE:
        connection.execute(statement, (identity,))
    row = (identity, at, tick(connection), moved_to)
    connection.execute("INSERT OR REPLACE INTO forgotten VALUES (?, ?, ?, ?)", row)


def _read_stored(connection: sqlite3.Connection, ids: Sequence[str]) -> list[StoredArticle]:
    return read_stored(lambda query, values: connection.execute(query, values).fetchall(), ids)


def read_stored(rows: Callable[[str, Sequence[str]], list[Any]], ids: Sequence[str]) -> list[StoredArticle]:
    """Read all that is stored of these ids, in their order."""
    found: dict[str, StoredArticle] = {}
    parameters = [listed(ids)]
    for identity, document, updated_at, record in rows(f"{_HEADS} {_LISTED}", parameters):
        head = read_row(identity, document, updated_at)
        newest = Version(identity, head.spans[-1].version, head.spans[-1].first, json.loads(record))
        found[identity] = StoredArticle(identity, head, [newest])
    query = "SELECT id, fetched_at, version, record FROM revisions WHERE id IN (SELECT value FROM json_each(?))"
    for identity, fetched_at, version, record in rows(query, parameters):
        if identity in found:
            moment = read_moment(fetched_at)
            found[identity].versions.append(Version(identity, version, moment, json.loads(record)))
    query = "SELECT id, at, moved_to FROM forgotten WHERE id IN (SELECT value FROM json_each(?))"
    for identity, at, moved_to in rows(query, parameters):
        found[identity] = StoredArticle(identity, forgotten=read_moment(at), moved_to=moved_to)
    return [found[identity] for identity in ids if identity in found]


def _load(connection: sqlite3.Connection, stored: StoredArticle, identity: str) -> None:
    barred = connection.execute("SELECT moved_to FROM forgotten WHERE id = ?", (identity,)).fetchone()
    if barred and barred[0] and stored.head is not None:
        _load(connection, stored, barred[0])
        return
    if stored.forgotten is not None and not barred:
        _bury(connection, identity, write_time(stored.forgotten), stored.moved_to)
    if stored.head is None or barred:
        return
    head, record = _read_heads(connection, [identity]).get(identity) or (Head(identity), "")
    before, known = head.spans, write_json(head_document(head))
    merge(head, stored.head)
    if write_json(head_document(head)) == known:
        return
    steps = plan(before, head.spans, stored.versions, replace=False)
    _write_texts(connection, identity, record, steps)
    if steps.newest is not None:
        record = write_json(steps.newest.record)
    _write_head(connection, head, record, tick(connection))
