"""What a site's pages teach: read at the start of a run, the same all through it, written at its end.

A run reads its pages with the newest version of the site's profile and learns into a copy of what was learned so far.
The copy is kept with the site's state; it becomes a new version when it has grown enough, so that versions stay few and
articles of many runs share one. An article records the version that it was read with.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newscrawl.page import SiteProfile
from newscrawl.text.boilerplate_sites import SiteLines

if TYPE_CHECKING:
    from newscrawl.page import Page

#: What was learned becomes a version when it rests on so many pages more than the last version, and on this share more.
MORE_PAGES = 20
MORE_SHARE = 0.25


class FrozenProfile(SiteProfile):
    """A site profile with the version under which the store has it (its own would be reckoned for every page)."""

    stored_version = ""

    @property
    def version(self) -> str:
        """The version in the store."""
        return self.stored_version


@dataclass(slots=True)
class Lessons:
    """What was learned of a site: how its pages are built, which lines it repeats."""

    profile: SiteProfile = field(default_factory=SiteProfile)
    lines: SiteLines = field(default_factory=SiteLines)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for the store."""
        return {"profile": self.profile.to_dict(), "lines": self.lines.to_dict()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Lessons:
        """Rebuild from `to_dict`; what is missing is empty."""
        profile, lines = values.get("profile"), values.get("lines")
        return cls(
            SiteProfile.from_dict(profile if isinstance(profile, dict) else {}),
            SiteLines.from_dict(lines if isinstance(lines, dict) else {}),
        )

    @property
    def version(self) -> str:
        """Short hash of the content: equal lessons have equal versions."""
        text = json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


class SiteLearning:
    """The lessons of one run. `profile` and `lines` are what pages are read with, None where there are none yet."""

    def __init__(self, site: str, *, enabled: bool = True) -> None:
        self.site = site
        self.enabled = enabled
        self.version = ""
        self.profile: SiteProfile | None = None
        self.lines: SiteLines | None = None
        self.learned = Lessons(SiteProfile(site))
        self._pages_before = 0
        self._pages_of_version = 0

    def begin(self, stored: dict[str, Any] | None, growing: dict[str, Any] | None) -> None:
        """Take up the newest version in the store, and what was learned since."""
        if not self.enabled:
            return
        if stored:
            self.profile, self.lines, self.version = read_lessons(stored)
            self._pages_of_version = self.profile.pages
        if growing or stored:
            self.learned = Lessons.from_dict(growing or stored or {})
        self._pages_before = self.learned.profile.pages

    def learn_page(self, page: Page) -> None:
        """Take in a page of an article that the corpus did not have."""
        if self.enabled:
            self.learned.profile.learn(page)

    def learn_lines(self, body: str) -> None:
        """Take in the body of such an article as it was before lines were removed."""
        if self.enabled:
            self.learned.lines.observe(body.split("\n"))

    @property
    def has_learned(self) -> bool:
        """Whether this run learned anything."""
        return self.learned.profile.pages > self._pages_before

    @property
    def is_new_version(self) -> bool:
        """Whether enough was learned since the last version to make the next one."""
        more = self.learned.profile.pages - self._pages_of_version
        return self.has_learned and more >= max(MORE_PAGES, MORE_SHARE * self._pages_of_version)


def read_lessons(stored: dict[str, Any]) -> tuple[SiteProfile, SiteLines, str]:
    """Return the profile (with its version) and the lines of a stored version, for reading pages with them."""
    lessons = Lessons.from_dict(stored)
    version = lessons.version
    profile = FrozenProfile.from_dict(lessons.profile.to_dict())
    if isinstance(profile, FrozenProfile):
        profile.stored_version = version
    return profile, lessons.lines, version
