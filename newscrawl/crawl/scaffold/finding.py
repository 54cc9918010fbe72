"""What was found out about a portal, and what of it is unsure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newscrawl.errors import NewscrawlError

if TYPE_CHECKING:
    from newscrawl.crawl.scout import Fetched
    from newscrawl.page import Layout, Page


class NothingFoundError(NewscrawlError):
    """A portal of which no spider can be made; the message says what was tried and why it gave nothing."""


@dataclass(slots=True, frozen=True)
class Link:
    """A link to a page of the portal: canonical URL, address as found, its text, the date beside it, where it stood."""

    url: str
    address: str
    text: str
    listed_date: str = ""
    found_on: str = ""


@dataclass(slots=True)
class Sample:
    """A page that was looked at."""

    fetched: Fetched
    page: Page
    listed_date: str = ""


@dataclass(slots=True)
class Finding:
    """All that was found out. Addresses are those of the portal; rules are regular expressions on path and query.

    encoding: the charset of most pages, charsets: those of all.
    answers: what the first API and the first feed gave, by the names of their fixtures.
    lists_need_js: list pages are filled by a script; needs_js: and no API was found that gives the same.
    unsure: sentences for the person who looks at the file.
    """

    name: str
    homepage: str
    domains: tuple[str, ...]
    title: str = ""
    region: str = ""
    family: str = ""
    base_class: str = ""
    base_module: str = ""
    encoding: str = ""
    charsets: list[str] = field(default_factory=list)
    declared: str = ""
    lists_need_js: bool = False
    needs_js: bool = False
    sections: dict[str, str] = field(default_factory=dict)
    section_url: str = ""
    article_url: str = ""
    own_rules: bool = True
    feeds: list[str] = field(default_factory=list)
    sitemaps: dict[str, int] = field(default_factory=dict)
    apis: list[str] = field(default_factory=list)
    next_list: str = ""
    layout: Layout | None = None
    links: int = 0
    pages: int = 0
    articles: list[Sample] = field(default_factory=list)
    lists: list[Sample] = field(default_factory=list)
    answers: dict[str, Fetched] = field(default_factory=dict)
    coverage: dict[str, int] = field(default_factory=dict)
    unsure: list[str] = field(default_factory=list)

    def to_record(self) -> dict[str, Any]:
        """Return plain values for a machine."""
        layout = self.layout
        plain = {
            name: getattr(self, name)
            for name in ("name", "homepage", "title", "region", "family", "encoding", "lists_need_js", "needs_js",
                         "sections", "section_url", "article_url", "feeds", "sitemaps", "apis", "next_list", "links",
                         "pages", "coverage", "unsure")
        }  # fmt: skip
        kept = ("name", "body", "title", "meta_line")
        return {
            **plain,
            "domains": list(self.domains),
            "base_class": self.base_class,
            "layout": {key: getattr(layout, key) for key in kept} if layout else None,
            "articles": [sample.fetched.url for sample in self.articles],
        }
