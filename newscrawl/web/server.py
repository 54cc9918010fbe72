"""The server: binds first, so that a taken port is one clear line, then runs uvicorn."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import uvicorn

from newscrawl.errors import NewscrawlError
from newscrawl.web.application import make_app
from newscrawl.web.corpus import SYNC_EVERY

if TYPE_CHECKING:
    from newscrawl.web.corpus import Corpus
    from newscrawl.web.guard import Access

#: Requests at a time; more are told to come again.
MOST_CONNECTIONS = 64


class BindError(NewscrawlError):
    """The address cannot be listened on; the message says why."""


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address; port 0 takes a free one. Raises BindError."""
    if not 0 <= port <= 65535:
        raise BindError(f"{port} is no port; they go from 0 (any free one) to 65535")
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(where)
        listening.listen(128)
    except OSError as error:
        raise BindError(f"cannot listen on {host}:{port}: {error}; choose another with --port") from error
    return listening


def url_of(listening: socket.socket) -> str:
    """Return the address of the start page."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": socket.gethostname(), "::": socket.gethostname()}.get(host, host)  # noqa: S104 - only shown
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def make_server(corpus: Corpus, access: Access, *, sync_every: float | None = SYNC_EVERY) -> uvicorn.Server:
    """Return a server, ready to `run(sockets=[bind(...)])`."""
    config = uvicorn.Config(
        make_app(corpus, access, sync_every=sync_every),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=5,
        ws="none",
        http="h11",
        loop="asyncio",
    )
    return uvicorn.Server(config)
