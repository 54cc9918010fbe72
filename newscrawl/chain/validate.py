"""The last step of the chain: refuse what is no article."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newscrawl.items import Article

#: Fewer characters than this, with no image, are the remains of a page, not an article.
MIN_BODY = 10


class RejectedArticleError(Exception):
    """What is left after the chain is no article; the message is the reason, short and stable (it is counted)."""


def validate(article: Article) -> None:
    """Check that an article has a title and a body (or pictures), and take the space around them off.

    Raises RejectedArticleError with the reason "no title" or "no body".
    """
    article.title = article.title.strip()
    article.body = article.body.strip()
    if not article.title:
        raise RejectedArticleError("no title")
    if len(article.body) < MIN_BODY and not article.images:
        raise RejectedArticleError("no body")
