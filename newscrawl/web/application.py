"""The application: which address shows what, in which thread, and what becomes of errors."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from newscrawl.errors import NewscrawlError, WrongUseError
from newscrawl.web import document, reading, searching, watching
from newscrawl.web.asking import SEARCH_VALUES
from newscrawl.web.corpus import SYNC_EVERY
from newscrawl.web.download import BusyError, Lanes, download
from newscrawl.web.guard import Guard
from newscrawl.web.render import Templates
from newscrawl.web.visit import LANGUAGES, NotFoundError, Visit, choose_language, read_values

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from newscrawl.web.corpus import Corpus
    from newscrawl.web.guard import Access

logger = logging.getLogger(__name__)

#: Threads that answer requests; each keeps a connection to the index.
WORKERS = 4
_SEARCH = frozenset(SEARCH_VALUES)


@dataclass(slots=True, frozen=True)
class Page:
    """An address, the function that answers there, and the parameters that it takes."""

    path: str
    answer: Callable[[Visit], Response]
    allowed: frozenset[str] = frozenset()


PAGES = (
    Page("/", searching.search_page, _SEARCH | {"page", "measure"}),
    Page("/articles/{id}", reading.article_page),
    Page("/articles/{id}/printed", reading.printed_page),
    Page("/articles/{id}/revisions", reading.revisions_page, frozenset({"from", "to"})),
    Page("/articles/{id}/story", reading.story_page),
    Page("/articles/{id}/compare/{other}", reading.compare_page),
    Page("/articles/{id}/archived", reading.archived_page),
    Page("/raw/{id}", reading.raw),
    Page("/sites", watching.sites_page),
    Page("/runs", watching.runs_page, frozenset({"site", "limit"})),
    Page("/api", document.document_page),
    Page("/api/openapi.json", document.openapi),
    Page("/api/search", searching.search_api, _SEARCH | {"limit", "offset", "facets"}),
    Page("/api/timeline", searching.timeline_api, _SEARCH | {"measure", "by"}),
    Page("/api/articles/{id}", reading.article_api),
    Page("/api/articles/{id}/revisions", reading.revisions_api),
    Page("/api/articles/{id}/story", reading.story_api),
    Page("/api/sites", watching.sites_api),
    Page("/api/runs", watching.runs_api, frozenset({"site", "limit"})),
)


def make_app(corpus: Corpus, access: Access, *, sync_every: float | None = SYNC_EVERY) -> Starlette:
    """Return the application. The index is synced while it runs, every so many seconds (None: not at all)."""
    templates = Templates()
    pool = ThreadPoolExecutor(WORKERS, "page")
    lanes = Lanes.make()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        if sync_every is not None:
            corpus.start(sync_every)
        yield
        pool.shutdown(wait=False, cancel_futures=True)
        lanes.close()

    def endpoint(page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            return await asyncio.get_running_loop().run_in_executor(pool, _answer, page, request, corpus, templates)

        return answer

    async def send_file(request: Request) -> Response:
        visit = _visit(request, corpus, templates)
        try:
            visit.values = read_values(request.query_params.multi_items(), _SEARCH | {"format"})
            return await download(visit, lanes)
        except NewscrawlError as error:
            return failure(visit, error)

    async def missing(request: Request, _error: Exception) -> Response:
        return failure(_visit(request, corpus, templates), NotFoundError("there is no such page"))

    async def broken(request: Request, _error: Exception) -> Response:
        # Starlette logs the traceback.
        visit = _visit(request, corpus, templates)
        return failure(visit, NewscrawlError("something went wrong on the server; its log says what"), 500)

    routes = [Route(page.path, endpoint(page), methods=["GET"]) for page in PAGES]
    return Starlette(
        routes=[
            *routes,
            Route("/download", send_file, methods=["GET"]),
            Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
        ],
        middleware=[Middleware(Guard, access=access)],
        exception_handlers={404: missing, 500: broken},
        lifespan=lifespan,
    )


def _visit(request: Request, corpus: Corpus, templates: Templates) -> Visit:
    """Return a request as handlers see it, with the language chosen and no parameters yet."""
    asked = request.query_params.get("lang", "")
    known = asked if asked in LANGUAGES else ""
    cookie = request.cookies.get("newscrawl_language", "")
    language = choose_language(known, cookie, request.headers.get("accept-language", ""))
    return Visit(
        corpus=corpus,
        path=dict(request.path_params),
        values={},
        language=language,
        address="/" + request.url.path.lstrip("/\\"),  # "//name/" in a link would be another host
        templates=templates,
        switches_language=bool(known) and known != cookie,
    )


def _answer(page: Page, request: Request, corpus: Corpus, templates: Templates) -> Response:
    visit = _visit(request, corpus, templates)
    try:
        visit.values = read_values(request.query_params.multi_items(), page.allowed)
        visit.choice("lang", ("", *LANGUAGES))
        return page.answer(visit)
    except NewscrawlError as error:
        return failure(visit, error)


def failure(visit: Visit, error: NewscrawlError, status: int = 0) -> Response:
    """Answer with an error: JSON under /api/, a page elsewhere."""
    if not status:
        status = 404 if isinstance(error, NotFoundError) else 400 if isinstance(error, WrongUseError) else 503
    if isinstance(error, BusyError):
        status = 503
    if status == 503:
        logger.warning("%s: %s", visit.address, error)
    if visit.address.startswith("/api/"):
        return visit.json({"error": str(error)}, status)
    return visit.page("error.html", status, code=status, message=str(error))
