"""What is known of a portal: its facts, its addresses, and how one of its pages is read."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import scrapy

from newscrawl.crawl.fetch.headers import declared_charset
from newscrawl.crawl.fetch.rendering import browser_meta
from newscrawl.crawl.fetch.responses import moment_of
from newscrawl.crawl.frontier.addresses import Addresses
from newscrawl.crawl.frontier.selection import Selection
from newscrawl.page import Page, read_page

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from newscrawl.crawl.run.context import RunContext
    from newscrawl.page import Layout


class PortalSpider(scrapy.Spider):
    """One portal: its facts and addresses, and how one of its pages is read.

    Class attributes of a site file:
    title, title_en: the portal's name in Chinese and in English; region: province (江苏) or 全国 (national); city:
    where it is the portal of one; level: national, provincial, city, county or commercial.
    cms: content management system, set by the family bases (_trs.py, _founder.py …), "" where unknown.
    domains: its domains without "www."; the first one stands in canonical URLs. Hosts below them are the portal's too.
    homepage, sections: list pages to start from; section_url: rule (regular expression on the path) of further list
    pages that the homepage links to. indexes: feeds, sitemaps and JSON list APIs to read as well.
    article_url: rule (regular expression, searched in path and query; with the host where it begins with "^//") that
    an article's canonical URL meets.
    layouts: dated selectors of the site, where the generic extraction needs help.
    needs_js: pages that only a browser shows. schedule: how often it is due.
    unverified_hosts: hosts whose TLS certificates are not checked (run out, self-signed); all others are.
    evidence: the month in which the facts of the file were seen; status: "attested" or "inferred".
    """

    title = ""
    title_en = ""
    region = ""
    city = ""
    level = ""
    cms = ""
    domains: tuple[str, ...] = ()
    homepage = ""
    sections: tuple[str, ...] = ()
    section_url = ""
    indexes: tuple[str, ...] = ()
    article_url = ""
    layouts: tuple[Layout, ...] = ()
    encoding: str | None = None
    needs_js = False
    unverified_hosts: tuple[str, ...] = ()
    schedule = "1h"
    evidence = ""
    status = "inferred"

    allowed_domains: list[str]
    #: Address to crawl in place of the portal (the demo portal); set from NEWSCRAWL_SITE_BASE.
    base = ""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider for a crawl."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.base = crawler.settings.getdict("NEWSCRAWL_SITE_BASE").get(spider.name, "").rstrip("/")
        spider.allowed_domains = [*cls.domains, *([urlsplit(spider.base).hostname or ""] if spider.base else [])]
        return spider

    @cached_property
    def context(self) -> RunContext:
        """The services of this run."""
        from newscrawl.crawl.run.context import context_of  # much that a list of spiders does without

        return context_of(self.crawler)

    @cached_property
    def selection(self) -> Selection:
        """Which articles this run takes."""
        return Selection.from_settings(self.settings)

    @cached_property
    def addresses(self) -> Addresses:
        """The portal's hosts, canonical URLs, and where they are asked for."""
        return Addresses(str(self.name), self.domains, self.base)

    def canonical(self, url: str) -> str:
        """Return the canonical URL, with the portal's several hosts taken for one."""
        return self.addresses.canonical(url)

    def is_article(self, url: str) -> bool:
        """Tell whether a URL is that of an article of this portal."""
        return self.addresses.matches(url, self.article_url)

    def is_section(self, url: str) -> bool:
        """Tell whether a URL is that of a list page of this portal."""
        return self.addresses.matches(url, self.section_url)

    def start_pages(self) -> list[str]:
        """Return the list pages to start from."""
        return self.addresses.stand_ins([*self.sections, self.homepage])

    def read(self, response: Response) -> Page:
        """Read a response once; override it where a portal's pages need another hand."""
        return read_page(
            response.body,
            response.url,
            encoding=self.encoding or declared_charset(response.headers.get("Content-Type", b"")),
            layouts=self.layouts,
            profile=self.context.learning.profile,
            fetched_at=moment_of(response),
        )

    def browser_meta(self) -> dict[str, Any]:
        """Return the meta that sends a request to the browser."""
        self.crawler.stats.inc_value("newscrawl/browser/requests")
        return browser_meta(self.crawler.stats.get_value("newscrawl/browser/requests"))
