"""The extraction as a benchmark calls it: bytes in, a plain dict out."""

from __future__ import annotations

from typing import Any

from newscrawl.chain import extract_article


def extract(html: bytes, url: str) -> dict[str, Any]:
    """Return title, date (YYYY-MM-DD), author (the reporters) and body of a page; {} for a page without an article."""
    article = extract_article(html, url)
    if article is None:
        return {}
    return {
        "title": article.title,
        "date": article.published_day,
        "author": article.reporters,
        "body": article.body,
    }
