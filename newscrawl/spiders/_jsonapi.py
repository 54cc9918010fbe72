"""Apps and script-built portals whose lists a JSON API gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import scrapy

from newscrawl import clock
from newscrawl.crawl.frontier.discovery import read_offer
from newscrawl.spiders._base import NewsSpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy.http import Response

PAGE = "{page}"


class JsonApiSpider(NewsSpider):
    """Lists from a JSON API, page by page while they bring news; articles are pages, or JSON with the text in it.

    indexes: addresses of the API; "{page}" in one counts pages from `first_page` on. api_headers: what it asks for.
    item_url: address of an entry's article where the API names none, with fields of the entry in it ("…?id={id}").
    An article that the API gives as JSON is read as a page is (see `newscrawl.page.json_page`).
    """

    cms = "JSON API"
    first_page = 1
    api_headers: ClassVar[dict[str, str]] = {}
    item_url = ""

    def index_request(self, url: str, depth: int = 0) -> scrapy.Request:  # noqa: ARG002  such a list leads to no other
        """Ask for the first page of a list."""
        return self.page_request(url, self.first_page)

    def page_request(self, template: str, number: int) -> scrapy.Request:
        """Ask for a page of a list."""
        return scrapy.Request(
            template.replace(PAGE, str(number)),
            callback=self.parse_page,
            errback=self.list_failed,
            headers=self.api_headers,
            cb_kwargs={"template": template, "number": number},
            priority=5,
        )

    async def parse_page(self, response: Response, template: str, number: int) -> AsyncIterator[Any]:
        """Follow a page of a list: the articles that are new, and the next page if there were any."""
        offer = read_offer(response.body, response.url, now=clock.now(), item_url=self.item_url)
        if offer is None:
            self.logger.warning("%s is no JSON list", response.url)
            return
        self.crawler.stats.inc_value("newscrawl/list/read")
        requests, news = await self.take_offered(offer.links, response.url)
        for request in requests:
            yield request
        pages = number - self.first_page + 1
        goes_on = self.selection.walks_on(pages, [link.listed_date for link in offer.links])
        if PAGE in template and offer.links and goes_on and (news or self.selection.full) and self.selection.ask_one():
            yield self.page_request(template, number + 1)
