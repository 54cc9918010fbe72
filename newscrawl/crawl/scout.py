"""Look at portals without crawling them: a few pages each, as politely and as guarded as a crawl, nothing stored.

A job is a coroutine that asks for the pages it wants, one after the other; the jobs of many portals go on side by side
in one process. robots.txt, delays, the network guard, retries and the browser are those of the crawl.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import SETTINGS_PRIORITIES

from newscrawl import clock
from newscrawl.crawl.fetch.failures import reason_of
from newscrawl.crawl.fetch.headers import declared_charset
from newscrawl.crawl.fetch.rendering import browser_meta
from newscrawl.crawl.run.runner import introduce

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
    from datetime import datetime

    from scrapy.http import Response
    from scrapy.settings import Settings

    from newscrawl.crawl.frontier.addresses import Addresses

#: What a scout does without, or does otherwise than a crawl: it has no store, and nobody waits for hours.
SETTINGS: dict[str, Any] = {
    "ITEM_PIPELINES": {},
    "DOWNLOADER_MIDDLEWARES": {"newscrawl.middlewares.Archive": None},
    "EXTENSIONS": {"newscrawl.extensions.RunReport": None},
    "DOWNLOAD_TIMEOUT": 30,
    "RETRY_TIMES": 1,
}


#: Headers of a response that are kept.
KEPT = ("Content-Type", "Last-Modified", "ETag")


@dataclass(slots=True)
class Fetched:
    """A page as it came. url: its address after redirects; error: why there is none, "" where there is one."""

    asked: str
    url: str
    status: int = 0
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    error: str = ""
    moment: datetime = field(default_factory=clock.now)

    @property
    def ok(self) -> bool:
        """Whether the page came, with a status of success."""
        return not self.error and 200 <= self.status < 300

    @property
    def content_type(self) -> str:
        """The Content-Type header, "" where there is none."""
        return self.headers.get("Content-Type", "")

    @property
    def charset(self) -> str | None:
        """The charset that the Content-Type header declares, None where it declares none."""
        return declared_charset(self.content_type.encode("latin-1", "replace"))

    @property
    def problem(self) -> str:
        """Why the page cannot be used, "" where it can."""
        return self.error or ("" if self.ok else f"HTTP {self.status}")


class Scout(scrapy.Spider):
    """Runs one job, which asks it for pages; the result or the error of the job is kept in `result` and `failure`."""

    name = "scout"

    def __init__(
        self,
        addresses: Addresses,
        job: Callable[[Scout], Awaitable[Any]],
        tell: Callable[[int], None] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=addresses.site or "scout", **kwargs)
        self.addresses = addresses
        self.job = job
        self.tell = tell
        self.result: Any = None
        self.failure: BaseException | None = None
        self.pages = 0

    async def start(self) -> AsyncIterator[Any]:
        """Run the job; nothing is crawled."""
        try:
            self.result = await self.job(self)
        except Exception as error:  # noqa: BLE001  told to the caller; other portals go on
            self.failure = error
        return
        yield  # a generator that gives nothing: the job asks for its pages itself

    async def fetch(self, url: str, *, browser: bool = False, robots: bool = True) -> Fetched:
        """Return the page at an address of the portal; never raises for what the site does.

        browser: as a browser shows it; robots=False: only for robots.txt itself.
        """
        meta: dict[str, Any] = browser_meta(self.pages) if browser else {}
        if not robots:
            meta["dont_obey_robotstxt"] = True
        try:
            response = await self.download(scrapy.Request(self.addresses.stand_in(url), meta=meta, dont_filter=True))
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001  whatever kept the page away is the answer
            return Fetched(url, url, error=reason_of(error))
        kept = {name: found.decode("latin-1") for name in KEPT if (found := response.headers.get(name))}
        return Fetched(url, self.own_address(response.url), response.status, response.body, kept)

    async def download(self, request: scrapy.Request) -> Response:
        """Return the response to a request, whatever its status. Raises what a download raises."""
        self.pages += 1
        if self.tell is not None:
            self.tell(1)
        return await self.crawler.engine.download_async(request)

    def own_address(self, url: str) -> str:
        """Return the portal's address of a page that came from what stands in for it."""
        base = self.addresses.base
        if base and (url == base or url.startswith(base + "/")):
            return f"https://{self.addresses.domains[0]}{url[len(base) :]}"
        return url


def send_scouts(
    jobs: Mapping[str, tuple[Addresses, Callable[[Scout], Awaitable[Any]]]],
    settings: Settings,
    *,
    tell: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Run jobs side by side in this process, by name; returns what they return, or the exception of one that failed.

    settings: those of the project. tell: is called with the number of pages asked for so far. Once a process: Scrapy's
    reactor does not start twice.
    """
    asked = 0

    def count(more: int) -> None:
        nonlocal asked
        asked += more
        if tell is not None:
            tell(asked)

    settings = settings.copy()
    for name, value in SETTINGS.items():
        merged = {**settings.getdict(name), **value} if isinstance(value, dict) and value else value
        if (settings.getpriority(name) or 0) < SETTINGS_PRIORITIES["cmdline"]:  # a command line has the last word
            settings.set(name, merged, priority="cmdline")
    introduce(settings)
    process = AsyncCrawlerProcess(settings)
    crawlers = {}
    for name, (addresses, job) in jobs.items():
        crawlers[name] = Crawler(Scout, settings)
        process.crawl(crawlers[name], addresses=addresses, job=job, tell=count)
    process.start()
    return {name: _result_of(crawler) for name, crawler in crawlers.items()}


def _result_of(crawler: Crawler) -> Any:
    spider = crawler.spider
    if not isinstance(spider, Scout):
        return RuntimeError("the scout could not be started")
    return spider.result if spider.failure is None else spider.failure
