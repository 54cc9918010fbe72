"""Give stored articles and URL states the addresses that today's canonicalisation makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.crawl.project import project_settings
from newscrawl.crawl.sites import all_sites
from newscrawl.items import article_id
from newscrawl.text.site_urls import canonical_of
from newscrawl.text.urls import CANONICAL_VERSION

if TYPE_CHECKING:
    from newscrawl.store import Store

#: URL states are moved so many at a time.
BATCH = 1000


def rekey_store(store: Store) -> tuple[int, int]:
    """Move every article whose canonical URL is spelt otherwise today; returns how many moved and how many stayed.

    Hosts that a site's spider names as one are one. May be stopped and started again. Raises StoreError.
    """
    domains = {name: spider.domains for name, spider in all_sites(project_settings()).items()}
    kept = 0
    new_ids: set[str] = set()
    for stored in store.dump_articles():  # in the order of ids: one that was moved may come again under its new id
        if stored.id in new_ids:
            continue
        head = store.get(stored.id)
        if head is None:
            continue
        canonical = canonical_of(head.canonical_url or head.url, domains.get(head.site, ()))
        if article_id(canonical) == head.id:
            kept += 1
            continue
        new_ids.add(store.rekey(head.id, canonical_url=canonical, canonical_version=CANONICAL_VERSION))
    _rekey_urls(store, domains)
    return len(new_ids), kept


def _rekey_urls(store: Store, domains: dict[str, tuple[str, ...]]) -> None:
    moves: list[tuple[str, str]] = []
    for state in store.url_states():
        canonical = canonical_of(state.url, domains.get(state.site, ()))
        if canonical != state.url:
            moves.append((state.url, canonical))
        if len(moves) >= BATCH:
            store.rekey_urls(moves)
            moves = []
    store.rekey_urls(moves)
