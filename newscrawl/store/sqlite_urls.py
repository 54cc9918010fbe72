"""URL states and leases in SQLite."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from newscrawl.items import UrlState, UrlStateName
from newscrawl.store.interface import PENDING
from newscrawl.store.records import milliseconds, read_url, text, texts, url_record, write_time
from newscrawl.store.sqlite_base import CHUNK, SqliteBase, chunks, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

_COLUMNS = tuple(UrlState.__slots__)
_SELECT = " ".join(("SELECT", ", ".join(_COLUMNS), "FROM urls WHERE"))
_LISTED = "url IN (SELECT value FROM json_each(?))"
_VALUES = f"INTO urls ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"


def _row(state: UrlState) -> list[Any]:
    text(state.url, "A URL")
    record = url_record(state)
    for name in ("next_at", "found_at", "fetched_at"):
        record[name] = write_time(record[name])
    return [record[name] for name in _COLUMNS]


def _state(row: Sequence[Any]) -> UrlState:
    return read_url(dict(zip(_COLUMNS, row, strict=True)))


class SqliteUrls(SqliteBase):
    """The crawl's memory of URLs, and the leases."""

    def add_urls(self, states: Sequence[UrlState]) -> int:
        """Add URLs not known yet; returns how many were new."""
        rows = [_row(state) for state in states]
        if not rows:
            return 0
        with self.write() as connection:
            before = connection.total_changes
            connection.executemany(f"INSERT OR IGNORE {_VALUES}", rows)
            return connection.total_changes - before

    def get_urls(self, urls: Sequence[str]) -> dict[str, UrlState]:
        """Return the states of these URLs, as far as they are known."""
        found: dict[str, UrlState] = {}
        for part in chunks(texts(urls, "URLs")):
            for row in self.rows(f"{_SELECT} {_LISTED}", [listed(part)]):
                found[row[0]] = _state(row)
        return found

    def settle_urls(self, states: Sequence[UrlState]) -> None:
        """Write states as they are now."""
        rows = [_row(state) for state in states]
        if rows:
            with self.write() as connection:
                connection.executemany(f"INSERT OR REPLACE {_VALUES}", rows)

    def due_urls(
        self, site: str, now: datetime, *, states: Sequence[UrlStateName] = PENDING, limit: int = 1000
    ) -> list[UrlState]:
        """Return what is due, by priority (high first) and age."""
        moment = write_time(milliseconds(now))
        found: list[Any] = []
        for state in texts(states, "URL states"):
            due = "next_at <= ?" if state in PENDING else "next_at <> '' AND next_at <= ?"
            found += self.rows(
                f"{_SELECT} site = ? AND state = ? AND {due} ORDER BY priority DESC, found_at, url LIMIT ?",
                (text(site, "A site"), state, moment, limit),
            )
        due_states = [_state(row) for row in found]
        return sorted(due_states, key=lambda state: (-state.priority, write_time(state.found_at), state.url))[:limit]

    def url_counts(self, site: str) -> dict[str, int]:
        """Count a site's URLs by state ("" = of all sites)."""
        name = text(site, "A site")
        query = "SELECT state, count(*) FROM urls WHERE ? IN ('', site) GROUP BY state ORDER BY state"
        if name:
            query = "SELECT state, count(*) FROM urls WHERE site = ? GROUP BY state ORDER BY state"
        return dict(self.rows(query, [name]))

    def url_states(self, site: str = "", after_url: str = "") -> Iterator[UrlState]:
        """Go through URL states in the order of URL."""
        name = text(site, "A site")
        where, parameters = (" AND site = ?", (name,)) if name else ("", ())

        def page(last: Any) -> list[Any]:
            start = text(after_url, "A URL") if last is None else last[0]
            query = f"{_SELECT} url > ?{where} ORDER BY url LIMIT {CHUNK}"
            return self.rows(query, (start, *parameters))

        return map(_state, self.pages(page))

    def rekey_urls(self, moves: Sequence[tuple[str, str]]) -> None:
        """Give URL states a new canonical URL (old, new); where the new one is known already, it stays."""
        pairs = [(text(new, "A URL"), text(old, "A URL")) for old, new in moves if old != new]
        if pairs:
            with self.write() as connection:
                connection.executemany("UPDATE OR IGNORE urls SET url = ? WHERE url = ?", pairs)
                connection.executemany("DELETE FROM urls WHERE url = ?", [(old,) for _, old in pairs])

    def acquire_lease(self, name: str, owner: str, *, seconds: float, now: datetime) -> bool:
        """Take a lease that is free, run out or held by the same owner; False where another one holds it."""
        values = (text(name, "A lease"), text(owner, "An owner"), _until(now, seconds))
        with self.write() as connection:
            cursor = connection.execute(
                "INSERT INTO leases VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE"
                " SET owner = excluded.owner, until = excluded.until"
                " WHERE leases.owner = excluded.owner OR leases.until <= ?",
                (*values, _until(now, 0)),
            )
            return cursor.rowcount == 1

    def renew_lease(self, name: str, owner: str, *, seconds: float, now: datetime) -> bool:
        """Prolong one's own lease; False where it was taken over or given up."""
        values = (_until(now, seconds), text(name, "A lease"), text(owner, "An owner"))
        with self.write() as connection:
            return connection.execute("UPDATE leases SET until = ? WHERE name = ? AND owner = ?", values).rowcount == 1

    def hand_over_lease(self, name: str, owner: str, to: str, *, seconds: float, now: datetime) -> bool:
        """Give one's own lease to another owner; False where it is not one's own."""
        values = (text(to, "An owner"), _until(now, seconds), text(name, "A lease"), text(owner, "An owner"))
        statement = "UPDATE leases SET owner = ?, until = ? WHERE name = ? AND owner = ?"
        with self.write() as connection:
            return connection.execute(statement, values).rowcount == 1

    def release_lease(self, name: str, owner: str) -> None:
        """Give up one's own lease; another one's stays."""
        values = (text(name, "A lease"), text(owner, "An owner"))
        with self.write() as connection:
            connection.execute("DELETE FROM leases WHERE name = ? AND owner = ?", values)

    def leases(self, now: datetime) -> dict[str, str]:
        """Return the owners of the leases held at the moment, by name."""
        return dict(self.rows("SELECT name, owner FROM leases WHERE until > ? ORDER BY name", (_until(now, 0),)))


def _until(now: datetime, seconds: float) -> str:
    return write_time(milliseconds(now + timedelta(seconds=seconds)))
