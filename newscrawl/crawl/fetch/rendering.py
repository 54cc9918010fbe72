"""Requests for pages that only a browser shows; the browser itself comes in with the first of them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from newscrawl.crawl.fetch.responses import SERVED

#: A browser context leaks; a fresh one is begun after so many pages.
PAGES_A_CONTEXT = 50
#: Milliseconds that a loaded page may go on fetching what its scripts want.
SETTLE = 4000
NAVIGATION_TIMEOUT = 30_000


def browser_meta(number: int) -> dict[str, Any]:
    """Return the meta of a request for a browser; `number` counts such requests of a run."""
    from scrapy_playwright.page import PageMethod

    served = Served()
    return {
        "playwright": True,
        "playwright_context": f"pages-{number // PAGES_A_CONTEXT}",
        "playwright_page_goto_kwargs": {"wait_until": "load", "timeout": NAVIGATION_TIMEOUT},
        "playwright_page_event_handlers": {"response": served.note},
        "playwright_page_methods": [PageMethod(served.settle)],
        SERVED: served,
    }


class Served:
    """What the server sent for a page, before scripts made of it what the browser shows."""

    def __init__(self) -> None:
        self.body = b""
        self._answer: Any = None

    def note(self, response: Any) -> None:
        """Keep the answer to the latest navigation of the page itself (a challenge loads it anew)."""
        from playwright.async_api import Error

        with suppress(Error):  # an answer for a frame that is not there yet
            if response.request.is_navigation_request() and response.frame.parent_frame is None:
                self._answer = response

    async def settle(self, page: Any) -> None:
        """Give the page's scripts time, then take the answer; a page that never rests is taken as it is then."""
        from playwright.async_api import Error

        with suppress(Error):
            await page.wait_for_load_state("networkidle", timeout=SETTLE)
        with suppress(Error):  # the browser has let go of it
            self.body = await self._answer.body() if self._answer is not None else b""
