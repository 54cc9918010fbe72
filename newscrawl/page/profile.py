"""What was learned of a site over its pages: repeated lines, the box that carries bodies, the tail of its titles.

A profile is read at the start of a run and written at its end; it sharpens the extraction and is never needed for it.
Repeated lines are dropped only after the body's box is chosen: used in the choice itself they broke pages that quote
the same paragraph.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newscrawl.text.boilerplate_sites import SiteLines

if TYPE_CHECKING:
    from newscrawl.page.types import Page

#: A box, or a tail of titles, is the site's own once it was seen on this many pages.
MIN_PAGES = 4
#: Boxes and tails remembered; when there are more, the rarest goes.
MAX_COUNTS = 200


@dataclass(slots=True, frozen=True)
class Observation:
    """What one page teaches: the lines of its body, the path of its box, what its <title> adds to the headline."""

    lines: tuple[str, ...] = ()
    box: str = ""
    suffix: str = ""


@dataclass(slots=True)
class SiteProfile:
    """Counts over the pages of one site. Lines are kept as hashes: a profile holds no text of articles.

    lines are those of bodies as the page room finds them, before the chain takes notices out.
    """

    site: str = ""
    pages: int = 0
    lines: SiteLines = field(default_factory=SiteLines)
    boxes: dict[str, int] = field(default_factory=dict)
    suffixes: dict[str, int] = field(default_factory=dict)
    _version: str = field(default="", init=False, repr=False, compare=False)

    def learn(self, page: Page) -> None:
        """Count one page in; pages without an article teach nothing."""
        seen = page.observation
        if seen is None or page.article is None:
            return
        self.pages += 1
        self._version = ""
        self.lines.observe(seen.lines)
        for counts, key in ((self.boxes, seen.box), (self.suffixes, seen.suffix)):
            if key:
                counts[key] = counts.get(key, 0) + 1
                if len(counts) > MAX_COUNTS:
                    del counts[min(counts, key=lambda name: (counts[name], name))]

    def is_repeated(self, line: str) -> bool:
        """Tell whether a line stands on many of the site's pages."""
        return self.lines.is_repeated(line)

    def is_body_box(self, path: str) -> bool:
        """Tell whether boxes at this path carried the bodies of many pages."""
        count = self.boxes.get(path, 0)
        return count >= MIN_PAGES and count >= 0.3 * self.pages

    def suffix_of(self, title: str) -> str:
        """Return the site's own tail of a <title>, the longest that is known; "" where there is none."""
        known = (tail for tail, count in self.suffixes.items() if count >= MIN_PAGES and title.endswith(tail))
        return max(known, key=len, default="")

    @property
    def version(self) -> str:
        """Short hash of the content: equal profiles have equal versions. Kept until the next `learn`."""
        if not self._version:
            text = json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False)
            self._version = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        return self._version

    def to_dict(self) -> dict[str, Any]:
        """Return the profile as plain values for a JSON file."""
        return {
            "site": self.site,
            "pages": self.pages,
            "lines": self.lines.to_dict(),
            "boxes": self.boxes,
            "suffixes": self.suffixes,
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> SiteProfile:
        """Rebuild a profile from `to_dict`; what is missing or of the wrong type is left empty."""

        lines = values.get("lines")
        lines = lines if isinstance(lines, dict) else {}
        return cls(
            site=str(values.get("site") or ""),
            pages=_number(values.get("pages")),
            lines=SiteLines(_number(lines.get("pages")), _counts(lines.get("counts"))),
            boxes=_counts(values.get("boxes")),
            suffixes=_counts(values.get("suffixes")),
        )


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _counts(value: object) -> dict[str, int]:
    items = value.items() if isinstance(value, dict) else ()
    return {str(key): count for key, count in items if isinstance(count, int)}
