"""Which site a URL belongs to, as plain data: what a replay knows of a portal without its spider."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newscrawl.text.site_urls import canonical_of, hosts_above, meets_rule, owns_host
from newscrawl.text.urls import canonicalize, host_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.page import Layout

#: Hosts whose site is remembered; an archive of the whole web has millions.
_REMEMBERED = 50_000


@dataclass(slots=True, frozen=True)
class SiteRule:
    """How the pages of a site are told apart and read; fields as of a spider. Can be pickled.

    base: an address that stood in for the portal when it was crawled (a mirror, the demo portal), "" for none.
    generic: nothing is known of the site but its host: every page that reads like an article is one.
    """

    name: str
    domains: tuple[str, ...]
    article_url: str = ""
    section_url: str = ""
    layouts: tuple[Layout, ...] = ()
    encoding: str | None = None
    base: str = ""
    generic: bool = False

    def canonical(self, url: str) -> str:
        """Return the canonical URL, with the several hosts of the site taken for one."""
        if self.generic:
            return canonicalize(url)
        if self.base and url.startswith(self.base + "/"):
            url = f"https://{self.domains[0]}{url[len(self.base) :]}"
        return canonical_of(url, self.domains)

    def owns(self, canonical: str) -> bool:
        """Tell whether a canonical URL lies on the site."""
        return owns_host(host_of(canonical), self.domains)

    def is_article(self, canonical: str) -> bool:
        """Tell whether a canonical URL is that of an article; of a generic site any may be."""
        return self.generic or meets_rule(canonical, self.article_url, self.domains)

    def is_section(self, canonical: str) -> bool:
        """Tell whether a canonical URL is that of a list page, by its form."""
        return meets_rule(canonical, self.section_url, self.domains) or urlsplit(canonical).path in ("", "/")


class Router:
    """Finds the site of a URL by its host: a known one, else a generic one named by its registrable domain."""

    def __init__(self, rules: Iterable[SiteRule]) -> None:
        self.rules = list(rules)
        self._by_host = {host: rule for rule in self.rules for host in rule.domains}
        self._bases = [rule for rule in self.rules if rule.base]
        self._found: dict[str, SiteRule | None] = {}  # by host as it stands in addresses
        self._generic: dict[str, SiteRule | None] = {}

    def known(self, url: str) -> SiteRule | None:
        """Return the rule of the portal that a URL belongs to, None where there is none."""
        for rule in self._bases:
            if url.startswith(rule.base + "/") or url == rule.base:
                return rule
        place = _place(url)
        if place not in self._found:
            _make_room(self._found)
            above = hosts_above(host_of(canonicalize(url)))
            self._found[place] = next((self._by_host[host] for host in above if host in self._by_host), None)
        return self._found[place]

    def generic(self, url: str) -> SiteRule | None:
        """Return a rule for a URL of a host that no portal owns; None for what is no address.

        A host below a known portal's domain keeps the portal's name.
        """
        place = _place(url)
        if place not in self._generic:
            _make_room(self._generic)
            host = host_of(url)
            domain = registrable_domain(host) if host else ""
            portal = self._by_host.get(domain)
            rule = SiteRule(portal.name if portal else domain, (domain,), generic=True) if domain else None
            self._generic[place] = rule
        return self._generic[place]


def _place(url: str) -> str:
    """Return scheme and host of an address as they stand there."""
    return "/".join(url.split("/", 3)[:3])


def _make_room(remembered: dict[str, SiteRule | None]) -> None:
    if len(remembered) >= _REMEMBERED:
        remembered.clear()


def registrable_domain(host: str) -> str:
    """Return the domain that was registered: news.example.com.cn → example.com.cn; an address or bare name as it is."""
    return _extractor()(host).top_domain_under_public_suffix or host


@cache
def _extractor():  # type: ignore[no-untyped-def]  # the library is imported only where a host is unknown
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None)  # the list that comes with it: nothing is fetched
