"""HTTP/1.1 as far as the demo portal needs it: reading requests, composing answers, conditional GET."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import parse_qs

#: A request head longer than this is refused with 431.
MAX_HEAD = 32 * 1024
#: A request body longer than this is refused with 413; only the control endpoint takes bodies at all.
MAX_BODY = 256 * 1024


class BadRequestError(Exception):
    """The bytes are no HTTP/1.1 request this server answers; `status` says why."""

    def __init__(self, status: int, message: str) -> None:
        """Keep the status (an HTTP error code) beside the message."""
        super().__init__(message)
        self.status = status


@dataclass(slots=True)
class Request:
    """One request. `target` is the path with its query as sent; header names are in lower case."""

    method: str
    target: str
    version: str
    headers: dict[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        """The query's fields; of a repeated one the last."""
        fields = parse_qs(self.target.partition("?")[2], keep_blank_values=True)
        return {name: values[-1] for name, values in fields.items()}

    @property
    def keep_alive(self) -> bool:
        """Whether the connection stays open after the answer."""
        connection = self.headers.get("connection", "").lower()
        return connection != "close" if self.version == "HTTP/1.1" else connection == "keep-alive"

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies the client sent."""
        pairs = (part.strip().partition("=") for part in self.headers.get("cookie", "").split(";"))
        return {name: value for name, _, value in pairs if name}


@dataclass(slots=True)
class Resource:
    """What stands at a target: a body with its headers, made once and sent many times.

    modified: aware time of the last change, sent as Last-Modified; None sends no validators at all.
    encoded: the value of Content-Encoding when `body` is already compressed.
    """

    body: bytes = b""
    content_type: str = "text/html"
    status: int = 200
    modified: datetime | None = None
    headers: tuple[tuple[str, str], ...] = ()
    encoded: str = ""
    compressible: bool = True
    _etag: str = field(default="", repr=False)
    _gzipped: bytes = field(default=b"", repr=False)

    @property
    def etag(self) -> str:
        """A strong validator of the body; "" for a resource that has no Last-Modified."""
        if not self._etag and self.modified is not None:
            self._etag = f'"{hashlib.sha1(self.body, usedforsecurity=False).hexdigest()[:16]}"'
        return self._etag

    @property
    def gzipped(self) -> bytes:
        """The body compressed, the same bytes each time."""
        if not self._gzipped:
            self._gzipped = gzip.compress(self.body, compresslevel=5, mtime=0)
        return self._gzipped


def parse_request(buffer: bytes) -> tuple[Request, int] | None:
    """Read one request from the front of a buffer.

    Returns the request and the number of bytes it took, or None while it is incomplete. Raises BadRequestError.
    """
    end = buffer.find(b"\r\n\r\n", 0, MAX_HEAD + 4)
    if end < 0:
        if len(buffer) > MAX_HEAD:
            raise BadRequestError(431, "request head too long")
        return None
    lines = buffer[:end].decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    if len(words) != 3 or words[2] not in {"HTTP/1.1", "HTTP/1.0"}:
        raise BadRequestError(400, "malformed request line")
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon:
            raise BadRequestError(400, "malformed header line")
        headers[name.strip().lower()] = value.strip()
    length_text = headers.get("content-length", "0")
    if not length_text.isdecimal() or "transfer-encoding" in headers:
        raise BadRequestError(400, "unsupported request body")
    if len(length_text) > 9 or int(length_text) > MAX_BODY:
        raise BadRequestError(413, "request body too long")
    length = int(length_text)
    stop = end + 4 + length
    if len(buffer) < stop:
        return None
    return Request(words[0], words[1], words[2], headers, bytes(buffer[end + 4 : stop])), stop


def not_modified(request: Request, resource: Resource) -> bool:
    """Whether the client's copy is still good (RFC 9110, 13.1: If-None-Match goes before If-Modified-Since)."""
    if resource.status != 200 or resource.modified is None:
        return False
    tags = request.headers.get("if-none-match")
    if tags is not None:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return "*" in known or resource.etag in known
    since = request.headers.get("if-modified-since")
    if since is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except ValueError:
        return False
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return resource.modified.replace(microsecond=0) <= moment


@lru_cache(maxsize=4096)
def http_date(moment: datetime) -> str:
    """A time in the form HTTP headers use."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def compose(request: Request, resource: Resource) -> tuple[int, bytes, bytes]:
    """Return status, head and body of the answer that serves `resource` to `request` (HEAD and 304 have no body)."""
    status, body, encoding = resource.status, resource.body, resource.encoded
    lines = [f"Content-Type: {resource.content_type}"]
    if not_modified(request, resource):
        status, body = 304, b""
        lines = []
    elif not encoding and resource.compressible and "gzip" in request.headers.get("accept-encoding", ""):
        body, encoding = resource.gzipped, "gzip"
    if encoding and status != 304:
        lines += [f"Content-Encoding: {encoding}", "Vary: Accept-Encoding"]
    if resource.modified is not None:
        lines += [f"Last-Modified: {http_date(resource.modified)}", f"ETag: {resource.etag}"]
    lines += [f"{name}: {value}" for name, value in resource.headers]
    if status != 304:
        lines.append(f"Content-Length: {len(body)}")
    lines.append("Connection: " + ("keep-alive" if request.keep_alive else "close"))
    return status, head_bytes(status, lines), b"" if request.method == "HEAD" else body


def head_bytes(status: int, lines: list[str]) -> bytes:
    """The head of an answer: status line, the given header lines, and those every answer has."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    date = http_date(datetime.now(UTC).replace(microsecond=0))
    first = f"HTTP/1.1 {status} {phrase}\r\nServer: nginx\r\nDate: {date}\r\n"
    return (first + "".join(f"{line}\r\n" for line in lines) + "\r\n").encode("utf-8")
