"""Downloads: what a search finds, article after article, as it is read."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from starlette.responses import StreamingResponse

from newscrawl.errors import NewscrawlError
from newscrawl.store.export_lines import LineFormat, csv_format, json_ld, jsonl
from newscrawl.web.asking import read_asked

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator

    from starlette.types import Receive, Scope, Send

    from newscrawl.items import Article
    from newscrawl.web.visit import Visit

#: Format -> (how it is made, its media type, the file's name).
FORMATS: dict[str, tuple[Callable[[], LineFormat], str, str]] = {
    "jsonl": (jsonl, "application/x-ndjson", "newscrawl.jsonl"),
    "csv": (csv_format, "text/csv; charset=utf-8", "newscrawl.csv"),
    "jsonld": (json_ld, "application/ld+json", "newscrawl.jsonld"),
}
#: Articles written at a time.
STEP = 50


class BusyError(NewscrawlError):
    """As many downloads as there may be are under way."""


@dataclass(slots=True)
class Lanes:
    """A few threads for downloads, one each: an article's reader stays in its thread, and so does its connection."""

    free: list[ThreadPoolExecutor]

    @classmethod
    def make(cls, number: int = 2) -> Lanes:
        """Return so many lanes."""
        return cls([ThreadPoolExecutor(1, "download") for _ in range(number)])

    def take(self) -> ThreadPoolExecutor:
        """Return a free lane. Raises BusyError."""
        if not self.free:
            raise BusyError("other downloads are under way; try again when they are done")
        return self.free.pop()

    def close(self) -> None:
        """End the threads that wait for work."""
        for lane in self.free:
            lane.shutdown(wait=False)


class _Download(StreamingResponse):
    """A stream that gives its lane back however it ends."""

    def __init__(self, lines: LineFormat, articles: Generator[Article], lane: ThreadPoolExecutor, lanes: Lanes) -> None:
        self.lines, self.articles, self.lane, self.lanes = lines, articles, lane, lanes
        super().__init__(self.chunks())

    async def chunks(self) -> AsyncIterator[bytes]:
        """Write the articles, a few at a time, in the lane's thread."""
        loop = asyncio.get_running_loop()
        yield self.lines.header
        first = True
        while chunk := await loop.run_in_executor(self.lane, _encode, self.articles, self.lines, first):
            yield chunk
            first = False
        yield self.lines.footer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; then close what reads the index, in its own thread."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.lane.submit(self.articles.close)
            self.lanes.free.append(self.lane)


async def download(visit: Visit, lanes: Lanes) -> StreamingResponse:
    """Answer with a file of the articles that a search finds. Raises QueryError before anything is sent."""
    name = visit.choice("format", tuple(FORMATS))
    make, media, file_name = FORMATS[name]
    asked = read_asked(visit)
    query = asked.query()
    lane = lanes.take()
    try:
        loop = asyncio.get_running_loop()
        articles = await loop.run_in_executor(lane, _open, visit, query, asked.stories)
    except BaseException:
        lanes.free.append(lane)
        raise
    answer = _Download(make(), articles, lane, lanes)
    answer.headers["Content-Type"] = media
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _open(visit: Visit, query: str, stories: bool) -> Generator[Article]:
    found = visit.corpus.index.articles(query, stories=stories)  # raises QueryError here, before anything is sent
    return (article for article in found)


def _encode(articles: Generator[Article], lines: LineFormat, first: bool) -> bytes:
    parts = []
    for article in islice(articles, STEP):
        parts.append(b"" if first else lines.separator)
        parts.append(lines.encode(article))
        first = False
    return b"".join(parts)
