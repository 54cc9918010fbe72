"""The text chain: raw strings of an Article become text, dates, credits. Each step takes an article and changes it.

The order is that of the Scrapy pipelines: restore, dates, bylines, boilerplate, validate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newscrawl.chain.boilerplate import remove_boilerplate
from newscrawl.chain.bylines import read_bylines
from newscrawl.chain.dates import read_dates
from newscrawl.chain.restore import restore_text
from newscrawl.chain.validate import RejectedArticleError, validate

if TYPE_CHECKING:
    from collections.abc import Callable

    from newscrawl.items import Article

STEPS: tuple[Callable[[Article], None], ...] = (restore_text, read_dates, read_bylines, remove_boilerplate, validate)

__all__ = [
    "STEPS",
    "RejectedArticleError",
    "extract_article",
    "process",
    "read_bylines",
    "read_dates",
    "remove_boilerplate",
    "restore_text",
    "validate",
]


def process(article: Article) -> Article:
    """Run the whole text chain on an article, each step once, and return it.

    Raises RejectedArticleError where what is left is no article.
    """
    for step in STEPS:
        step(article)
    return article


def extract_article(html: bytes | str, url: str, **options: Any) -> Article | None:
    """Read a page and run the chain on its article; options as of `newscrawl.page.read_page`.

    Returns None for a page that carries no article.
    """
    from newscrawl.page import read_page

    page = read_page(html, url, **options)
    if page.article is None:
        return None
    try:
        return process(page.article)
    except RejectedArticleError:
        return None
