"""Putting articles into the index: their tokens into the full-text table, what is filtered and counted by into docs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING

from newscrawl.search.schema import article_key, story_number
from newscrawl.search.tokens import NAME_MARK, index_tokens
from newscrawl.text.folding import fold

if TYPE_CHECKING:
    import sqlite3

    from newscrawl.items import Article

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def searched_text(article: Article) -> tuple[str, str]:
    """Return the two texts of an article that are searched: its title, and its subtitle and body."""
    body = f"{article.subtitle}\n{article.body}" if article.subtitle else article.body
    return article.title, body


def count_characters(text: str) -> int:
    """Count the characters of a text that are no white space: the measure of corpus size."""
    return len(text) - sum(map(text.count, " \n\t\u3000\xa0"))


def day_number(article: Article) -> int:
    """Return the day of publication as a number like 20260923, 0 where there is none."""
    digits = article.published_day.replace("-", "")
    return int(digits) if len(digits) == 8 and digits.isascii() and digits.isdecimal() else 0


def story_of(article: Article) -> str:
    """Return the name of the article's story; an article without copies is a story of its own."""
    return article.story_id or article.duplicate_of or article.id


def microseconds(moment: datetime | None) -> int:
    """Return a moment as microseconds since 1970, 0 for none."""
    return (moment - _EPOCH) // timedelta(microseconds=1) if moment else 0


def bury(connection: sqlite3.Connection, doc: int) -> None:
    """Take a row out of every query; its tokens go at the next purge."""
    connection.execute("DELETE FROM docs WHERE id = ?", (doc,))
    connection.execute("DELETE FROM reporters WHERE doc = ?", (doc,))
    connection.execute("INSERT OR REPLACE INTO hidden (doc, dead) VALUES (?, 1)", (doc,))


class Writer:
    """Puts articles into the index and takes them out, within one transaction of the caller's."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Begin after the last row there is."""
        self.connection = connection
        self.names: dict[tuple[str, str], int] = {}
        last = "SELECT max((SELECT coalesce(max(id), 0) FROM docs), (SELECT coalesce(max(doc), 0) FROM hidden))"
        self.last: int = connection.execute(last).fetchone()[0]

    def put(self, article: Article) -> bool:
        """Put an article in; False where the index already had it just so.

        Where only its story or status is another one, the tokens stay as they are.
        """
        key, signature = article_key(article.id), _signature(article)
        old = self.connection.execute("SELECT id, signature FROM docs WHERE article = ?", (key,)).fetchone()
        if old and old[1] == signature:
            return self._update(old[0], article)
        if old:
            bury(self.connection, old[0])
        self.last += 1
        self._insert(self.last, key, signature, article)
        return True

    def remove(self, article: Article) -> bool:
        """Take an article out with all its tokens, at once; False where the index has it otherwise or not at all."""
        row = self.connection.execute(
            "SELECT id FROM docs WHERE article = ? AND signature = ?", (article_key(article.id), _signature(article))
        ).fetchone()
        if row is None:
            return False
        self.connection.execute(
            "INSERT INTO fts (fts, rowid, title, body, names) VALUES ('delete', ?, ?, ?, ?)",
            (row[0], *self._columns(article)),
        )
        bury(self.connection, row[0])
        self.connection.execute("DELETE FROM hidden WHERE doc = ?", row)
        return True

    def _update(self, doc: int, article: Article) -> bool:
        updated, story, gone = (
            microseconds(article.updated_at),
            story_number(story_of(article)),
            article.status == "gone",
        )
        row = "SELECT updated, story, id IN (SELECT doc FROM hidden) FROM docs WHERE id = ?"
        old = self.connection.execute(row, (doc,)).fetchone()
        if old[:2] != (updated, story):
            self.connection.execute("UPDATE docs SET updated = ?, story = ? WHERE id = ?", (updated, story, doc))
        if old[2] and not gone:
            self.connection.execute("DELETE FROM hidden WHERE doc = ?", (doc,))
        elif gone and not old[2]:
            self.connection.execute("INSERT INTO hidden (doc, dead) VALUES (?, 0)", (doc,))
        return bool((old[1], old[2]) != (story, gone))

    def _columns(self, article: Article) -> tuple[str, str, str]:
        """Return the tokens of the three columns: title, body, and the numbers of names."""
        names = {self._name(field, getattr(article, field)) for field in ("site", "section", "source")}
        names |= self._reporters(article)
        marks = [NAME_MARK, *(f"{NAME_MARK}{name}" for name in sorted(names - {0}))]
        title, body = searched_text(article)
        return index_tokens(title), index_tokens(body), " ".join(marks)

    def _insert(self, doc: int, key: bytes | str, signature: bytes, article: Article) -> None:
        self.connection.execute(
            "INSERT INTO fts (rowid, title, body, names) VALUES (?, ?, ?, ?)", (doc, *self._columns(article))
        )
        characters = sum(map(count_characters, searched_text(article)))
        published = microseconds(article.published) // 1_000_000
        names = [self._name(field, getattr(article, field)) for field in ("site", "section", "source")]
        self.connection.execute(
            "INSERT INTO docs (id, article, signature, updated, day, published, characters, story, site, section,"
            " source) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(doc, key, signature, microseconds(article.updated_at), day_number(article), published, characters),
                *(story_number(story_of(article)), *names),
            ),
        )
        rows = [(doc, name) for name in self._reporters(article)]
        self.connection.executemany("INSERT INTO reporters (doc, name) VALUES (?, ?)", rows)
        if article.status == "gone":
            self.connection.execute("INSERT INTO hidden (doc, dead) VALUES (?, 0)", (doc,))

    def _reporters(self, article: Article) -> set[int]:
        return {self._name("reporter", name) for name in article.reporters} - {0}

    def _name(self, field: str, name: str) -> int:
        """Return the number of a site, section, reporter or source; 0 for none."""
        name = " ".join(name.encode("utf-8", "replace").decode().split())
        if not name:
            return 0
        number = self.names.get((field, name))
        if number is None:
            row = (field, name, fold(name))
            self.connection.execute("INSERT OR IGNORE INTO names (field, name, folded) VALUES (?, ?, ?)", row)
            number = self.connection.execute("SELECT id FROM names WHERE field = ? AND name = ?", row[:2]).fetchone()[0]
            self.names[field, name] = number
        return int(number)


def _signature(article: Article) -> bytes:
    """Return a digest of all that tokens and rows are made of, but for story and status."""
    parts = [article.title, article.subtitle, article.body, article.site, article.section, article.source]
    parts += [article.published_day, str(article.published), *article.reporters]
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=12).digest()
