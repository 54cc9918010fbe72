"""Find the article that somebody means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.errors import NewscrawlError

if TYPE_CHECKING:
    from newscrawl.items import Article
    from newscrawl.store import Store


class NotFoundError(NewscrawlError):
    """Nothing in the store is what was asked for."""


def one_article(store: Store, id_or_url: str) -> Article:
    """Return the article that an id, the first digits of one, or an address means; NotFoundError otherwise."""
    found = store.find(id_or_url)
    if not found:
        raise NotFoundError(f"no article is {id_or_url!r} in {store.status().uri}; `newscrawl search` finds ids")
    if len(found) > 1:
        ids = ", ".join(article.id[:12] for article in found[:5])
        raise NotFoundError(f"{id_or_url!r} means several articles ({ids} …): give more digits")
    return found[0]
