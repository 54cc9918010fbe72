"""A forward proxy on loopback for the browser: it connects to public addresses only.

Chromium resolves names and follows redirects by itself, out of reach of the guards at Scrapy's requests and resolver.
All it asks for goes through here: the name is resolved once, the address is checked, and the connection goes to exactly
that address, so that a name cannot lead elsewhere between check and use.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newscrawl.crawl.fetch.guard import is_public, refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

HEAD_LIMIT = 64 * 1024
CONNECT_TIMEOUT = 20.0
_CHUNK = 64 * 1024


class GuardProxy:
    """An HTTP proxy (absolute-form requests and CONNECT). `opened`: host:port pairs on loopback that are allowed."""

    def __init__(self, opened: Iterable[str] = ()) -> None:
        self.opened = frozenset(opened)
        self.refused = 0
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen on a free port of loopback and return it."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=HEAD_LIMIT)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), CONNECT_TIMEOUT)
            line, _, headers = head.partition(b"\r\n")
            method, target, version = line.decode("latin-1").split(" ", 2)
            if method == "CONNECT":
                url = f"https://{target}/"
                first = b""
            else:
                url = target
                first = _origin_form(method, target, version, headers)
            far_reader, far_writer = await self._connect(url)
        except PermissionError as error:
            self.refused += 1
            await _answer(writer, 403, str(error))
            return
        except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            await _answer(writer, 502, type(error).__name__)
            return
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            far_writer.write(first)
        await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))

    async def _connect(self, url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reason = refusal(url, self.opened)
        if reason is not None:
            raise PermissionError(reason)
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        address = str(found[0][4][0])
        if not is_public(address) and f"{host}:{port}" not in self.opened:
            raise PermissionError(f"{host} leads to {address}, which is not a public address")
        return await asyncio.wait_for(asyncio.open_connection(address, port), CONNECT_TIMEOUT)


def _origin_form(method: str, target: str, version: str, headers: bytes) -> bytes:
    """Return the head of a request as the origin server expects it, for one request a connection."""
    parts = urlsplit(target)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kept = [
        line
        for line in headers.split(b"\r\n")
        if line and not line.lower().startswith((b"proxy-", b"connection:", b"keep-alive:"))
    ]
    return b"\r\n".join([f"{method} {path} {version}".encode("latin-1"), *kept, b"Connection: close", b"", b""])


async def _answer(writer: asyncio.StreamWriter, status: int, text: str) -> None:
    body = text.encode()
    with contextlib.suppress(OSError):
        writer.write(
            b"HTTP/1.1 %d Refused\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % (status, len(body)) + body
        )
        await writer.drain()
    writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass bytes on until the sender ends."""
    with contextlib.suppress(OSError):
        while chunk := await reader.read(_CHUNK):
            writer.write(chunk)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.close()
