"""The portal as a whole: content, faults and server in one object, usable with `async with`, `with` or as a process."""

from __future__ import annotations

import asyncio
import ipaddress
import threading
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from newscrawl.demo import disguises
from newscrawl.demo.content import bundled_stories
from newscrawl.demo.control import CONTROL_PATH, Control
from newscrawl.demo.faults import Fault, FaultTable
from newscrawl.demo.server import Delivery, Server
from newscrawl.demo.shapes import shape_site
from newscrawl.demo.site import PortalSite, forbidden_paths
from newscrawl.demo.synthetic import synthetic_stories

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from types import TracebackType

    from newscrawl.demo.content import ExpectedArticle, Story
    from newscrawl.demo.faults import FaultKind
    from newscrawl.demo.http import Request, Resource
    from newscrawl.demo.server import LogEntry
    from newscrawl.demo.shapes import Shape
    from newscrawl.demo.site import Site


class Portal:
    """A news portal on loopback.

    articles: how many articles it holds; 0 for the bundled ones, more for so many with generated ones added, fewer
    for the newest of the bundled. held_back: so many of the newest are invisible until `release`. host: a loopback
    address (127.0.0.0/8 or ::1), port: 0 for any free one. per_page: links on a list page. crawl_delay: seconds, for
    robots.txt. shape: a portal shape (a name as of `shapes.find_shape`, or a Shape) in place of the EmpireCMS portal.

    Raises ValueError for an address that is not loopback, OSError on entering where the port is taken.
    """

    def __init__(
        self,
        *,
        articles: int = 0,
        held_back: int = 0,
        host: str = "127.0.0.1",
        port: int = 0,
        per_page: int = 10,
        crawl_delay: float = 0.0,
        max_connections: int = 512,
        shape: str | Shape = "",
    ) -> None:
        """Prepare the portal; nothing is bound before it is entered."""
        if not ipaddress.ip_address(host).is_loopback:
            raise ValueError(f"the demo portal serves loopback addresses only, not {host}")
        self.faults = FaultTable()
        self.host, self.port = host, port
        self.control = Control(self)
        self._held_back = held_back
        self._held: set[str] = set()
        self._until: datetime | None = None
        if shape:
            self._make: Callable[[str], Site] = shape_site(shape, articles=articles or 48)
        else:
            self._make = partial(PortalSite, choose_stories(articles), per_page=per_page, crawl_delay=crawl_delay)
        self._site: Site | None = None
        self.server = Server(self._handle, max_connections=max_connections, unlogged=CONTROL_PATH)

    # -- running

    async def __aenter__(self) -> Self:
        """Bind, listen and render on demand."""
        self.port = await self.server.start(self.host, self.port)
        self._site = self._make(self.url.rstrip("/"))
        self._held = set(self._site.paths()[: self._held_back])
        self._rearrange()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop listening and close all connections."""
        await self.server.stop()

    @property
    def url(self) -> str:
        """The address of the home page, with a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"

    @property
    def site(self) -> Site:
        """The content that is served. Raises RuntimeError before the portal is entered."""
        if self._site is None:
            raise RuntimeError("the portal is not running")
        return self._site

    # -- truth

    def expected(self) -> dict[str, ExpectedArticle]:
        """The truth about the articles that are on the portal now, by path; a changed one as it reads now."""
        return self.site.expected(self.faults.changes(self.site.paths()))

    def forbidden(self) -> list[str]:
        """Paths that are linked but forbidden by robots.txt."""
        return forbidden_paths()

    def release(self, count: int = 0) -> list[str]:
        """Make the oldest `count` of the articles held back visible (0 = all); returns their paths."""
        held = [path for path in reversed(self.site.paths()) if path in self._held]
        released = held[:count] if count else held
        self._held -= set(released)
        self._rearrange()
        return released

    def show_until(self, moment: datetime | None) -> None:
        """Show only what was published up to a moment (aware), as a portal does on that day; None shows all again."""
        self._until = moment
        self._rearrange()

    # -- faults

    def fault(self, pattern: str, kind: FaultKind, **options: Any) -> Fault:
        """Switch a fault on (fields of `Fault`); returns it. Raises FaultError for an unknown kind."""
        return self.add_fault(Fault(pattern, kind, **options))

    def add_fault(self, fault: Fault) -> Fault:
        """Switch a ready-made fault on."""
        self.faults.add(fault)
        self._rearrange()
        return fault

    def clear_faults(self, pattern: str = "") -> None:
        """Switch off the faults of exactly this pattern, or all."""
        self.faults.clear(pattern)
        self._rearrange()

    def _rearrange(self) -> None:
        """Hide what is held back or has vanished."""
        if self._site is not None:
            until = self._until
            future = {path for path, time in self._site.times().items() if time > until} if until else set()
            self._site.hide(self._held | future | self.faults.vanished(self._site.paths()))

    # -- log

    @property
    def log(self) -> list[LogEntry]:
        """The requests so far, in the order they came (a copy)."""
        return list(self.server.log)

    def clear_log(self) -> None:
        """Forget the requests so far."""
        self.server.log.clear()
        self.server.peak_requests = self.server.open_requests

    def requests(self, path: str) -> list[LogEntry]:
        """The requests for one path."""
        return [entry for entry in self.log if entry.path == path]

    @property
    def peak_requests(self) -> int:
        """The greatest number of requests that were under way at once."""
        return self.server.peak_requests

    # -- answering

    def _handle(self, request: Request) -> tuple[Resource, Delivery]:
        """Answer a request for the server."""
        if request.target.startswith(CONTROL_PATH):
            return self.control.answer(request), Delivery()
        faults = self.faults.meet(request)
        if faults:
            return disguises.answer(request, faults, self.site)
        return self.site.get(request.target) or disguises.missing(), Delivery()


def choose_stories(articles: int) -> tuple[Story, ...]:
    """The stories of a portal of so many articles, newest first: bundled ones, then generated ones. 0 = the bundled."""
    bundled = bundled_stories()
    if articles <= 0:
        return bundled
    if articles <= len(bundled):
        return bundled[:articles]
    stories = (*bundled, *synthetic_stories(articles - len(bundled)))
    return tuple(sorted(stories, key=lambda story: (story.time, story.id), reverse=True))


@contextmanager
def run_portal(**options: Any) -> Iterator[Portal]:
    """Run a portal in a thread of its own, for synchronous code; options as of `Portal`."""
    portal = Portal(**options)
    loop = asyncio.new_event_loop()
    started = threading.Event()
    failures: list[BaseException] = []

    async def serve(stop: asyncio.Event) -> None:
        try:
            async with portal:
                started.set()
                await stop.wait()
        except BaseException as error:
            failures.append(error)
            raise
        finally:
            started.set()

    stop = asyncio.Event()

    def run() -> None:
        try:
            loop.run_until_complete(serve(stop))
        except OSError:
            pass  # told to the caller below
        finally:
            loop.close()

    thread = threading.Thread(target=run, name="demo-portal", daemon=True)
    thread.start()
    started.wait()
    if failures:
        thread.join()
        raise failures[0]
    try:
        yield portal
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
