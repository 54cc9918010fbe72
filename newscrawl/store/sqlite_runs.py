"""Run records, the state of sites and their profiles in SQLite."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from newscrawl.store.records import (
    read_document,
    read_run,
    run_record,
    text,
    write_document,
    write_json,
    write_time,
)
from newscrawl.store.sqlite_base import SqliteBase

if TYPE_CHECKING:
    from newscrawl.items import RunRecord


class SqliteRuns(SqliteBase):
    """What is kept of runs and of sites."""

    def put_run(self, run: RunRecord) -> None:
        """Write a run record as it is now."""
        record = run_record(run)
        row = (text(run.id, "A run id"), text(run.site, "A site"), write_time(record["started"]), write_json(record))
        with self.write() as connection:
            connection.execute("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?)", row)

    def runs(self, site: str = "", *, limit: int | None = 20) -> list[RunRecord]:
        """Return run records, the latest start first."""
        name = text(site, "A site")
        query = "SELECT record FROM runs WHERE ? IN ('', site) ORDER BY started DESC, id DESC LIMIT ?"
        if name:
            query = "SELECT record FROM runs WHERE site = ? ORDER BY started DESC, id DESC LIMIT ?"
        rows = self.rows(query, (name, -1 if limit is None else limit))
        return [read_run(json.loads(record)) for (record,) in rows]

    def sites(self) -> list[str]:
        """Return the names of the sites that have a state or a profile, sorted."""
        return [site for (site,) in self.rows("SELECT site FROM sites UNION SELECT site FROM profiles ORDER BY site")]

    def site_state(self, site: str) -> dict[str, Any]:
        """Return a site's state, {} where there is none."""
        rows = self.rows("SELECT state FROM sites WHERE site = ?", (text(site, "A site"),))
        return read_document(rows[0][0]) if rows else {}

    def put_site_state(self, site: str, state: dict[str, Any]) -> None:
        """Write a site's state: JSON values and aware datetimes."""
        row = (text(site, "A site"), write_document(state))
        with self.write() as connection:
            connection.execute("INSERT OR REPLACE INTO sites VALUES (?, ?)", row)

    def put_profile(self, site: str, version: str, profile: dict[str, Any]) -> None:
        """Write a version of what was learned of a site: JSON values and aware datetimes."""
        row = (text(site, "A site"), text(version, "A version"), write_document(profile))
        with self.write() as connection:
            connection.execute(
                "INSERT INTO profiles (site, version, profile) VALUES (?, ?, ?)"
                " ON CONFLICT (site, version) DO UPDATE SET profile = excluded.profile",
                row,
            )

    def get_profile(self, site: str, version: str = "") -> dict[str, Any] | None:
        """Return a version of a site's profile ("" = the one that came last), None where there is none."""
        rows = self.rows(
            "SELECT profile FROM profiles WHERE site = ? AND ? IN ('', version) ORDER BY number DESC LIMIT 1",
            (text(site, "A site"), text(version, "A version")),
        )
        return read_document(rows[0][0]) if rows else None

    def profile_versions(self, site: str) -> list[str]:
        """Return the versions of a site's profile in the order in which they came."""
        rows = self.rows("SELECT version FROM profiles WHERE site = ? ORDER BY number", (text(site, "A site"),))
        return [version for (version,) in rows]
