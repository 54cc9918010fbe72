"""Requests for pages that only a browser shows; the browser itself comes in with the first of them."""

from __future__ import annotations

from typing import Any

#: A browser context leaks; a fresh one is begun after so many pages.
PAGES_A_CONTEXT = 50
#: Milliseconds that a loaded page may go on fetching what its scripts want.
SETTLE = 4000
NAVIGATION_TIMEOUT = 30_000


def browser_meta(number: int) -> dict[str, Any]:
    """Return the meta of a request for a browser; `number` counts such requests of a run."""
    from scrapy_playwright.page import PageMethod

    return {
        "playwright": True,
        "playwright_context": f"pages-{number // PAGES_A_CONTEXT}",
        "playwright_page_goto_kwargs": {"wait_until": "load", "timeout": NAVIGATION_TIMEOUT},
        "playwright_page_methods": [PageMethod(_settle)],
    }


async def _settle(page: Any) -> None:
    """Give the page's scripts time; a page that never rests is taken as it is then."""
    from playwright.async_api import Error

    try:
        await page.wait_for_load_state("networkidle", timeout=SETTLE)
    except Error:
        return
