"""Check spiders on their live portals, side by side: the spider's own requests and callbacks, a few of each."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from scrapy import Request

from newscrawl import chain, clock
from newscrawl.crawl.checks.judge import judge
from newscrawl.crawl.checks.result import ArticleSeen, ListSeen, SiteCheck
from newscrawl.crawl.fetch.failures import reason_of
from newscrawl.crawl.fetch.headers import declared_charset
from newscrawl.crawl.fetch.responses import MOMENT
from newscrawl.crawl.fixtures.compare import article_fields
from newscrawl.crawl.fixtures.offline import call_back, offline_spider
from newscrawl.crawl.monitoring.verdict import SPIDER_ERRORS, UNREACHABLE
from newscrawl.crawl.scaffold.finding import Sample
from newscrawl.crawl.scout import Fetched, send_scouts
from newscrawl.items import Article
from newscrawl.page import read_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scrapy.http import Response
    from scrapy.settings import Settings

    from newscrawl.crawl.scout import Scout
    from newscrawl.items import UrlState
    from newscrawl.spiders._base import NewsSpider

#: List pages, feeds and APIs that are asked for; pages on the way to articles (of an e-paper); articles; parts of one.
LISTS, WAY, ARTICLES, PARTS = 5, 4, 5, 3
#: Where so many lists fail and none came, the site is down.
TRIES = 3
#: Seconds after which a check is cut off; what it has seen so far is judged.
DEADLINE = 300.0
#: So many sites that need a browser are checked at once: each has a Chromium of its own.
BROWSERS = 1


class Visit:
    """The visit to one site: what its spider asks for first, then some of the articles that it finds."""

    def __init__(self, spider: type[NewsSpider], settings: Settings, scout: Scout) -> None:
        self.scout = scout
        self.spider, self.recorder = offline_spider(spider, clock.now(), settings)
        self.check = SiteCheck(str(spider.name), spider.title, spider.status)
        self.waiting: list[Request] = []
        self.headlines: dict[str, str] = {}

    async def go(self) -> None:
        """Make the visit; what is seen goes into `check` as it is seen."""
        await self._robots()
        if not await self._lists():
            return
        for state in self._chosen():
            await self._article(state)

    async def _robots(self) -> None:
        url = next(iter(self.spider.start_pages()), "")
        robots = await self.scout.fetch(f"{'/'.join(url.split('/')[:3])}/robots.txt", robots=False)
        open_to_us = robots.ok or 400 <= robots.status < 500
        self.check.note("robots.txt", open_to_us, f"robots.txt: {robots.problem}" if not open_to_us else "answers")

    async def _lists(self) -> bool:
        """Ask for the first lists of the spider; e-papers have a few pages on the way."""
        async for request in self.spider.start():
            if len(self.waiting) < LISTS:
                self.waiting.append(request)
        asked = 0
        while self.waiting and asked < LISTS + WAY and (asked < LISTS or not self.recorder.offered):
            asked += 1
            await self._list(self.waiting.pop(0))
            if asked == TRIES and all(entry.problem for entry in self.check.lists):
                break
        return bool(self.recorder.offered)

    async def _list(self, request: Request) -> None:
        before = len(self.recorder.offered)
        self.recorder.next_list = ""
        seen = ListSeen(self._shown(request.url))
        self.check.lists.append(seen)
        response = await self._response(request, seen)
        if response is None:
            return
        made = [entry async for entry in self._made(request, response)]
        if not self.recorder.offered:
            lists = [entry for entry in made if isinstance(entry, Request) and "state" not in entry.cb_kwargs]
            self.waiting[:0] = lists[:WAY]
        found = self.recorder.offered[before:]
        seen.links, seen.dated = len(found), sum(bool(state.listed_date) for state in found)
        seen.next_list = self.recorder.next_list
        self._note_headlines(response)

    def _note_headlines(self, response: Response) -> None:
        """Note what links to articles look like, whether or not the spider's rule meets them."""
        charset = declared_charset(response.headers.get("Content-Type", b""))
        for link in read_page(response.body, response.url, encoding=charset).links:
            if self.spider.addresses.is_own(link.url):
                self.headlines.setdefault(self.spider.canonical(link.url), link.text)

    def _chosen(self) -> list[UrlState]:
        """Return the newest articles, of different lists as far as there are."""
        by_list: dict[str, list[UrlState]] = {}
        for state in self.recorder.offered:
            by_list.setdefault(state.found_on, []).append(state)
        chosen: list[UrlState] = []
        while len(chosen) < ARTICLES and any(by_list.values()):
            chosen.extend(states.pop(0) for states in by_list.values() if states)
        return chosen[:ARTICLES]

    async def _article(self, state: UrlState) -> None:
        seen = ArticleSeen(state.fetch_url)
        self.check.articles.append(seen)
        self.recorder.refused = ""
        request: Request | None = self.spider.article_request(state)
        article = None
        for part in range(PARTS):
            response = await self._response(request, seen) if request is not None else None
            if response is None or request is None:
                break
            made = [entry async for entry in self._made(request, response)]
            article = next((entry for entry in made if isinstance(entry, Article)), None)
            request = next((entry for entry in made if isinstance(entry, Request)), None)
            if part == 0:
                self._keep(response, state)
        if article is None:
            seen.problem = seen.problem or self.recorder.refused or "the spider gave no article"
            return
        seen.layout, seen.notes = article.extractor.layout, list(article.notes)
        try:
            chain.process(article)
            seen.values = article_fields(article, article.page_kind)
        except chain.RejectedArticleError as reason:
            seen.problem = f"refused: {reason}"

    def _keep(self, response: Response, state: UrlState) -> None:
        """Keep the page for proposals."""
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        fetched = Fetched(state.url, state.url, response.status, response.body, {"Content-Type": content_type})
        page = read_page(response.body, state.url, encoding=fetched.charset)
        self.check.samples.append(Sample(fetched, page, state.listed_date))

    async def _response(self, request: Request, seen: ListSeen | ArticleSeen) -> Response | None:
        """Return the response to a request of the spider; None, with the problem noted, where there is none."""
        try:
            response = await self.scout.download(request)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001  whatever kept it away is what the check is for
            seen.problem = reason_of(error)
            return None
        request.meta[MOMENT] = clock.now()
        if not 200 <= response.status < 300:
            seen.problem = f"HTTP {response.status}"
            return None
        return response

    async def _made(self, request: Request, response: Response) -> Any:
        response.request = request
        async for entry in call_back(self.spider, request, response):
            yield entry

    def _shown(self, url: str) -> str:
        """Return an address of the portal, where another stands in for it."""
        base = self.spider.base
        return f"https://{self.spider.domains[0]}{url[len(base) :]}" if base and url.startswith(base + "/") else url


async def _job(scout: Scout, spider: type[NewsSpider], settings: Settings, gate: asyncio.Semaphore) -> SiteCheck:
    """Visit one site and judge it."""
    async with gate:
        started = time.monotonic()
        visit = Visit(spider, settings, scout)
        check = visit.check
        try:
            await asyncio.wait_for(visit.go(), DEADLINE)
        except TimeoutError:
            check.note("time", ok=False, seen=f"cut off after {DEADLINE:.0f} s and {scout.pages} pages")
        except Exception as error:  # noqa: BLE001  an error of the spider's own code is an outcome
            check.note("spider", ok=False, seen=f"{type(error).__name__}: {error}"[:300], code=SPIDER_ERRORS)
        check.pages, check.seconds = scout.pages, time.monotonic() - started
        judge(check, spider, visit.recorder, visit.headlines)
        return check


def check_sites(
    sites: Mapping[str, type[NewsSpider]], settings: Settings, *, tell: Callable[[int], None] | None = None
) -> dict[str, SiteCheck]:
    """Check sites by name, side by side, once a process; returns what was found of each, in the order given.

    tell: is called with the number of pages asked for so far.
    """
    browsers, others = asyncio.Semaphore(BROWSERS), asyncio.Semaphore(len(sites) or 1)
    jobs = {}
    for name, spider in sites.items():
        addresses = offline_spider(spider, clock.now(), settings)[0].addresses
        gate = browsers if spider.needs_js else others
        jobs[name] = (addresses, partial(_job, spider=spider, settings=settings, gate=gate))
    checks = {}
    for name, result in send_scouts(jobs, settings, tell=tell).items():
        checks[name] = result if isinstance(result, SiteCheck) else _failed(name, sites[name], result)
    return checks


def _failed(name: str, spider: type[NewsSpider], error: object) -> SiteCheck:
    """Return the check of a site whose visit was broken off from outside."""
    check = SiteCheck(name, spider.title, spider.status)
    if isinstance(error, BaseException):
        check.note("spider", ok=False, seen=f"{type(error).__name__}: {error}"[:300], code=SPIDER_ERRORS)
    else:
        check.note("lists", ok=False, seen="the site stopped answering", code=UNREACHABLE)
    return check
