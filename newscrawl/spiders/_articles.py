"""How articles are asked for and read: their parts, what a script guards, what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import scrapy

from newscrawl import clock
from newscrawl.crawl.fetch.challenge import plain_cookies
from newscrawl.crawl.fetch.failures import failed_request, is_absence, is_refusal, reason_of
from newscrawl.crawl.fetch.headers import conditional_headers, validators
from newscrawl.crawl.fetch.responses import pointer_of
from newscrawl.crawl.frontier.settle import settle_article
from newscrawl.items import Candidate, article_id
from newscrawl.page import Page, join_parts
from newscrawl.spiders._portal import PortalSpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from newscrawl.items import Article, UrlState

#: An article of more parts than this is cut there; a page that always names a next part would never end.
MAX_PARTS = 30


class ArticleSpider(PortalSpider):
    """Reads the articles of a portal: one page or several joined, complete for the item pipelines."""

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
