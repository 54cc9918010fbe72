"""A server with the small corpus, and a browser to look at it."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest

from newscrawl.store import open_store
from newscrawl.web import Access, Corpus, access_for
from newscrawl.web.server import bind, make_server, url_of
from tests.web.corpus import fill

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from playwright.sync_api import Browser, Page

ARGUMENTS = [
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Answer:
    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object, **_named: object) -> None:
        return None


@dataclass
class Served:
    """A running server."""

    url: str
    corpus: Corpus

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for a path; redirects are not followed."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = Request(self.url.rstrip("/") + path, headers=named, method=method)  # noqa: S310 - our own server
        try:
            with build_opener(_Stay()).open(request, timeout=30) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read())


class Running:
    """A server in a thread."""

    def __init__(self, corpus: Corpus, access: Access, *, sync_every: float | None = None) -> None:
        self.socket = bind("127.0.0.1", 0)
        self.server = make_server(corpus, access, sync_every=sync_every)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.socket]}, daemon=True)
        self.served = Served(url_of(self.socket), corpus)

    def __enter__(self) -> Served:
        self.thread.start()  # the socket listens already: the first request waits for the server
        return self.served

    def __exit__(self, *_error: object) -> None:
        self.server.should_exit = True
        self.thread.join(timeout=30)
        self.socket.close()
        assert not self.thread.is_alive()


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    folder = tmp_path_factory.mktemp("web")
    uri = f"sqlite:///{folder}/corpus.db"
    store = open_store(uri)
    fill(store, folder / "archive")
    store.close()
    opened = Corpus.open(uri, str(folder / "archive"))
    opened.sync()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def served(corpus: Corpus) -> Iterator[Served]:
    with Running(corpus, access_for("127.0.0.1")) as served:
        yield served


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    arguments = [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    """A laptop's window, in English; requests to other hosts fail the test."""
    context = browser.new_context(base_url=served.url, viewport={"width": 1280, "height": 900}, locale="en-US")
    foreign: list[str] = []
    opened = context.new_page()
    opened.on("request", lambda request: foreign.append(request.url))
    yield opened
    context.close()
    assert [url for url in foreign if not url.startswith(served.url)] == []
