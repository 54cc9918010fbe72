"""robots.txt, asked for once a host however many requests wait for it.

Scrapy 2.19's own middleware hands waiters nothing when several requests start at once, and lets them through (3 of 5
forbidden URLs were fetched); here all of them share one task per scheme and host.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.httpobj import urlparse_cached

from newscrawl.crawl.fetch.failures import RobotsUnknownError, reason_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)


class SharedRobotsTxt(RobotsTxtMiddleware):
    """RobotsTxtMiddleware with one shared task per netloc.

    A robots.txt that is missing (4xx) allows everything; one that the server fails to give (5xx, 429, no answer) closes
    the host for this run, as RFC 9309 (2.3.1.4) asks.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._tasks: dict[str, asyncio.Task[RobotParser | None]] = {}
        self._closed: dict[str, str] = {}

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """Return the parser for the host of a request; None allows everything."""
        parts = urlparse_cached(request)
        key = f"{parts.scheme}://{parts.netloc}"
        if key not in self._tasks:
            self._tasks[key] = asyncio.create_task(self._fetch(key, request))
        parser = await asyncio.shield(self._tasks[key])
        if key in self._closed:
            raise RobotsUnknownError(f"no robots.txt of {parts.netloc} ({self._closed[key]}): left alone in this run")
        return parser

    async def _fetch(self, base: str, request: Request) -> RobotParser | None:
        stats = self.crawler.stats
        robots = Request(
            f"{base}/robots.txt",
            priority=self.DOWNLOAD_PRIORITY,
            meta={"dont_obey_robotstxt": True, "allow_offsite": True},
            callback=NO_CALLBACK,
        )
        stats.inc_value("robotstxt/request_count")
        try:
            response = await self.crawler.engine.download_async(robots)
        except IgnoreRequest:
            return None
        except Exception as error:  # noqa: BLE001  whatever kept it from us, the rule is the same
            stats.inc_value(f"robotstxt/exception_count/{type(error).__name__}")
            self._close(base, reason_of(error))
            return None
        stats.inc_value("robotstxt/response_count")
        stats.inc_value(f"robotstxt/response_status_count/{response.status}")
        if response.status >= 500 or response.status == 429:
            self._close(base, f"HTTP {response.status}")
            return None
        if response.status >= 400:
            return None
        parser: RobotParser = ProtegoRobotParser.from_crawler(self.crawler, response.body)
        await self.crawler.signals.send_catch_log_async(
            signal=signals.robots_parsed, robotparser=parser, request=request
        )
        return parser

    def _close(self, base: str, reason: str) -> None:
        self._closed[base] = reason
        logger.warning("no robots.txt from %s (%s): the host is left alone in this run", base, reason)
