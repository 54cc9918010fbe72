"""Politeness beyond a fixed delay: Crawl-delay, Retry-After, latency, and a circuit breaker for a site that is down.

The pause between requests to a host never falls below what its robots.txt asks for (RFC 9309 leaves Crawl-delay to
custom; it is honoured up to 120 s) nor below what a 429 or 503 taught.
"""

from __future__ import annotations

import asyncio
import logging
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.utils.httpobj import urlparse_cached

from newscrawl import clock
from newscrawl.errors import NewscrawlError

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self

    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)

#: A Crawl-delay or Retry-After beyond this is not waited for in a run (seconds).
MOST_PATIENCE = 120.0
#: Pause after a 429 or 503 that names none, doubled with every retry (seconds).
DEFAULT_PAUSE = 10.0
#: A host that asked for a pause is asked at least so slowly from then on (seconds between requests).
SLOWED = 1.0
#: So many requests in a row that fail mean that the site is down.
BREAKER = 12
OVERLOADED = (429, 503)


class PoliteThrottle(AutoThrottle):
    """AutoThrottle with a floor for every host, from its robots.txt. With AutoThrottle off only the floors are kept."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.floors: dict[str, float] = {}
        if crawler.settings.getbool("AUTOTHROTTLE_ENABLED"):
            super().__init__(crawler)
        crawler.signals.connect(self.robots_parsed, signal=signals.robots_parsed)
        crawler.signals.connect(self.slow_down, signal=signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it for a crawler."""
        return cls(crawler)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Take over the Crawl-delay of a robots.txt, up to MOST_PATIENCE."""
        agent = self.crawler.settings["USER_AGENT"]
        protego = getattr(robotparser, "rp", None)
        delay = protego.crawl_delay(agent) if protego is not None else None
        if delay:
            slot = request.meta.get("download_slot") or urlparse_cached(request).hostname or ""
            self.raise_floor(slot, min(float(delay), MOST_PATIENCE))

    def raise_floor(self, key: str, delay: float) -> None:
        """Keep at least `delay` seconds between requests of a slot, one at a time, for the rest of the run."""
        floor = max(delay, self.floors.get(key, 0.0))
        self.floors[key] = floor
        downloader = self.crawler.engine.downloader
        known = downloader.per_slot_settings.get(key, {})
        slow = {"delay": max(floor, known.get("delay", floor)), "concurrency": 1, "jitter": 0}
        downloader.per_slot_settings[key] = {**known, **slow}  # a slot that is made again later
        slot = downloader.slots.get(key)
        if slot is not None:
            slot.delay, slot.concurrency, slot.jitter = max(slot.delay, floor), 1, 0

    def slow_down(self, response: Response, request: Request) -> None:
        """Hold back all requests to a host that says it is overloaded, and ask it more slowly from then on.

        Done as the answer comes in: a moment later the next request would be on its way.
        """
        if response.status not in OVERLOADED:
            return
        key = request.meta.get("download_slot", "")
        slot = self.crawler.engine.downloader.slots.get(key)
        if slot is None:
            return
        pause = min(pause_after(request, response), MOST_PATIENCE)
        self.raise_floor(key, min(max(slot.delay * 2, SLOWED), MOST_PATIENCE))
        slot.lastseen = max(slot.lastseen, monotonic() + pause - slot.delay)
        self.crawler.stats.inc_value("newscrawl/slowed")
        logger.warning("%s asks for a pause: %.0f s, then %.1f s between requests", key, pause, slot.delay)

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        super()._response_downloaded(response, request, spider)
        key, slot = self._get_slot(request, spider)
        if key is not None and slot is not None:
            configured = self.crawler.engine.downloader.per_slot_settings.get(key, {}).get("delay", 0.0)
            slot.delay = max(slot.delay, configured, self.floors.get(key, 0.0))


class PoliteRetry(RetryMiddleware):
    """Retries, except where a server wants a longer pause than a run waits; and the circuit breaker."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler.settings)
        self.crawler = crawler
        self.failures = 0
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it for a crawler."""
        return cls(crawler)

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Spider | None = None,  # noqa: ARG002  the base class has it
    ) -> Request | Response:
        """Retry what may pass; a host that says it is overloaded gets the pause that it asks for."""
        if response.status in OVERLOADED and pause_after(request, response) > MOST_PATIENCE:
            return response
        if response.status >= 500:
            self._count_failure()
        else:
            self.failures = 0
        return super().process_response(request, response)

    def process_exception(
        self,
        request: Request,
        exception: Exception,
        spider: Spider | None = None,  # noqa: ARG002  the base class has it
    ) -> Request | Response | None:
        """Retry what may pass; count what did not."""
        if not isinstance(exception, IgnoreRequest | NewscrawlError):  # the rest is not the site's doing
            self._count_failure()
        return super().process_exception(request, exception)

    def _count_failure(self) -> None:
        self.failures += 1
        if self.failures >= BREAKER and self._closing is None:
            logger.warning("%d requests in a row failed: the site is left alone", self.failures)
            self._closing = asyncio.create_task(self.crawler.engine.close_spider_async(reason="site_down"))


def pause_after(request: Request, response: Response) -> float:
    """Return the seconds that a 429 or 503 asks for; longer with every retry where it names none."""
    wanted = retry_after(response.headers.get(b"Retry-After"), clock.now())
    return float(DEFAULT_PAUSE * 2 ** request.meta.get("retry_times", 0)) if wanted is None else wanted


def retry_after(header: bytes | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, 10.2.3: seconds or a date), None without one."""
    text = (header or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (ValueError, TypeError):
        return None
