"""A small HTTP client for these tests: no redirects followed, no decoding, the connection kept where wanted."""

from __future__ import annotations

import gzip
import http.client
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from newscrawl.demo import Portal
    from newscrawl.demo.server import LogEntry


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    def text(self, encoding: str = "utf-8") -> str:
        return self.body.decode(encoding)


def fetch(base: str, target: str, method: str = "GET", timeout: float = 20, **headers: str) -> Reply:
    """Ask for one target; header names are given with _ for -."""
    address = urlsplit(base)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=timeout)
    try:
        connection.request(method, target, headers={name.replace("_", "-"): value for name, value in headers.items()})
        reply = connection.getresponse()
        return Reply(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())
    finally:
        connection.close()


def gunzip(reply: Reply) -> bytes:
    assert reply.headers["content-encoding"] == "gzip"
    return gzip.decompress(reply.body)


def finished_log(portal: Portal, timeout: float = 20) -> list[LogEntry]:
    """Return the portal's log once it has ended all answers; a client has an answer a moment before its server has."""
    deadline = time.monotonic() + timeout
    while not all(entry.finished for entry in portal.log):
        assert time.monotonic() < deadline, "an answer was never ended"
        time.sleep(0.002)
    return list(portal.log)
