"""The frontier: which URLs of a site are known, what became of them, and what a run has to take up.

Everything is written to the store as it is found and settled only when the article is safely stored, so that a run
that was killed at any point is taken up by the next one.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from newscrawl import clock
from newscrawl.items import Article, UrlState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newscrawl.items import UrlStateName
    from newscrawl.store import Store

#: A URL that failed is tried again after these hours; then it rests as failed until a list page brings it up again.
RETRY_HOURS = (0.25, 1.0, 6.0, 24.0, 72.0)
#: States that a run takes up again.
OPEN_STATES: tuple[UrlStateName, ...] = ("queued", "fetched", "failed")


class Frontier:
    """The URL states of one site, as one run sees and settles them. All methods may raise StoreError."""

    def __init__(self, store: Store, site: str) -> None:
        self.store = store
        self.site = site
        self.counts: Counter[str] = Counter()
        self._taken: dict[str, UrlState] = {}

    async def discover(self, found: Sequence[UrlState]) -> list[UrlState]:
        """Record URLs that a list page or feed offers and return those that are to be fetched in this run.

        A URL that is stored, gone or refused is known and left alone; one that is taken already is not returned twice.
        """
        fresh: dict[str, UrlState] = {}
        for state in found:
            if state.url not in self._taken:
                fresh.setdefault(state.url, state)
        if not fresh:
            return []
        known = await asyncio.to_thread(self.store.get_urls, list(fresh))
        new = [state for url, state in fresh.items() if url not in known]
        if new:
            await asyncio.to_thread(self.store.add_urls, new)
            self.counts["discovered"] += len(new)
        open_again = [known[url] for url in fresh if url in known and self._is_due(known[url])]
        take = new + open_again
        for state in take:
            self._taken[state.url] = state
        return take

    def _is_due(self, state: UrlState) -> bool:
        if state.state not in OPEN_STATES:
            return False
        return state.next_at is None or state.next_at <= clock.now()

    async def leftover(self, limit: int = 5000) -> list[UrlState]:
        """Return what earlier runs left open and is due now; each URL once a run."""
        due = await asyncio.to_thread(self.store.due_urls, self.site, clock.now(), states=OPEN_STATES, limit=limit)
        fresh = [state for state in due if state.url not in self._taken]
        for state in fresh:
            self._taken[state.url] = state
        self.counts["resumed"] += len(fresh)
        return fresh

    def state_of(self, url: str) -> UrlState | None:
        """Return the state of a URL that this run has taken."""
        return self._taken.get(url)

    async def failed(self, url: str, reason: str, status: int = 0) -> None:
        """Settle a URL that could not be fetched or read: it is tried again later, each time after a longer pause."""
        state = self._taken.get(url)
        if state is None:
            return
        now = clock.now()
        pause = RETRY_HOURS[min(state.tries, len(RETRY_HOURS) - 1)]
        settled = dataclasses.replace(
            state,
            state="failed",
            reason=reason[:300],
            tries=state.tries + 1,
            next_at=now + timedelta(hours=pause),
            last_status=status,
            fetched_at=now,
        )
        await self._settle([settled])

    async def gone(self, url: str, status: int) -> None:
        """Settle a URL whose page is not there (404, 410)."""
        state = self._taken.get(url)
        if state is not None:
            settled = dataclasses.replace(
                state, state="gone", reason=f"HTTP {status}", last_status=status, next_at=None, fetched_at=clock.now()
            )
            await self._settle([settled])

    async def refuse(self, article: Article, reason: str) -> None:
        """Settle the URL of a page that is no article, with the reason."""
        await self.refuse_url(article.canonical_url, reason)

    async def refuse_url(self, url: str, reason: str, status: int = 200) -> None:
        """Settle a URL that is not wanted: no article, forbidden by robots.txt, too old."""
        state = self._taken.get(url)
        if state is not None:
            settled = dataclasses.replace(
                state, state="refused", reason=reason[:300], last_status=status, next_at=None, fetched_at=clock.now()
            )
            await self._settle([settled])

    def stored_states(self, articles: Iterable[Article]) -> list[UrlState]:
        """Return the states that say "stored" for articles; the writer puts them after the articles themselves."""
        states = []
        for article in articles:
            known = self._taken.get(article.canonical_url) or UrlState(
                url=article.canonical_url, fetch_url=article.url, site=self.site, found_at=article.fetched_at
            )
            states.append(
                dataclasses.replace(
                    known,
                    state="stored",
                    reason="",
                    tries=0,
                    next_at=None,
                    last_status=200,
                    fetched_at=article.fetched_at,
                    content_hash=article.content_hash,
                    article_id=article.id,
                )
            )
        return states

    async def _settle(self, states: list[UrlState]) -> None:
        await asyncio.to_thread(self.store.settle_urls, states)
        for state in states:
            self.counts[state.state] += 1
