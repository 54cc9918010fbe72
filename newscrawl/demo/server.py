"""A small asyncio HTTP/1.1 server for loopback: keep-alive, conditional GET, a request log, planned misdeliveries."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from newscrawl.demo.http import BadRequestError, Request, Resource, compose, parse_request

if TYPE_CHECKING:
    from collections.abc import Callable


_LENGTH = re.compile(rb"Content-Length: \d+")


@dataclass(slots=True)
class LogEntry:
    """One answered request.

    time: Unix time of its arrival in seconds; monotonic: the same on the monotonic clock, for gaps; finished:
    monotonic time when the last byte was handed to the socket; bytes_sent: body bytes, without the head;
    open_requests: how many requests were under way when it came, itself among them; connection: number of its
    connection; fault: the kinds of the faults it met, joined by "+".
    """

    time: float
    monotonic: float
    method: str
    target: str
    status: int
    headers: dict[str, str]
    bytes_sent: int = 0
    finished: float = 0.0
    open_requests: int = 1
    connection: int = 0
    fault: str = ""

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    def to_dict(self) -> dict[str, Any]:
        """The entry as plain values."""
        return asdict(self)


@dataclass(slots=True)
class Delivery:
    """How an answer goes over the wire; the zero value means: at once and whole.

    delay: seconds before the first byte; cut_after: body bytes after which the connection is cut, -1 for never;
    chunk, interval: send that many body bytes every so many seconds; chunked: with
    Transfer-Encoding: chunked; hang: never answer; reset: abort the connection; fault: for the log.
    """

    delay: float = 0.0
    cut_after: int = -1
    chunk: int = 0
    interval: float = 0.0
    chunked: bool = False
    hang: bool = False
    reset: bool = False
    fault: str = ""

    @property
    def plain(self) -> bool:
        """Whether the answer can be written at once."""
        return self.delay == 0 and self.cut_after < 0 and not (self.chunk or self.hang or self.reset)


class Server:
    """Serve what `handler` returns on a loopback address.

    max_connections: further connections get a 503 at once; log_limit: the oldest entries go beyond it.
    """

    def __init__(
        self,
        handler: Callable[[Request], tuple[Resource, Delivery]],
        *,
        max_connections: int = 512,
        log_limit: int = 100_000,
        unlogged: str = "",
    ) -> None:
        """Keep the handler; requests whose path starts with `unlogged` leave no entry in the log."""
        self.handler = handler
        self.max_connections = max_connections
        self.log_limit = log_limit
        self.unlogged = unlogged
        self.log: list[LogEntry] = []
        self.open_requests = 0
        self.peak_requests = 0
        self.connections: set[Connection] = set()
        self.connection_count = 0
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Bind and listen; returns the port. Raises OSError where that is not possible."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self), host, port, backlog=1024)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Close the listening socket and every connection."""
        if self._server is not None:
            self._server.close()
        for connection in tuple(self.connections):
            connection.abort()
        if self._server is not None:
            await self._server.wait_closed()
            self._server = None

    def enter(self, request: Request, connection: int) -> LogEntry:
        """Open the log entry of a request."""
        self.open_requests += 1
        self.peak_requests = max(self.peak_requests, self.open_requests)
        entry = LogEntry(
            time.time(), time.monotonic(), request.method, request.target, 0, request.headers,
            open_requests=self.open_requests, connection=connection,
        )  # fmt: skip
        if not (self.unlogged and request.target.startswith(self.unlogged)):
            self.log.append(entry)
            if len(self.log) > self.log_limit:
                del self.log[: self.log_limit // 10]
        return entry

    def leave(self, entry: LogEntry) -> None:
        """Close the log entry of a request."""
        self.open_requests -= 1
        entry.finished = time.monotonic()


class Connection(asyncio.Protocol):
    """One client connection: reads requests, answers one after the other."""

    def __init__(self, server: Server) -> None:
        """Belong to a server."""
        self.server = server
        self.buffer = bytearray()
        self.transport: asyncio.Transport | None = None
        self.task: asyncio.Task[None] | None = None
        self.writable = asyncio.Event()
        self.writable.set()
        self.number = 0
        self.refused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport, or refuse where too many are open."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - asyncio's own promise for create_server
        self.transport = transport
        self.server.connection_count += 1
        self.number = self.server.connection_count
        self.refused = len(self.server.connections) >= self.server.max_connections
        self.server.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Forget the connection and end what it was about to send."""
        self.server.connections.discard(self)
        self.transport = None
        self.writable.set()
        if self.task is not None:
            self.task.cancel()

    def pause_writing(self) -> None:
        """The client reads slowly."""
        self.writable.clear()

    def resume_writing(self) -> None:
        """The client has caught up."""
        self.writable.set()

    def data_received(self, data: bytes) -> None:
        """Take bytes and answer the requests that are complete."""
        self.buffer += data
        if self.task is None:
            self._serve()

    def abort(self) -> None:
        """Cut the connection at once."""
        if self.transport is not None:
            self.transport.abort()

    def _serve(self) -> None:
        """Answer the requests in the buffer until it is empty or an answer takes time."""
        while self.task is None and self.transport is not None and self.buffer:
            try:
                parsed = parse_request(bytes(self.buffer))
            except BadRequestError as error:
                self._refuse(error.status, str(error))
                return
            if parsed is None:
                return
            request, length = parsed
            del self.buffer[:length]
            if self.refused:
                self._refuse(503, "too many connections")
                return
            self._answer(request)

    def _refuse(self, status: int, message: str) -> None:
        """Answer with an error and close."""
        request = Request("GET", "/", "HTTP/1.0", {})
        _, head, body = compose(request, Resource(message.encode(), "text/plain", status))
        if self.transport is not None:
            self.transport.write(head + body)
            self.transport.close()

    def _answer(self, request: Request) -> None:
        """Answer one request, at once or in a task of its own."""
        entry = self.server.enter(request, self.number)
        if request.method not in {"GET", "HEAD", "POST", "DELETE"}:
            resource, delivery = Resource(b"", "text/plain", 405), Delivery()
        else:
            resource, delivery = self.server.handler(request)
        entry.fault = delivery.fault
        status, head, body = compose(request, resource)
        entry.status = status
        if delivery.plain:
            entry.bytes_sent = len(body)
            if self.transport is not None:
                self.transport.write(head + body)
                if not request.keep_alive:
                    self.transport.close()
            self.server.leave(entry)
            return
        self.task = asyncio.get_running_loop().create_task(self._deliver(request, entry, head, body, delivery))
        self.task.add_done_callback(self._delivered)

    def _delivered(self, task: asyncio.Task[None]) -> None:
        """Go on with what came in meanwhile."""
        if not task.cancelled():
            task.exception()  # marks it as seen; a broken connection is the client's own doing
        self.task = None
        self._serve()

    async def _deliver(self, request: Request, entry: LogEntry, head: bytes, body: bytes, delivery: Delivery) -> None:
        """Send an answer slowly, in part or not at all."""
        try:
            if delivery.reset:
                entry.status = 0
                self.abort()
                return
            if delivery.hang:
                entry.status = 0
                await asyncio.Event().wait()
            await asyncio.sleep(delivery.delay)
            limit = len(body) if delivery.cut_after < 0 else min(delivery.cut_after, len(body))
            self._write(_LENGTH.sub(b"Transfer-Encoding: chunked", head) if delivery.chunked else head)
            step = delivery.chunk or 65536
            for start in range(0, limit, step):
                if self.transport is None:
                    return
                piece = body[start : min(start + step, limit)]
                self._write(b"%x\r\n%b\r\n" % (len(piece), piece) if delivery.chunked else piece)
                entry.bytes_sent += len(piece)
                await self.writable.wait()
                if delivery.interval:
                    await asyncio.sleep(delivery.interval)
            if delivery.chunked and delivery.cut_after < 0 and request.method != "HEAD" and entry.status != 304:
                self._write(b"0\r\n\r\n")
            if self.transport is not None and (delivery.cut_after >= 0 or not request.keep_alive):
                self.transport.close()
        finally:
            self.server.leave(entry)

    def _write(self, data: bytes) -> None:
        """Hand bytes to the transport, if it is still there."""
        if self.transport is not None:
            self.transport.write(data)
