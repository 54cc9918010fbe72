"""Downloader middlewares: thin adapters to the rules in `newscrawl.crawl`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

from newscrawl.crawl.fetch.guard import refusal
from newscrawl.crawl.fetch.politeness import PoliteRetry
from newscrawl.crawl.fetch.robots import SharedRobotsTxt
from newscrawl.crawl.run.archiving import ArchiveResponses

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler

    from newscrawl.crawl.frontier.addresses import Addresses


class NetworkGuard:
    """Refuse requests (also redirected ones) to anything but public http(s) addresses."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.opened = frozenset(crawler.settings.getlist("NEWSCRAWL_OPEN_LOOPBACK"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it with the settings of the crawler."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise IgnoreRequest with the reason for a URL that must not be fetched."""
        reason = refusal(request.url, self.opened)
        if reason is not None:
            self.crawler.stats.inc_value("newscrawl/guard/refused")
            raise IgnoreRequest(f"refused: {reason}")


class SiteSlot:
    """All hosts of a portal (with and without www., its second domain) share one download slot, and so one delay."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it for a crawler."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Name the slot of a request to the portal."""
        addresses: Addresses | None = getattr(self.crawler.spider, "addresses", None)
        if addresses is not None and addresses.owns_host(urlparse_cached(request).hostname or ""):
            request.meta["download_slot"] = addresses.slot


class RobotsTxt(SharedRobotsTxt):
    """robots.txt, with one shared task per host."""


class Retry(PoliteRetry):
    """Retries that honour Retry-After; the circuit breaker."""


class Archive(ArchiveResponses):
    """Every response goes into the archive as it came off the wire."""
