"""NewsSpider: what all portals have in common. A site file sets class attributes and, at most, overrides one method."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import scrapy
from scrapy import signals
from scrapy.exceptions import DontCloseSpider

from newscrawl import clock
from newscrawl.crawl.fetch.failures import failed_request, reason_of
from newscrawl.crawl.fetch.headers import declared_charset
from newscrawl.crawl.frontier.discovery import MAX_DEPTH, read_offer
from newscrawl.crawl.frontier.frontier import LIST
from newscrawl.crawl.frontier.settle import settle_list
from newscrawl.spiders._articles import ArticleSpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from newscrawl.items import UrlState
    from newscrawl.page import Link, Page

#: So many URLs of earlier runs are taken up at a time.
LEFTOVER = 1000
#: Where a walk was cut off, so many list pages without news are passed before it ends.
PATIENCE = 3


class NewsSpider(ArticleSpider):
    """Section pages → article links by URL rule → read_page → the item pipelines.

    The class attributes of a site file are told in `PortalSpider`.
    """

    _more_waits = False
    _taking: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider for a crawl."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.take_more, signal=signals.spider_idle)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Take up what an earlier run left, then the list pages."""
        await self.context.open()
        async for request in self._leftover():
            yield request
        for url in self.addresses.stand_ins(self.indexes):
            if self.selection.ask_one():
                yield self.index_request(url)
        async for request in self._begin(self.start_pages()):
            yield request

    def index_request(self, url: str, depth: int = 0) -> scrapy.Request:
        """Ask for a feed, a sitemap or a JSON list."""
        return scrapy.Request(
            url, callback=self.parse_index, errback=self.list_failed, cb_kwargs={"depth": depth}, priority=5
        )

    async def parse_index(self, response: Response, depth: int = 0) -> AsyncIterator[Any]:
        """Follow a feed, a sitemap or a JSON list: articles that are new, further sitemaps."""
        charset = declared_charset(response.headers.get("Content-Type", b""))
        offer = read_offer(response.body, response.url, encoding=charset, now=clock.now())
        if offer is None:
            self.logger.warning("%s is no feed, no sitemap and no JSON list", response.url)
            return
        self.crawler.stats.inc_value("newscrawl/list/read")
        requests, _ = await self.take_offered(offer.links, response.url)
        for request in requests:
            yield request
        for url in offer.lists if depth < MAX_DEPTH else ():
            if self.addresses.is_own(url) and self.selection.ask_one():
                yield self.index_request(url, depth + 1)

    async def take_offered(self, links: Sequence[Link], list_url: str) -> tuple[list[scrapy.Request], bool]:
        """Return requests for the articles among the links of a list that are new, and whether any was news."""
        articles = [link for link in links if self.is_article(link.url)]
        self.crawler.stats.inc_value("newscrawl/list/articles", len(articles))
        wanted = self._wanted(articles, list_url)
        requests, news = [], False
        for start in range(0, len(wanted), LEFTOVER):
            discovery = await self.context.frontier.discover(wanted[start : start + LEFTOVER])
            news = news or bool(discovery.news)
            requests += [self.article_request(state) for state in discovery.take if self.selection.take_one()]
        return requests, news

    async def _begin(self, urls: Sequence[str]) -> AsyncIterator[scrapy.Request]:
        """Ask for the first pages of sections, each once a run."""
        states = [self.addresses.list_state(url, 1) for url in urls]
        for state, interrupted in await self.context.frontier.begin_lists(states):
            if not self.selection.ask_one():
                continue
            home = not self.is_section(state.url)
            yield self.list_request(self.addresses.fetchable(state), home=home, patience=PATIENCE if interrupted else 0)

    async def _leftover(self) -> AsyncIterator[scrapy.Request]:
        states = await self.context.frontier.leftover(LEFTOVER)
        self._more_waits = bool(states)
        for state in states:
            if state.kind == LIST:
                if self.selection.ask_one():
                    address = self.addresses.fetchable(state)
                    yield self.list_request(address, number=-state.priority, patience=PATIENCE)
            elif not self.is_article(state.url):
                await self.context.frontier.refuse_url(state.url, "no address of an article any more", unseen=True)
            elif self.selection.wants(state.url, state.listed_date) and self.selection.take_one():
                yield self.article_request(state)

    def take_more(self) -> None:
        """When nothing is under way: take up what was too much at the start."""
        if self._more_waits:
            if self._taking is None or self._taking.done():
                self._taking = asyncio.ensure_future(self._take_more())
            raise DontCloseSpider

    async def _take_more(self) -> None:
        async for request in self._leftover():
            self.crawler.engine.crawl(request)

    def list_request(
        self, url: str, *, number: int = 1, home: bool = False, patience: int = 0, walk: set[str] | None = None
    ) -> scrapy.Request:
        """Ask for a list page; `number` counts the pages of one section.

        patience: so many pages without news do not end the walk, where an earlier run was cut off.
        walk: the articles that earlier pages of the walk have shown.
        """
        return scrapy.Request(
            url,
            callback=self.parse_list,
            errback=self.list_failed,
            cb_kwargs={"number": number, "home": home, "patience": patience, "walk": set() if walk is None else walk},
            meta=self.browser_meta() if self.needs_js else {},
            priority=10 - min(number, 10),
        )

    async def parse_list(
        self, response: Response, *, walk: set[str], number: int = 1, home: bool = False, patience: int = 0
    ) -> AsyncIterator[Any]:
        """Follow a list page: articles that are new, further sections of the homepage, the next page."""
        self.crawler.stats.inc_value("newscrawl/list/read")
        page = self.read(response)
        links = [link for link in page.links if self.is_article(link.url)]
        self.crawler.stats.inc_value("newscrawl/list/articles", len(links))
        offered = [state for state in self._wanted(links, response.url) if state.url not in walk]
        walk.update(state.url for state in offered)
        following = None
        if page.next_list and self.selection.walks_on(number, [link.listed_date for link in links]):
            following = self.addresses.list_state(page.next_list, number + 1)
        discovery = await self.context.frontier.discover(offered, next_list=following)
        for state in discovery.take:
            if self.selection.take_one():
                yield self.article_request(state)
        if home:
            for url in page.feeds:
                if self.addresses.is_own(url) and self.selection.ask_one():
                    yield self.index_request(url)
            async for request in self._begin(self.further_lists(page)):
                yield request
        if following is not None and (discovery.news or patience or self.selection.full):
            if not discovery.news:
                await self.context.frontier.put_list(following)
            if self.selection.ask_one():
                left = max(patience - (not discovery.news), 0)
                yield self.list_request(page.next_list, number=number + 1, patience=left, walk=walk)
        for url in dict.fromkeys((response.url, *response.meta.get("redirect_urls", ())[:1])):  # as asked for, too
            await self.context.frontier.list_read(self.canonical(url))

    def further_lists(self, page: Page) -> list[str]:
        """Return the list pages that a start page leads to."""
        return [link.url for link in page.links if self.is_section(link.url)]

    def _wanted(self, links: Sequence[Link], list_url: str) -> list[UrlState]:
        """Return the states of the links that lie within the bounds of the run."""
        wanted = (link for link in links if self.selection.wants(link.url, link.listed_date))
        return [self.addresses.found(link, list_url) for link in wanted]

    async def list_failed(self, failure: Failure) -> None:
        """Count a list page that could not be read, and leave it to the next run unless there is none such."""
        request, error = failed_request(failure)
        self.crawler.stats.inc_value("newscrawl/list/failed")
        self.context.note_failure(reason_of(error))
        self.logger.warning("list page %s: %s", request.url, reason_of(error))
        await settle_list(self.context.frontier, self.canonical(request.url), error)
