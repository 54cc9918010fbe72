"""The MongoDB store. Its parts are in the mongo_*.py files beside this one."""

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
