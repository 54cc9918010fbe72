"""The addresses of one portal: which hosts are its own, what is canonical, where a URL is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newscrawl import clock
from newscrawl.crawl.frontier.frontier import LIST
from newscrawl.items import UrlState
from newscrawl.text.site_urls import canonical_of, meets_rule, owns_host
from newscrawl.text.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newscrawl.page import Link


@dataclass(slots=True, frozen=True)
class Addresses:
    """The addresses of a portal.

    site: its name. domains: its domains without "www.", the first one stands in canonical URLs; hosts below them (such
    as news.portal.example) are the portal's too and keep their names.
    base: an address without a slash at its end that stands in for the portal (the demo portal), "" for the portal.
    """

    site: str
    domains: tuple[str, ...]
    base: str = ""

    @property
    def slot(self) -> str:
        """The one download slot of all hosts of the portal: its delay holds for them together."""
        return (urlsplit(self.base).hostname or "") if self.base else next(iter(self.domains), "")

    def owns_host(self, host: str) -> bool:
        """Tell whether a host is one of the portal, or below one."""
        return host == urlsplit(self.base).hostname or owns_host(host, self.domains)

    def canonical(self, url: str) -> str:
        """Return the canonical URL, with the portal's several domains taken for one."""
        if self.base and url.startswith(self.base + "/"):
            url = f"https://{self.domains[0]}{url[len(self.base) :]}"
        return canonical_of(url, self.domains)

    def is_own(self, url: str) -> bool:
        """Tell whether a URL is on a host of the portal."""
        return owns_host(host_of(self.canonical(url)), self.domains)

    def matches(self, url: str, rule: str) -> bool:
        """Tell whether a URL of the portal meets a rule (see `newscrawl.text.site_urls.meets_rule`)."""
        return bool(rule) and meets_rule(self.canonical(url), rule, self.domains)

    def stand_in(self, url: str) -> str:
        """Return where to ask for a page of the portal: the address itself, or the one that stands in for it."""
        if not self.base or url.startswith(self.base + "/"):
            return url
        parts = urlsplit(url)
        return self.base + (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def stand_ins(self, urls: Sequence[str]) -> list[str]:
        """Return where to ask for pages, each once."""
        return list(dict.fromkeys(self.stand_in(url) for url in urls if url))

    def fetchable(self, state: UrlState) -> str:
        """Return where to ask for a URL: as it was found; by its canonical URL where it was found elsewhere."""
        if self.base:
            return self.stand_in(state.fetch_url)
        return state.fetch_url if self.is_own(state.fetch_url) else state.url

    def list_state(self, url: str, number: int) -> UrlState:
        """Return the state of a list page that is still to be read; the priority keeps its number."""
        return UrlState(
            url=self.canonical(url),
            fetch_url=url,
            site=self.site,
            kind=LIST,
            priority=-number,
            found_at=clock.now(),
        )

    def found(self, link: Link, list_url: str) -> UrlState:
        """Return the state of a URL that a list page offers."""
        return UrlState(
            url=self.canonical(link.url),
            fetch_url=link.url,
            site=self.site,
            found_at=clock.now(),
            found_on=list_url,
            listed_date=link.listed_date,
        )
