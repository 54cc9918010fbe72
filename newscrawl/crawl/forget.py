"""Take one article out everywhere: store, search index, archive; and keep it from coming back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newscrawl import clock
from newscrawl.archive.erase import erase_urls
from newscrawl.archive.shared import staging_dir
from newscrawl.search import open_index
from newscrawl.text.urls import article_part, canonicalize

if TYPE_CHECKING:
    from pathlib import Path

    from newscrawl.items import Article
    from newscrawl.store import Store


@dataclass(slots=True)
class Forgotten:
    """What was taken out: revisions from the store, records from the archive."""

    article_id: str
    revisions: int
    archive_records: int


def forget(store: Store, article: Article, archive: Path) -> Forgotten:
    """Forget an article. Its id stays barred: a later crawl or replay of its page stores nothing.

    Raises StoreError, and OSError where an archive file cannot be rewritten; it may be called again then.
    """
    revisions = len(store.revisions(article.id))
    addresses = {_article_address(url) for url in (article.url, article.canonical_url, *article.url_aliases)}
    records = 0
    for path in [*sorted(archive.rglob("*.warc.gz")), *sorted(staging_dir().rglob("*.warc.gz"))]:
        records += erase_urls(path, lambda url: _article_address(url) in addresses)
    index = open_index(store)
    index.remove(article)
    store.forget(article.id, clock.now())
    index.sync(store)
    index.close()
    return Forgotten(article.id, revisions, records)


def _article_address(url: str) -> str:
    """Return the address that all parts and spellings of an article's address share."""
    return article_part(canonicalize(url))[0]
