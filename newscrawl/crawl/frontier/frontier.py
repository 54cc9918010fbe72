"""The frontier: which URLs of a site are known, what became of them, and what a run has to take up.

Everything is written to the store as it is found and settled only when the article is safely stored, so that a run
that was killed at any point is taken up by the next one. List pages beyond the first of a section are in it too, while
they are still to be read: a walk through an archive goes on where it was cut off.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from newscrawl import clock
from newscrawl.crawl.frontier.revisit import CONFIRM_AFTER, LONGEST, RevisitRate, next_look
from newscrawl.items import UrlState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from newscrawl.crawl.gate import StoreGate
    from newscrawl.items import Article, UrlStateName
    from newscrawl.store import Outcome, Store

#: A URL that failed is tried again after so many hours, by the number of its tries; the last pause stays.
RETRY_HOURS = (0.25, 1.0, 6.0, 24.0, 72.0)
#: After so many tries a URL rests until a list page brings it up again.
MOST_TRIES = 8
#: A page that is missing and never was there is believed to be gone after so many tries.
TRIES_OF_MISSING = 4
#: States that a run takes up again.
OPEN_STATES: tuple[UrlStateName, ...] = ("queued", "fetched", "failed")
#: `reason` of a stored URL whose page seems to be gone and waits for its confirmation.
DOUBTED = "gone?"
LIST = "list"


@dataclass(slots=True)
class Discovery:
    """What a list page brought: the URLs to fetch now, and whether any of its URLs was news to the corpus."""

    take: list[UrlState]
    news: bool


class Frontier:
    """The URL states of one site, as one run sees and settles them. All methods may raise StoreLostError."""

    def __init__(self, store: Store, gate: StoreGate, site: str) -> None:
        self.store = store
        self.gate = gate
        self.site = site
        self.counts: Counter[str] = Counter()
        self.rate = RevisitRate()
        self._taken: dict[str, UrlState] = {}
        self._read: set[str] = set()

    # -- taking up ----------------------------------------------------------------------------------------------

    async def leftover(self, limit: int = 1000) -> list[UrlState]:
        """Return what earlier runs left open, and what is to be looked at again, as far as it is due; once a run.

        limit: about so many at a time; there is nothing left when the answer is empty.
        """
        states = (*OPEN_STATES, "stored")  # stored ones are due when their next look is
        fresh: list[UrlState] = []
        full = True
        while full and not fresh:  # what this run passed over stays due, and must not hide what comes behind it
            due = await self.gate.call(self.store.due_urls, self.site, clock.now(), states=states, limit=limit)
            fresh = [state for state in due if state.url not in self._taken and not is_first_page(state)]
            full, limit = len(due) >= limit, limit * 2
        for state in fresh:
            self._taken[state.url] = state
        self.counts["resumed"] += sum(state.state in OPEN_STATES for state in fresh)
        self.counts["looked_again"] += sum(state.state == "stored" for state in fresh)
        return fresh

    async def begin_lists(self, states: Sequence[UrlState]) -> list[tuple[UrlState, bool]]:
        """Put the first pages of sections down as to be read; returns those that this run has not begun yet.

        The flag tells that an earlier run was cut off before it had read the page: what it found elsewhere may hide
        what it did not get to.
        """
        fresh = {state.url: state for state in states if state.url not in self._taken}
        self._taken.update(fresh)
        known = await self.gate.call(self.store.get_urls, list(fresh)) if fresh else {}
        await self._settle(list(fresh.values()))
        return [(state, url in known and known[url].state == "queued") for url, state in fresh.items()]

    async def discover(self, found: Sequence[UrlState], *, next_list: UrlState | None = None) -> Discovery:
        """Record URLs that a list page or feed offers and tell which of them are to be fetched in this run.

        A URL that is stored, gone or refused is known and left alone; one that is taken already is not handed out
        twice. next_list: the list page after this one; it is put down before the articles when any of them is news, so
        that a killed run leaves no gap between the two.
        """
        offered: dict[str, UrlState] = {}
        news = False
        for state in found:
            if state.url in self._taken:
                # new to the corpus, though another page of this run brought it first; a stored one is none
                news = news or not self._taken[state.url].article_id
            else:
                offered.setdefault(state.url, state)
        self._taken.update(offered)  # before the first pause: two pages may offer the same URL at once
        known = await self.gate.call(self.store.get_urls, list(offered)) if offered else {}
        for url in known:
            if is_due(known[url]):
                self._taken[url] = known[url]
            else:
                del self._taken[url]
                self.counts["known"] += known[url].state == "stored"
        new = [state for url, state in offered.items() if url not in known]
        take = [self._taken[url] for url in offered if url in self._taken]
        if (take or news) and next_list is not None:
            await self.put_list(next_list)
        if new:
            await self.gate.call(self.store.add_urls, new)
            self.counts["discovered"] += len(new)
        return Discovery(take, news or bool(take))

    # -- what the run knows of a URL ----------------------------------------------------------------------------

    def state_of(self, url: str) -> UrlState | None:
        """Return the state of a URL that this run has taken."""
        return self._taken.get(url)

    def note(self, url: str, *, etag: str = "", last_modified: str = "") -> None:
        """Keep the validators of a response, for the next conditional request."""
        if url in self._taken:
            self._taken[url] = dataclasses.replace(self._taken[url], etag=etag, last_modified=last_modified)

    # -- settling -----------------------------------------------------------------------------------------------

    async def put_list(self, state: UrlState) -> None:
        """Put a list page down as still to be read, unless this run has read it."""
        if state.url not in self._read:
            await self._settle([state])

    async def list_read(self, url: str) -> None:
        """Settle a list page that has been read and whose articles are in the frontier."""
        self._read.add(url)
        state = self._taken.get(url) or (await self.gate.call(self.store.get_urls, [url])).get(url)
        if state is not None and state.kind == LIST:
            await self._settle([dataclasses.replace(state, state="stored", next_at=None, fetched_at=clock.now())])

    async def failed(self, url: str, reason: str, status: int = 0) -> None:
        """Settle a URL that could not be fetched or read: it is tried again later, each time after a longer pause.

        A URL whose article is stored stays so, and is looked at again after the same pause.
        """
        state = self._taken.get(url)
        if state is None:
            return
        now = clock.now()
        pause = timedelta(hours=RETRY_HOURS[min(state.tries, len(RETRY_HOURS) - 1)])
        rests = state.tries + 1 >= MOST_TRIES
        settled = dataclasses.replace(
            state,
            state="stored" if state.article_id else ("refused" if rests else "failed"),
            reason=reason[:300],
            tries=state.tries + 1,
            next_at=None if rests else now + pause,
            last_status=status,
            fetched_at=now,
        )
        await self._settle([settled], "failed")

    async def missing(self, url: str, reason: str, status: int) -> None:
        """Settle a URL whose page is not there: gone only after confirmation.

        A stored article is believed to be gone when its page is missing on a second look, a day or more later. One that
        never was stored is tried a few times more: lists run ahead of the servers that carry the pages.
        """
        state = self._taken.get(url)
        if state is None:
            return
        now = clock.now()
        gone = dataclasses.replace(state, state="gone", reason=reason, last_status=status, next_at=None, fetched_at=now)
        if not state.article_id and state.tries + 1 < TRIES_OF_MISSING:
            await self.failed(url, reason, status)
            return
        if not state.article_id:
            await self._settle([gone])
            return
        day = now.date().isoformat()
        first = state.reason.removeprefix(DOUBTED).strip() if state.reason.startswith(DOUBTED) else ""
        if first and first < day:
            await self.gate.call(self.store.set_status, state.article_id, "gone", now)
            await self._settle([gone])
            return
        doubted = dataclasses.replace(
            state, reason=f"{DOUBTED} {first or day}", last_status=status, next_at=now + CONFIRM_AFTER, fetched_at=now
        )
        await self._settle([doubted], "doubted")

    async def refuse(self, article: Article, reason: str) -> None:
        """Settle the URL of a page that is no article, with the reason."""
        await self.refuse_url(article.canonical_url, reason)

    async def refuse_url(self, url: str, reason: str, status: int = 200, *, unseen: bool = False) -> None:
        """Settle a URL that is not wanted: no article, forbidden by robots.txt, outside the network's bounds.

        unseen: the page was not looked at (forbidden), which says nothing about a stored article: it stays as it is,
        and is left alone for long.
        """
        state = self._taken.get(url)
        if state is None:
            return
        if state.article_id and unseen:
            await self._settle([dataclasses.replace(state, reason=reason[:300], next_at=clock.now() + LONGEST)])
            return
        if state.article_id:  # it was an article: what stands there now is not to be believed at once
            await self.missing(url, reason, status)
            return
        settled = dataclasses.replace(
            state, state="refused", reason=reason[:300], last_status=status, next_at=None, fetched_at=clock.now()
        )
        await self._settle([settled])

    async def unchanged(self, url: str, published: datetime | None, first_seen: datetime | None) -> None:
        """Settle a stored URL that answered 304: its article still stands as it was."""
        state = self._taken.get(url)
        if state is None:
            return
        now = clock.now()
        self.rate.learn(changed=False)
        await self.gate.call(self.store.mark_seen, [state.article_id], now)
        settled = dataclasses.replace(
            state,
            reason="",
            tries=0,
            last_status=304,
            fetched_at=now,
            next_at=next_look(published, first_seen or now, now, self.rate.factor),
        )
        await self._settle([settled], "not_modified")

    def stored_states(self, articles: Iterable[Article], outcomes: Iterable[Outcome]) -> list[UrlState]:
        """Return the states that say "stored" for articles; the writer puts them after the articles themselves."""
        states = []
        now = clock.now()
        for article, outcome in zip(articles, outcomes, strict=True):
            known = self._taken.get(article.canonical_url) or UrlState(
                url=article.canonical_url, fetch_url=article.url, site=self.site, found_at=article.fetched_at
            )
            if known.article_id:
                self.rate.learn(changed=outcome == "changed")
            states.append(
                dataclasses.replace(
                    known,
                    state="refused" if outcome == "forgotten" else "stored",
                    reason="forgotten" if outcome == "forgotten" else "",
                    tries=0,
                    next_at=next_look(article.published, known.found_at or now, now, self.rate.factor),
                    last_status=200,
                    fetched_at=article.fetched_at,
                    content_hash=article.content_hash,
                    article_id="" if outcome == "forgotten" else article.id,
                )
            )
        return states

    async def _settle(self, states: list[UrlState], count_as: str = "") -> None:
        await self.gate.call(self.store.settle_urls, states)
        for state in states:
            self.counts[count_as or state.state] += state.kind != LIST


def is_first_page(state: UrlState) -> bool:
    """Tell whether a URL is the first list page of a section, which every run begins by itself."""
    return state.kind == LIST and state.priority == -1


def is_due(state: UrlState) -> bool:
    """Tell whether a known URL is to be fetched when a list page brings it up."""
    if state.state not in OPEN_STATES:
        return False
    return state.next_at is None or state.next_at <= clock.now()
