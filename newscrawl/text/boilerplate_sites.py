"""How often a site repeats a line over its pages: what stands under many articles belongs to none of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newscrawl.text.boilerplate import normal

if TYPE_CHECKING:
    from collections.abc import Iterable

#: A line counts as repeated from this many pages on, and from this share of the pages seen.
MIN_PAGES = 3
MIN_SHARE = 0.04
#: Longer lines are prose; a site's notices are shorter.
MAX_LINE = 400
#: Lines remembered; when there are more, those seen once go first.
MAX_LINES = 4000


@dataclass(slots=True)
class SiteLines:
    """Line frequencies of one site, to be kept in the site's profile between crawls.

    Lines are remembered as short hashes: the profile holds no text of the pages.
    """

    pages: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    def observe(self, lines: Iterable[str]) -> None:
        """Count the lines of one page's body as it was before removal.

        A page most of whose text is known already is a second copy of an article and is not counted.
        """
        sizes = {key(line): len(line) for line in lines if 2 <= len(line.strip()) <= MAX_LINE}
        known = sum(size for name, size in sizes.items() if name in self.counts)
        if not sizes or (len(sizes) > 3 and known * 10 > 9 * sum(sizes.values())):
            return
        self.pages += 1
        for name in sizes:
            self.counts[name] = self.counts.get(name, 0) + 1
        if len(self.counts) > MAX_LINES:
            self._forget()

    def is_repeated(self, line: str) -> bool:
        """Tell whether the site prints a line on so many pages that it belongs to none of them."""
        if not self.pages or len(line) > MAX_LINE or len(line.strip()) < 2:
            return False
        return self.counts.get(key(line), 0) >= max(MIN_PAGES, MIN_SHARE * self.pages)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for the store."""
        return {"pages": self.pages, "counts": dict(sorted(self.counts.items()))}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> SiteLines:
        """Rebuild from `to_dict`; an empty dict gives an empty profile."""
        counts = {str(name): int(count) for name, count in dict(values.get("counts", {})).items()}
        return cls(pages=int(values.get("pages", 0)), counts=counts)

    def _forget(self) -> None:
        """Keep the lines seen most often; equal ones by name, so that the same pages give the same profile."""
        kept = sorted(self.counts.items(), key=lambda entry: (-entry[1], entry[0]))[: MAX_LINES // 2]
        self.counts = dict(kept)


def key(line: str) -> str:
    """Return the short name under which a line is counted: equal for both scripts and all widths of it."""
    return hashlib.blake2b(normal(line).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
