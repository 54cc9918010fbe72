"""NewsSpider: what all portals have in common. A site file sets class attributes and, at most, overrides one method."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import scrapy
from scrapy.exceptions import IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError

from newscrawl import clock
from newscrawl.crawl.context import RunContext, context_of
from newscrawl.items import Candidate, UrlState, article_id
from newscrawl.page import Page, join_parts, read_page
from newscrawl.text.urls import canonicalize, host_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from newscrawl.items import Article
    from newscrawl.page import Layout, Link

#: An article of more parts than this is cut there; a page that always names a next part would never end.
MAX_PARTS = 30


class NewsSpider(scrapy.Spider):
    """Section pages → article links by URL rule → read_page → the item pipelines.

    Class attributes of a site file:
    title, title_en: the portal's name in Chinese and in English; region, level: where it stands.
    domains: its hosts without "www."; the first one stands in canonical URLs.
    homepage, sections: list pages to start from; section_url: rule (regular expression on the path) of further list
    pages that the homepage links to.
    article_url: rule (regular expression, searched in path and query) that an article's canonical URL meets.
    layouts: dated selectors of the site, where the generic extraction needs help.
    schedule: how often it is due; evidence: the month in which the facts of the file were seen; status: "attested" or
    "inferred".
    """

    title = ""
    title_en = ""
    region = ""
    level = ""
    cms = ""
    domains: tuple[str, ...] = ()
    homepage = ""
    sections: tuple[str, ...] = ()
    section_url = ""
    article_url = ""
    layouts: tuple[Layout, ...] = ()
    encoding: str | None = None
    schedule = "1h"
    evidence = ""
    status = "inferred"

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider for a crawl: its context, and the address that the settings put in place of the portal."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.base = crawler.settings.getdict("NEWSCRAWL_SITE_BASE").get(spider.name, "").rstrip("/")
        spider.allowed_domains = [*cls.domains, *([urlsplit(spider.base).hostname] if spider.base else [])]
        return spider

    base = ""

    @cached_property
    def context(self) -> RunContext:
        """The services of this run."""
        return context_of(self.crawler)

    @cached_property
    def aliases(self) -> dict[str, str]:
        """Which hosts are this portal, and the host that stands for all of them in canonical URLs."""
        return dict.fromkeys(self.domains, self.domains[0])

    def canonical(self, url: str) -> str:
        """Return the canonical URL, with the portal's several hosts taken for one."""
        if self.base and url.startswith(self.base + "/"):
            url = f"https://{self.domains[0]}{url[len(self.base) :]}"
        return canonicalize(url, aliases=self.aliases)

    def is_article(self, url: str) -> bool:
        """Tell whether a URL is that of an article of this portal."""
        return self._matches(self.canonical(url), self.article_url)

    def is_section(self, url: str) -> bool:
        """Tell whether a URL is that of a list page of this portal."""
        return self._matches(self.canonical(url), self.section_url)

    def _matches(self, canonical: str, rule: str) -> bool:
        if not rule or host_of(canonical) not in self.domains:
            return False
        parts = urlsplit(canonical)
        return re.search(rule, parts.path + (f"?{parts.query}" if parts.query else "")) is not None

    def start_pages(self) -> list[str]:
        """Return the list pages to start from."""
        pages = list(dict.fromkeys([*self.sections, *([self.homepage] if self.homepage else [])]))
        if not self.base:
            return pages
        return [self.base + (urlsplit(page).path or "/") for page in pages]

    async def start(self) -> AsyncIterator[Any]:
        """Take up what an earlier run left, then the list pages."""
        await self.context.writer.drain_spool()
        for state in await self.context.frontier.leftover():
            if self.is_article(state.url):
                yield self.article_request(state)
        for page in self.start_pages():
            yield self.list_request(page, home=not self.is_section(page))

    def list_request(self, url: str, *, number: int = 1, home: bool = False) -> scrapy.Request:
        """Ask for a list page; `number` counts the pages of one section."""
        return scrapy.Request(
            url,
            callback=self.parse_list,
            errback=self.list_failed,
            cb_kwargs={"number": number, "home": home},
            priority=10 - min(number, 10),
        )

    def article_request(self, state: UrlState) -> scrapy.Request:
        """Ask for an article."""
        return scrapy.Request(
            state.fetch_url,
            callback=self.parse_article,
            errback=self.article_failed,
            cb_kwargs={"state": state},
            priority=20,
        )

    async def parse_list(self, response: Response, *, number: int = 1, home: bool = False) -> AsyncIterator[Any]:
        """Follow a list page: articles that are new, further sections of the homepage, the next page."""
        self.crawler.stats.inc_value("newscrawl/list/read")
        page = self.read(response)
        links = [link for link in page.links if self.is_article(link.url)]
        self.crawler.stats.inc_value("newscrawl/list/articles", len(links))
        fresh = await self.context.frontier.discover([self.found(link, response.url) for link in self.wanted(links)])
        for state in fresh:
            if self.take_one():
                yield self.article_request(state)
        if home:
            for link in page.links:
                if self.is_section(link.url):
                    yield self.list_request(link.url)
        more = bool(fresh) or self.settings.getbool("NEWSCRAWL_FULL")
        if page.next_list and more and number < self.settings.getint("NEWSCRAWL_MAX_LIST_PAGES"):
            yield self.list_request(page.next_list, number=number + 1)

    def wanted(self, links: Sequence[Link]) -> list[Link]:
        """Leave out articles from before the day that the run starts from, where the list says their date."""
        since = self.settings.get("NEWSCRAWL_SINCE") or ""
        return [link for link in links if not (since and link.listed_date and link.listed_date[:10] < since)]

    def take_one(self) -> bool:
        """Tell whether the run's bound on articles admits one more, and count it."""
        bound = self.settings.getint("NEWSCRAWL_MAX_ARTICLES")
        taken = self.crawler.stats.get_value("newscrawl/articles/taken", 0)
        if bound and taken >= bound:
            return False
        self.crawler.stats.inc_value("newscrawl/articles/taken")
        return True

    def found(self, link: Link, list_url: str) -> UrlState:
        """Return the state of a URL that a list page offers."""
        return UrlState(
            url=self.canonical(link.url),
            fetch_url=link.url,
            site=str(self.name),
            found_at=clock.now(),
            found_on=list_url,
            listed_date=link.listed_date,
        )

    def read(self, response: Response) -> Page:
        """Read a response once; override it where a portal's pages need another hand."""
        header = response.headers.get("Content-Type", b"").decode("latin-1")
        declared = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", header, re.IGNORECASE)
        return read_page(
            response.body,
            response.url,
            encoding=self.encoding or (declared[1] if declared else None),
            layouts=self.layouts,
            fetched_at=clock.now(),
        )

    async def parse_article(
        self, response: Response, state: UrlState, parts: tuple[Page, ...] = ()
    ) -> AsyncIterator[Any]:
        """Read an article; ask for its further parts first, then hand it to the pipelines."""
        page = self.read(response)
        if page.article is None and not parts:
            self.crawler.stats.inc_value(f"newscrawl/refused/{page.kind}")
            reason = f"{page.kind}: {page.reason}".rstrip(": ")
            await self.context.frontier.refuse_url(state.url, reason, response.status)
            return
        parts = (*parts, page)
        if page.next_part and len(parts) < MAX_PARTS and self._is_new_part(page.next_part, parts):
            yield scrapy.Request(
                page.next_part,
                callback=self.parse_article,
                errback=self.article_failed,
                cb_kwargs={"state": state, "parts": parts},
                priority=30,
            )
            return
        first, *others = [part.article for part in parts if part.article is not None]
        yield self.complete(join_parts(first, *others), state)

    def _is_new_part(self, url: str, parts: Sequence[Page]) -> bool:
        return host_of(self.canonical(url)) in self.domains and url not in {part.url for part in parts}

    def complete(self, article: Article, state: UrlState) -> Article:
        """Fill in what the crawl knows of an article and its page does not."""
        article.url = state.fetch_url
        article.url_aliases = sorted({self.canonical(url) for url in (article.canonical_url, article.url) if url})
        article.canonical_url = state.url
        article.url_aliases = [alias for alias in article.url_aliases if alias != state.url]
        article.id = article_id(state.url)
        article.site = str(self.name)
        article.run_id = self.context.run.id
        article.fetched_at = article.fetched_at or clock.now()
        if state.listed_date:
            article.candidates.append(Candidate("date", state.listed_date, "list"))
        return article

    def list_failed(self, failure: Failure) -> None:
        """Count a list page that could not be read; the verdict of the run says what it means."""
        reason = reason_of(failure)
        self.crawler.stats.inc_value("newscrawl/list/failed")
        self.logger.warning("list page %s: %s", failure.request.url, reason)  # type: ignore[attr-defined]

    async def article_failed(self, failure: Failure) -> None:
        """Settle an article that could not be fetched."""
        state: UrlState = failure.request.cb_kwargs["state"]  # type: ignore[attr-defined]
        error, reason = failure.value, reason_of(failure)
        self.crawler.stats.inc_value("newscrawl/articles/failed")
        frontier = self.context.frontier
        if isinstance(error, HttpError) and error.response.status in (404, 410):
            await frontier.gone(state.url, error.response.status)
        elif isinstance(error, IgnoreRequest) and not isinstance(error, HttpError):
            await frontier.refuse_url(state.url, reason, 0)
        else:
            status = error.response.status if isinstance(error, HttpError) else 0
            await frontier.failed(state.url, reason, status)


def reason_of(failure: Failure) -> str:
    """Say in a few words what went wrong with a request."""
    error = failure.value
    if isinstance(error, HttpError):
        return f"HTTP {error.response.status}"
    text = str(error).strip().replace("\n", " ")
    return f"{type(error).__name__}: {text}"[:300] if text else type(error).__name__
