"""Find the store that is there, its stories, and the article that somebody means."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl.errors import NewscrawlError

if TYPE_CHECKING:
    from newscrawl.dedup import Deduplicator
    from newscrawl.items import Article
    from newscrawl.store import Store


class NotFoundError(NewscrawlError):
    """Nothing in the store is what was asked for."""


def existing_store(uri: str | None) -> Store:
    """Open a store for reading; a file that is not there is told, not made.

    Raises NotFoundError, and StoreError for an address that cannot be read.
    """
    from newscrawl.store import open_store
    from newscrawl.store.uri import default_uri, sqlite_path

    store = open_store(uri)
    address = uri or default_uri()
    if address.startswith("sqlite:") and not Path(sqlite_path(address)).exists():
        store.close()
        raise NotFoundError(f"there is no store at {address}; `newscrawl crawl SITE` or `newscrawl demo` makes one")
    return store


def one_article(store: Store, id_or_url: str) -> Article:
    """Return the article that an id, the first digits of one, or an address means; NotFoundError otherwise."""
    found = store.find(id_or_url)
    if not found:
        raise NotFoundError(f"no article is {id_or_url!r} in {store.status().uri}; `newscrawl search` finds ids")
    if len(found) > 1:
        ids = ", ".join(article.id[:12] for article in found[:5])
        raise NotFoundError(f"{id_or_url!r} means several articles ({ids} …): give more digits")
    return found[0]


def open_deduplicator(store: Store, *, cached: bool = False) -> Deduplicator:
    """Return the deduplicator of a store, which knows the portals by the names that they credit themselves with.

    cached: begin with what crawls on this machine have kept of the story log.
    """
    from newscrawl.crawl.project import project_settings
    from newscrawl.crawl.sites import site_names
    from newscrawl.dedup import Deduplicator
    from newscrawl.store.fingerprints import open_story_log

    settings = project_settings()
    cache = Path(settings["NEWSCRAWL_STORIES_CACHE"]) if cached and settings["NEWSCRAWL_STORIES_CACHE"] else None
    return Deduplicator(open_story_log(store), names=site_names(settings), cache=cache)
