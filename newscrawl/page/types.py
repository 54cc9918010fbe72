"""The records of the page room: what a page is, how a site's pages are laid out, what was learned of a site."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from newscrawl.items import Article
    from newscrawl.page.profile import Observation

PageKind = Literal[
    "article", "list", "gallery", "video", "epaper", "error", "login", "js-shell", "challenge", "spam", "empty"
]


@dataclass(slots=True, frozen=True)
class Link:
    """A link of the page: absolute URL, its text, and the date that stands beside it in a list ("" where none)."""

    url: str
    text: str = ""
    listed_date: str = ""


@dataclass(slots=True, frozen=True)
class Layout:
    """A site's own selectors, tried before the generic way; `since` is the first day they held.

    A selector that begins with "/", "./" or "(" is an XPath (on the tree as a browser has it), any other is CSS.
    Empty fields are left to the generic extraction.
    """

    name: str
    body: str = ""
    title: str = ""
    meta_line: str = ""
    drops: tuple[str, ...] = ()
    since: date | None = None


@dataclass(slots=True)
class Page:
    """What one parse of a page gave. `article` holds raw strings and is None unless the page carries one.

    find_links is called once, when `links` is first asked for: a replay has no use for them. doubles are the page's AMP
    and mobile addresses; family is the content management system where it is known; observation is what
    `SiteProfile.learn` reads; notes say what a layout missed.
    """

    url: str
    kind: PageKind
    reason: str = ""
    article: Article | None = None
    next_list: str = ""
    next_part: str = ""
    feeds: list[str] = field(default_factory=list)
    doubles: list[str] = field(default_factory=list)
    canonical_url: str = ""
    family: str = ""
    notes: list[str] = field(default_factory=list)
    observation: Observation | None = field(default=None, repr=False, compare=False)
    find_links: Callable[[], list[Link]] = field(default=list, repr=False, compare=False)
    _links: list[Link] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def links(self) -> list[Link]:
        """The links of the page's own site, in page order, each address once."""
        if self._links is None:
            self._links = self.find_links()
        return self._links
