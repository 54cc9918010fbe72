"""Restore the text of an article that a mirror damaged: one verdict for the whole page, edits kept."""

from __future__ import annotations

from newscrawl.items import Article


def restore_text(article: Article) -> None:
    """Restore title, body and raw lines of an article in place (first step of the chain)."""
    if not article.body:
        article.body = article.body_raw
