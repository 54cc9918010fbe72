"""Every response goes into the archive as it came off the wire, before anything else sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl import clock
from newscrawl.archive import Exchange
from newscrawl.crawl.fetch.responses import MOMENT, POINTER, served_body
from newscrawl.crawl.run.context import context_of
from newscrawl.errors import NewscrawlError

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.http.headers import Headers

    from newscrawl.items import UrlState


class ArchiveError(NewscrawlError):
    """A response could not be archived (disk full); its URL is tried again in a later run."""


class ArchiveResponses:
    """Downloader middleware below all others: bodies are still content-coded, redirects and 304 answers are seen."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.context = context_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build it for a crawler."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Write the exchange; raises ArchiveError where the disk does not take it."""
        archive = self.context.archive
        if archive is None:
            return response
        rendered = "playwright" in response.flags
        moment = request.meta[MOMENT] = clock.now()
        exchange = Exchange(
            url=response.url,
            status=response.status,
            body=served_body(request) if rendered else response.body,
            fetched_at=moment,
            response_headers=_pairs(response.headers),
            request_headers=_pairs(request.headers),
            method=request.method,
            rendered=response.body if rendered else None,
            refers_to=self._earlier(request) if response.status == 304 else None,
        )
        try:
            request.meta[POINTER] = archive.append(exchange)
        except OSError as error:
            self.crawler.stats.inc_value("newscrawl/archive/errors")
            raise ArchiveError(f"{response.url} could not be archived in {archive.root}: {error}") from error
        return response

    def _earlier(self, request: Request) -> datetime | None:
        state: UrlState | None = request.cb_kwargs.get("state")
        return state.fetched_at if state is not None else None


def _pairs(headers: Headers) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values]
