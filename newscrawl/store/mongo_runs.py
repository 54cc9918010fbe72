"""Run records, the state of sites and their profiles in MongoDB."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pymongo import ReturnDocument

from newscrawl.store.mongo_base import MongoBase, there
from newscrawl.store.records import read_document, read_run, run_record, text, write_document

if TYPE_CHECKING:
    from newscrawl.items import RunRecord


class MongoRuns(MongoBase):
    """What is kept of runs and of sites. States and profiles are JSON text: their keys may be anything."""

    def put_run(self, run: RunRecord) -> None:
        """Write a run record as it is now."""
        text(run.id, "A run id")
        record = run_record(run)
        document = {"_id": record.pop("id"), **record}
        with self.errors():
            self.collection("runs", write=True).replace_one({"_id": document["_id"]}, document, upsert=True)

    def runs(self, site: str = "", *, limit: int | None = 20) -> list[RunRecord]:
        """Return run records, the latest start first."""
        where = {"site": text(site, "A site")} if site else {}
        if limit is not None and limit <= 0:
            return []
        with self.errors():
            found = self.collection("runs").find(where).sort([("started", -1), ("_id", -1)]).limit(limit or 0)
            return [read_run({"id": document["_id"], **document}) for document in found]

    def sites(self) -> list[str]:
        """Return the names of the sites that have a state or a profile, sorted."""
        with self.errors():
            names = {found["_id"] for found in self.collection("sites").find({}, {"_id": 1})}
            return sorted(names | set(self.collection("profiles").distinct("site")))

    def site_state(self, site: str) -> dict[str, Any]:
        """Return a site's state, {} where there is none."""
        with self.errors():
            found = self.collection("sites").find_one({"_id": text(site, "A site")})
        return read_document(found["state"]) if found else {}

    def put_site_state(self, site: str, state: dict[str, Any]) -> None:
        """Write a site's state: JSON values and aware datetimes."""
        document = {"_id": text(site, "A site"), "state": write_document(state)}
        with self.errors():
            self.collection("sites", write=True).replace_one({"_id": document["_id"]}, document, upsert=True)

    def put_profile(self, site: str, version: str, profile: dict[str, Any]) -> None:
        """Write a version of what was learned of a site: JSON values and aware datetimes."""
        key = {"site": text(site, "A site"), "version": text(version, "A version")}
        with self.errors():
            counter = self.collection("meta", write=True).find_one_and_update(
                {"_id": "profiles"}, {"$inc": {"last": 1}}, upsert=True, return_document=ReturnDocument.AFTER
            )
            self.collection("profiles", write=True).update_one(
                {"_id": f"{site} {version}"},
                {
                    "$set": {"profile": write_document(profile)},
                    "$setOnInsert": {**key, "number": there(counter)["last"]},
                },
                upsert=True,
            )

    def get_profile(self, site: str, version: str = "") -> dict[str, Any] | None:
        """Return a version of a site's profile ("" = the one that came last), None where there is none."""
        where = {"site": text(site, "A site")}
        if wanted := text(version, "A version"):
            where["version"] = wanted
        with self.errors():
            found = self.collection("profiles").find_one(where, sort=[("number", -1)])
        return read_document(found["profile"]) if found else None

    def profile_versions(self, site: str) -> list[str]:
        """Return the versions of a site's profile in the order in which they came."""
        where = {"site": text(site, "A site")}
        with self.errors():
            found = self.collection("profiles").find(where, {"version": 1}).sort("number", 1)
            return [document["version"] for document in found]
