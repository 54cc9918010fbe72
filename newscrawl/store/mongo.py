"""The MongoDB store. Its parts are in the mongo_*.py files beside this one.

Collections (`_id` is always a string, times are BSON dates in UTC):
articles   one document per article, `_id` its id: every field of `newscrawl.items.Article` under its name (the newest
           version), `head` {spans [[first, last, content hash, version]], story, mark, addresses}, `stamp` (of the last
           write); texts of a document over 12 MB are in `packed`. What was forgotten: {forgotten, forgotten_at,
           moved_to, stamp} and nothing else.
revisions  superseded versions, `_id` "article:milliseconds:version": `article`, `version`, the fields of the article.
urls       `_id` the canonical URL: the fields of `newscrawl.items.UrlState`.
leases     `_id` the name: owner, until.
runs       `_id` the run's id: the fields of `newscrawl.items.RunRecord`.
sites      `_id` the site: state (JSON text).        profiles   site, version, number, profile (JSON text).
meta       "schema" {version}, "clock" {last, writers} (see `MongoBase.ticket`), "profiles" {last}.
"""

from __future__ import annotations

from newscrawl.items import SCHEMA_VERSION
from newscrawl.store.interface import StoreStatus
from newscrawl.store.mongo_queries import MongoQueries
from newscrawl.store.mongo_runs import MongoRuns
from newscrawl.store.uri import redact


class MongoStore(MongoQueries, MongoRuns):
    """A `newscrawl.store.Store` in one MongoDB database."""

    def status(self) -> StoreStatus:
        """Count what is stored."""
        with self.errors():
            counts = {
                "articles": self.collection("articles").count_documents({"forgotten": None}),
                "revisions": self.collection("revisions").estimated_document_count(),
                "forgotten": self.collection("articles").count_documents({"moved_to": ""}),
                "urls": self.collection("urls").estimated_document_count(),
                "runs": self.collection("runs").estimated_document_count(),
            }
            size = int(self.database.command("dbStats")["totalSize"])
        return StoreStatus(redact(self.uri), "mongodb", SCHEMA_VERSION, counts, size)
