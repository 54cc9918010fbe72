"""The browser for pages that nothing else shows, through scrapy-playwright; it starts with the first of them.

Chromium of Debian or of Playwright is found by itself; where there is none, such pages are refused with that reason.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

from newscrawl.crawl.fetch.guard import refusal
from newscrawl.crawl.fetch.guard_proxy import GuardProxy
from newscrawl.crawl.fetch.responses import served_body
from newscrawl.crawl.fetch.tls import certificate_policy
from newscrawl.errors import NewscrawlError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

UNWANTED = frozenset({"image", "media", "font"})
ARGUMENTS = (
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--proxy-bypass-list=<-loopback>",  # loopback goes through the guard as well
)


class NoBrowserError(NewscrawlError):
    """A page needs a browser and none is installed."""


def find_chromium() -> str | None:
    """Return the path of a Chromium: NEWSCRAWL_CHROMIUM, the system's, Playwright's own; None where there is none."""
    named = os.environ.get("NEWSCRAWL_CHROMIUM")
    for name in (named, "chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name) if name else None
        if found:
            return found
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    for pattern in ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*/Contents/MacOS/*"):
        for path in sorted(cache.glob(pattern), reverse=True):
            return str(path)
    return None


class BrowserOnDemand(HTTP11DownloadHandler):
    """Scrapy's own download handler; requests for a browser go to one that is started for the first of them."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.crawler = crawler
        self._contextFactory = certificate_policy(crawler, self._contextFactory)
        self._opened = frozenset(crawler.settings.getlist("NEWSCRAWL_OPEN_LOOPBACK"))
        self._lock = asyncio.Lock()
        self._proxy: GuardProxy | None = None
        self._browser: ScrapyPlaywrightDownloadHandler | None = None

    async def download_request(self, request: Request) -> Response:
        """Download a page; raises NoBrowserError where it needs a browser and there is none."""
        if not request.meta.get("playwright"):
            return await super().download_request(request)
        browser = await self._started()
        response: Response = await browser.download_request(request)
        limit = self.crawler.settings.getint("DOWNLOAD_MAXSIZE")
        if limit and max(len(response.body), len(served_body(request))) > limit:
            raise NoBrowserError(f"{request.url} has more than {limit} bytes, as it came or once its scripts have run")
        await self._retire(browser, request.meta["playwright_context"])
        return response

    async def _started(self) -> ScrapyPlaywrightDownloadHandler:
        async with self._lock:
            if self._browser is None:
                path = find_chromium()
                if path is None:
                    raise NoBrowserError("this page needs a browser: apt-get install chromium, or playwright install")
                from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

                self._proxy = GuardProxy(self._opened)
                port = await self._proxy.start()
                sandbox = () if os.geteuid() else ("--no-sandbox",)  # Chromium refuses its sandbox to root
                browser = ScrapyPlaywrightDownloadHandler(self.crawler)
                browser.abort_request = self._unwanted
                browser.config.launch_options = {
                    "executable_path": path,
                    "args": [*ARGUMENTS, *sandbox],
                    "proxy": {"server": f"http://127.0.0.1:{port}"},
                }
                await browser._launch()  # noqa: SLF001  it does so itself only when the engine starts
                self._browser = browser
        return self._browser

    def _unwanted(self, request: Any) -> bool:
        return request.resource_type in UNWANTED or refusal(request.url, self._opened) is not None

    async def _retire(self, browser: ScrapyPlaywrightDownloadHandler, current: str) -> None:
        """Close contexts that no page uses any more."""
        for name, wrapper in list(browser.context_wrappers.items()):
            if name != current and not wrapper.context.pages:
                await wrapper.context.close()

    async def close(self) -> None:
        """Close the browser, its proxy and the connections."""
        if self._browser is not None:
            await self._browser.close()
        if self._proxy is not None:
            await self._proxy.close()
        await super().close()
