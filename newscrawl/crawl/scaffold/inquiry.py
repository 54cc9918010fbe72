"""The pages and links of a portal, as an investigation sees them: every page is asked for once, every link noted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.crawl.scaffold.finding import Finding, Link, Sample
from newscrawl.page import read_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newscrawl.crawl.frontier.addresses import Addresses
    from newscrawl.crawl.scout import Fetched, Scout


class Inquiry:
    """One portal under investigation. `scout` asks for pages; what is found goes into `finding`."""

    def __init__(self, scout: Scout, addresses: Addresses, homepage: str, modules: Sequence[str]) -> None:
        self.fetch = scout.fetch
        self.own_address = scout.own_address
        self.addresses = addresses
        self.modules = modules
        self.finding = Finding(addresses.site, homepage, addresses.domains)
        self.links: dict[str, Link] = {}
        self.seen: dict[str, Sample] = {}
        self.browser = False

    async def look_at(self, url: str, *, listed_date: str = "") -> Sample | None:
        """Fetch and read a page once, and note its links; None where it cannot be had."""
        key = self.addresses.canonical(url)
        if key in self.seen:
            return self.seen[key]
        fetched = await self.fetch(url, browser=self.browser)
        self.finding.pages += 1
        if not fetched.ok or not _is_html(fetched):
            return None
        page = read_page(fetched.body, fetched.url, encoding=fetched.charset, fetched_at=fetched.moment)
        sample = self.seen[key] = Sample(fetched, page, listed_date)
        for link in page.links:
            self.note(link.url, link.text, link.listed_date, fetched.url)
        return sample

    def note(self, address: str, text: str, listed_date: str, found_on: str) -> None:
        """Note a link of the portal; of several the one with the longest text counts."""
        url = self.addresses.canonical(address)
        if not self.addresses.is_own(address):
            return
        known = self.links.get(url)
        if known is None or len(text) > len(known.text):
            self.links[url] = Link(url, address, text, listed_date or (known.listed_date if known else ""), found_on)


def _is_html(fetched: Fetched) -> bool:
    return "html" in fetched.content_type.lower() or b"<" in fetched.body[:200]
