"""The last step of the chain: refuse what is no article, settle what the text itself says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newscrawl.items import Article

#: Fewer characters than this, with no image and no date, are the remains of a page, not an article.
MIN_BODY = 10


class RejectedArticleError(Exception):
    """What is left after the chain is no article; the message is the reason, short and stable (it is counted)."""


def validate(article: Article) -> None:
    """Check that an article has a title and a body; raise RejectedArticleError otherwise."""
    if not article.title.strip():
        raise RejectedArticleError("no title")
    if len(article.body.strip()) < MIN_BODY and not article.images:
        raise RejectedArticleError("no body")
