"""What was learned of a site over its pages: repeated lines, the box that carries bodies, the tail of its titles.

A profile is read at the start of a run and written at its end; it sharpens the extraction and is never needed for it.
Repeated lines are dropped only after the body's box is chosen: used in the choice itself they broke pages that quote
the same paragraph.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newscrawl.page.types import Page

#: Lines kept at most; when there are more, those seen once go first.
MAX_LINES = 4000
#: A line is the site's own once it stood on this many pages, and on this share of all.
MIN_PAGES = 4
MIN_SHARE = 0.08
#: Longest line that is counted, in characters; longer ones are hashed like the others but cut first.
MAX_LENGTH = 400

_DIGITS = re.compile(r"\d+")


@dataclass(slots=True, frozen=True)
class Observation:
    """What one page teaches: the lines of its body, the path of its box, what its <title> adds to the headline."""

    lines: tuple[str, ...] = ()
    box: str = ""
    suffix: str = ""


@dataclass(slots=True)
class SiteProfile:
    """Counts over the pages of one site. Lines are kept as hashes: a profile holds no text of articles."""

    site: str = ""
    pages: int = 0
    lines: dict[str, int] = field(default_factory=dict)
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
        for key in {line_key(line) for line in seen.lines}:
            self.lines[key] = self.lines.get(key, 0) + 1
        if len(self.lines) > MAX_LINES:
            self.lines = {key: count for key, count in self.lines.items() if count > 1}
        if len(self.lines) > MAX_LINES:
            common = sorted(self.lines, key=lambda key: (-self.lines[key], key))[:MAX_LINES]
            self.lines = {key: self.lines[key] for key in common}
        for counts, key in ((self.boxes, seen.box), (self.suffixes, seen.suffix)):
            if key:
                counts[key] = counts.get(key, 0) + 1
                if len(counts) > 200:
                    del counts[min(counts, key=lambda name: (counts[name], name))]

    def is_repeated(self, line: str) -> bool:
        """Tell whether a line stands on many of the site's pages."""
        count = self.lines.get(line_key(line), 0)
        return count >= MIN_PAGES and count >= MIN_SHARE * self.pages

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
            "lines": self.lines,
            "boxes": self.boxes,
            "suffixes": self.suffixes,
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> SiteProfile:
        """Rebuild a profile from `to_dict`; what is missing or of the wrong type is left empty."""

        def counts(name: str) -> dict[str, int]:
            found = values.get(name)
            items = found.items() if isinstance(found, dict) else ()
            return {str(key): count for key, count in items if isinstance(count, int)}

        pages = values.get("pages")
        return cls(
            site=str(values.get("site") or ""),
            pages=pages if isinstance(pages, int) else 0,
            lines=counts("lines"),
            boxes=counts("boxes"),
            suffixes=counts("suffixes"),
        )


def line_key(line: str) -> str:
    """Return the key of a line: a hash of its text with the numbers taken out (counters and dates vary)."""
    text = _DIGITS.sub("0", line[:MAX_LENGTH])
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
