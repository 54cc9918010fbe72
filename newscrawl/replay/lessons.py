"""What a site had taught when a page was crawled: read with the same profile, it gives the same article."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from newscrawl.page import SiteProfile
from newscrawl.text.boilerplate_sites import SiteLines

if TYPE_CHECKING:
    from newscrawl.store import Store

#: Profiles that a process keeps unpacked.
_KEPT = 64


@dataclass(slots=True, frozen=True)
class Lessons:
    """A version of a site's profile, packed so that it travels to workers cheaply."""

    site: str
    version: str
    data: bytes


class RecordedProfile(SiteProfile):
    """A site profile under the version that the store has it by; its own would be reckoned for every page."""

    recorded_version = ""

    @property
    def version(self) -> str:
        """The version in the store."""
        return self.recorded_version


def pack(site: str, version: str, values: dict[str, Any]) -> Lessons:
    """Pack a profile as the store gives it."""
    return Lessons(site, version, zlib.compress(json.dumps(values, ensure_ascii=True, default=str).encode(), 1))


@lru_cache(maxsize=_KEPT)
def unpack(lessons: Lessons) -> tuple[SiteProfile, SiteLines]:
    """Return the profile that pages are read with, and the lines that the site repeats."""
    values = json.loads(zlib.decompress(lessons.data))
    known, lines = values.get("profile"), values.get("lines")
    profile = RecordedProfile.from_dict(known if isinstance(known, dict) else {})
    if isinstance(profile, RecordedProfile):
        profile.recorded_version = lessons.version
    return profile, SiteLines.from_dict(lines if isinstance(lines, dict) else {})


class LessonBook:
    """Finds the profile that a run read its pages with, by the run's record in a store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._versions: dict[str, dict[str, str]] = {}
        self._packed: dict[tuple[str, str], Lessons | None] = {}

    def __call__(self, site: str, run: str) -> Lessons | None:
        """Return the lessons of a run of a site; None where it had none, or the store does not know them."""
        if site not in self._versions:
            runs = self.store.runs(site, limit=None)
            self._versions[site] = {known.id: known.versions.get("profile", "") for known in runs}
        version = self._versions[site].get(run, "")
        if not version:
            return None
        if (site, version) not in self._packed:
            values = self.store.get_profile(site, version)
            if len(self._packed) >= _KEPT:
                self._packed.clear()
            self._packed[site, version] = None if values is None else pack(site, version, values)
        return self._packed[site, version]
