"""The embedded store: one SQLite file, no server. Its parts are in the sqlite_*.py files beside this one."""

from __future__ import annotations

from newscrawl.items import SCHEMA_VERSION
from newscrawl.store.interface import StoreStatus
from newscrawl.store.sqlite_articles import SqliteArticles
from newscrawl.store.sqlite_queries import SqliteQueries
from newscrawl.store.sqlite_runs import SqliteRuns
from newscrawl.store.sqlite_urls import SqliteUrls

_COUNTED = """
SELECT 'articles', count(*) FROM articles UNION ALL SELECT 'revisions', count(*) FROM revisions
UNION ALL SELECT 'forgotten', count(*) FROM forgotten WHERE moved_to = '' UNION ALL SELECT 'urls', count(*) FROM urls
UNION ALL SELECT 'runs', count(*) FROM runs
"""


class SqliteStore(SqliteArticles, SqliteQueries, SqliteUrls, SqliteRuns):
    """A `newscrawl.store.Store` in one SQLite file."""

    def status(self) -> StoreStatus:
        """Count what is stored."""
        counts = dict(self.rows(_COUNTED))
        size = self.path.stat().st_size if self.path.exists() else 0
        return StoreStatus(self.uri, "sqlite", SCHEMA_VERSION, counts, size)
