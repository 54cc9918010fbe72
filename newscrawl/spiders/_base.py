"""NewsSpider: what all portals have in common. A site file sets class attributes and, at most, overrides one method."""

from __future__ import annotations

import asyncio
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import scrapy
from scrapy import signals
from scrapy.exceptions import DontCloseSpider

from newscrawl import clock
from newscrawl.crawl.fetch.browser import browser_meta
from newscrawl.crawl.fetch.challenge import plain_cookies
from newscrawl.crawl.fetch.failures import failed_request, is_absence, is_refusal, reason_of
from newscrawl.crawl.fetch.headers import conditional_headers, declared_charset, validators
from newscrawl.crawl.frontier.addresses import Addresses
from newscrawl.crawl.frontier.discovery import MAX_DEPTH, read_offer
from newscrawl.crawl.frontier.frontier import LIST
from newscrawl.crawl.frontier.selection import Selection
from newscrawl.crawl.frontier.settle import settle_article, settle_list
from newscrawl.crawl.run.archiving import moment_of, pointer_of
from newscrawl.crawl.run.context import RunContext, context_of
from newscrawl.items import Candidate, article_id
from newscrawl.page import Page, join_parts, read_page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from newscrawl.items import Article, UrlState
    from newscrawl.page import Layout, Link

#: An article of more parts than this is cut there; a page that always names a next part would never end.
MAX_PARTS = 30
#: So many URLs of earlier runs are taken up at a time.
LEFTOVER = 1000
#: Where a walk was cut off, so many list pages without news are passed before it ends.
PATIENCE = 3


class NewsSpider(scrapy.Spider):
    """Section pages → article links by URL rule → read_page → the item pipelines.

    Class attributes of a site file:
    title, title_en: the portal's name in Chinese and in English; region: province (江苏) or 全国 (national); city:
    where it is the portal of one; level: national, provincial, city, county or commercial.
    cms: content management system, set by the family bases (_trs.py, _founder.py …), "" where unknown.
    domains: its domains without "www."; the first one stands in canonical URLs. Hosts below them are the portal's too.
    homepage, sections: list pages to start from; section_url: rule (regular expression on the path) of further list
    pages that the homepage links to. indexes: feeds, sitemaps and JSON list APIs to read as well.
    article_url: rule (regular expression, searched in path and query; with the host where it begins with "^//") that
    an article's canonical URL meets.
    layouts: dated selectors of the site, where the generic extraction needs help.
    needs_js: pages that only a browser shows. schedule: how often it is due.
    unverified_hosts: hosts whose TLS certificates are not checked (run out, self-signed); all others are.
    evidence: the month in which the facts of the file were seen; status: "attested" or "inferred".
    """

    title = ""
    title_en = ""
    region = ""
    city = ""
    level = ""
    cms = ""
    domains: tuple[str, ...] = ()
    homepage = ""
    sections: tuple[str, ...] = ()
    section_url = ""
    indexes: tuple[str, ...] = ()
    article_url = ""
    layouts: tuple[Layout, ...] = ()
    encoding: str | None = None
    needs_js = False
    unverified_hosts: tuple[str, ...] = ()
    schedule = "1h"
    evidence = ""
    status = "inferred"

    allowed_domains: list[str]
    _more_waits = False
    _taking: asyncio.Future[None] | None = None
    #: Address to crawl in place of the portal (the demo portal); set from NEWSCRAWL_SITE_BASE.
    base = ""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider for a crawl."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.base = crawler.settings.getdict("NEWSCRAWL_SITE_BASE").get(spider.name, "").rstrip("/")
        spider.allowed_domains = [*cls.domains, *([urlsplit(spider.base).hostname or ""] if spider.base else [])]
        crawler.signals.connect(spider.take_more, signal=signals.spider_idle)
        return spider

    # -- what belongs to the portal -----------------------------------------------------------------------------

    @cached_property
    def context(self) -> RunContext:
        """The services of this run."""
        return context_of(self.crawler)

    @cached_property
    def selection(self) -> Selection:
        """Which articles this run takes."""
        return Selection.from_settings(self.settings)

    @cached_property
    def addresses(self) -> Addresses:
        """The portal's hosts, canonical URLs, and where they are asked for."""
        return Addresses(str(self.name), self.domains, self.base)

    def canonical(self, url: str) -> str:
        """Return the canonical URL, with the portal's several hosts taken for one."""
        return self.addresses.canonical(url)

    def is_article(self, url: str) -> bool:
        """Tell whether a URL is that of an article of this portal."""
        return self.addresses.matches(url, self.article_url)

    def is_section(self, url: str) -> bool:
        """Tell whether a URL is that of a list page of this portal."""
        return self.addresses.matches(url, self.section_url)

    def start_pages(self) -> list[str]:
        """Return the list pages to start from."""
        return self.addresses.stand_ins([*self.sections, self.homepage])

    # -- the crawl ----------------------------------------------------------------------------------------------

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

    def article_request(self, state: UrlState) -> scrapy.Request:
        """Ask for an article; one that is stored is asked for only if it changed."""
        return scrapy.Request(
            self.addresses.fetchable(state),
            callback=self.parse_article,
            errback=self.article_failed,
            headers=conditional_headers(state),
            cb_kwargs={"state": state},
            meta={"handle_httpstatus_list": [304], **(self.browser_meta() if self.needs_js else {})},
            priority=20,
            dont_filter=True,  # the frontier hands every URL out once
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

    def read(self, response: Response) -> Page:
        """Read a response once; override it where a portal's pages need another hand."""
        return read_page(
            response.body,
            response.url,
            encoding=self.encoding or declared_charset(response.headers.get("Content-Type", b"")),
            layouts=self.layouts,
            profile=self.context.learning.profile,
            fetched_at=moment_of(response),
        )

    async def parse_article(
        self, response: Response, state: UrlState, parts: tuple[Page, ...] = ()
    ) -> AsyncIterator[Any]:
        """Read an article; ask for its further parts first, then hand it to the pipelines."""
        if response.status == 304:
            self.crawler.stats.inc_value("newscrawl/articles/not_modified")
            await self.context.still_there(state)
            return
        if not parts:
            self.context.frontier.note(state.url, **validators(response.headers))
        if not parts and self.led_away(response.url, state):
            await self.context.frontier.missing(state.url, f"redirected to {response.url}"[:300], response.status)
            return
        page = self.read(response)
        if page.article is not None:
            page.article.archive = pointer_of(response)
        if page.kind in ("js-shell", "challenge") and not parts and (again := self.another_way(response)) is not None:
            yield again
            return
        if page.article is None and not parts:
            self.crawler.stats.inc_value(f"newscrawl/refused/{page.kind}")
            reason = f"{page.kind}: {page.reason}".rstrip(": ")
            await self.context.frontier.refuse_url(state.url, reason, response.status)
            return
        if not state.article_id:
            self.context.learning.learn_page(page)
        parts = (*parts, page)
        if page.next_part and len(parts) < MAX_PARTS and self._is_new_part(page.next_part, parts):
            yield scrapy.Request(
                page.next_part,
                callback=self.parse_article,
                errback=self.article_failed,
                cb_kwargs={"state": state, "parts": parts},
                priority=30,
                dont_filter=True,
            )
            return
        yield self.joined(parts, state)

    def led_away(self, url: str, state: UrlState) -> bool:
        """Tell whether a redirect led to what is no article: the homepage, a list, another site."""
        same_page = urlsplit(self.canonical(url)).path == urlsplit(state.url).path
        return not same_page and not self.is_article(url)

    def another_way(self, response: Response) -> scrapy.Request | None:
        """Return the request that may show a page which a script fills or guards; None where all ways were tried."""
        request = response.request
        if request is None or request.meta.get("playwright"):
            return None
        cookies = plain_cookies(response.body)
        if cookies and not request.meta.get("newscrawl_cookies"):
            return request.replace(cookies=cookies, meta={**request.meta, "newscrawl_cookies": True}, dont_filter=True)
        if not self.settings.getbool("NEWSCRAWL_BROWSER"):
            return None
        return request.replace(meta={**request.meta, **self.browser_meta()}, dont_filter=True)

    def browser_meta(self) -> dict[str, Any]:
        """Return the meta that sends a request to the browser."""
        self.crawler.stats.inc_value("newscrawl/browser/requests")
        return browser_meta(self.crawler.stats.get_value("newscrawl/browser/requests"))

    def _is_new_part(self, url: str, parts: Sequence[Page]) -> bool:
        return self.addresses.is_own(url) and url not in {part.url for part in parts}

    def joined(self, parts: Sequence[Page], state: UrlState) -> Article:
        """Return the article of one or more pages, complete."""
        first, *others = [part.article for part in parts if part.article is not None]
        return self.complete(join_parts(first, *others), state)

    def complete(self, article: Article, state: UrlState) -> Article:
        """Fill in what the crawl knows of an article and its page does not."""
        aliases = {self.canonical(url) for url in (article.canonical_url, article.url, *article.url_aliases) if url}
        article.url_aliases = sorted(url for url in aliases - {state.url} if self.addresses.is_own(url))
        article.url = state.fetch_url
        article.canonical_url = state.url
        article.id = article_id(state.url)
        article.site = str(self.name)
        article.run_id = self.context.run.id
        article.fetched_at = article.fetched_at or clock.now()
        if state.listed_date:
            article.candidates.append(Candidate("date", state.listed_date, "list"))
        return article

    # -- what went wrong ----------------------------------------------------------------------------------------

    async def list_failed(self, failure: Failure) -> None:
        """Count a list page that could not be read, and leave it to the next run unless there is none such."""
        request, error = failed_request(failure)
        self.crawler.stats.inc_value("newscrawl/list/failed")
        self.context.note_failure(reason_of(error))
        self.logger.warning("list page %s: %s", request.url, reason_of(error))
        await settle_list(self.context.frontier, self.canonical(request.url), error)

    async def article_failed(self, failure: Failure) -> AsyncIterator[Article]:
        """Settle an article that could not be fetched; one of whose parts is not there is taken without it."""
        request, error = failed_request(failure)
        state, parts = request.cb_kwargs["state"], request.cb_kwargs.get("parts", ())
        if parts and (is_absence(error) or is_refusal(error)):
            article = self.joined(parts, state)
            article.notes.append(f"part {len(parts) + 1} is missing: {reason_of(error)}")
            yield article
            return
        if not is_refusal(error):
            self.crawler.stats.inc_value("newscrawl/articles/failed")
            self.context.note_failure(reason_of(error))
        await settle_article(self.context.frontier, state, error)
