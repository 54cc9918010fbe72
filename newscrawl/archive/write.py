"""Write WARC 1.1 files: one gzip member a record, rotated by size and day, synced before a pointer is relied on."""

from __future__ import annotations

import io
import os
import re
import threading
import zlib
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newscrawl import __version__
from newscrawl.items import ArchivePointer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from warcio.recordloader import ArcWarcRecord

#: Compression level: 6 costs about half the time of warcio's 9 and a per cent of space.
LEVEL = 6
DEFAULT_MAX_BYTES = 1024**3
NOT_MODIFIED_PROFILE = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


@dataclass(slots=True)
class Exchange:
    """One request and its response, as they went over the wire after transfer decoding (content coding kept).

    rendered: what a browser made of the page (bytes of HTML), written as a `conversion` record.
    refers_to: date of the earlier capture that a 304 answer confirms; such an exchange becomes a `revisit` record.
    """

    url: str
    status: int
    body: bytes
    fetched_at: datetime
    response_headers: list[tuple[str, str]] = field(default_factory=list)
    request_headers: list[tuple[str, str]] = field(default_factory=list)
    method: str = "GET"
    rendered: bytes | None = None
    refers_to: datetime | None = None


class WarcWriter:
    """Appends exchanges to WARC files of one run in a folder; thread-safe.

    root: the folder that is written to. place: where the files stay in the end, which is the same here.
    A file holds at most about `max_bytes` and one day (UTC). Every run begins files of its own, named by `prefix`
    (which must be unique, such as the run's id), so that a member cut short by a crash is always the last of its file.
    """

    def __init__(self, root: Path, prefix: str, *, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        self.root = self.place = root
        self.prefix = re.sub(r"[^\w.-]", "_", prefix)
        self.max_bytes = max_bytes
        self._lock = threading.Lock()
        self._file: io.BufferedWriter | None = None
        self._name = ""
        self._day = ""
        self._number = 0
        self._builder = WARCWriter(io.BytesIO(), gzip=False, warc_version="WARC/1.1")

    def append(self, exchange: Exchange) -> ArchivePointer:
        """Write an exchange and return where its response (or rendered page) lies. Raises OSError (disk full)."""
        records = list(self._records(exchange))
        with self._lock:
            file = self._open(exchange.fetched_at)
            pointer = ArchivePointer(self._name, file.tell())
            start = pointer.offset
            try:
                for record in records:
                    if record.rec_type == "conversion":
                        pointer = ArchivePointer(self._name, file.tell())
                    file.write(self._member(record))
                file.flush()
            except OSError:
                self._cut(file, start)
                raise
            return pointer

    def sync(self) -> None:
        """Return when everything that was appended is on disk."""
        with self._lock:
            if self._file is not None:
                self._file.flush()
                os.fsync(self._file.fileno())

    def close(self) -> None:
        """Sync and close the file."""
        self.sync()
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None
                self._closed(self._name)

    def _begun(self, file: io.BufferedWriter) -> None:
        """Take note of a new file."""

    def _closed(self, name: str) -> None:
        """Take note that a file is complete."""

    def _cut(self, file: io.BufferedWriter, size: int) -> None:
        """Take back a member that could not be written whole; the next exchange begins a new file."""
        self._file = None
        try:
            os.ftruncate(file.fileno(), size)
        finally:
            file.raw.close()
            self._closed(self._name)

    def _open(self, moment: datetime) -> io.BufferedWriter:
        day = moment.strftime("%Y%m%d")
        full = self._file is not None and self._file.tell() >= self.max_bytes
        if self._file is not None and (full or day != self._day):
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None
            self._closed(self._name)
        if self._file is None:
            self._day = day
            self._name = f"{day}/{self.prefix}-{self._number:05d}.warc.gz"
            self._number += 1
            path = self.root / self._name
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("ab")
            self._begun(self._file)
            info = {"software": f"newscrawl/{__version__}", "format": "WARC File Format 1.1"}
            self._file.write(self._member(self._builder.create_warcinfo_record(path.name, info)))
        return self._file

    def _member(self, record: ArcWarcRecord) -> bytes:
        plain = io.BytesIO()
        WARCWriter(plain, gzip=False, warc_version="WARC/1.1").write_record(record)
        packer = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
        return packer.compress(plain.getvalue()) + packer.flush()

    def _records(self, exchange: Exchange) -> list[ArcWarcRecord]:
        date = exchange.fetched_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        build = self._builder.create_warc_record
        response = self._response(exchange, date)
        response_id = response.rec_headers.get_header("WARC-Record-ID")
        parts = urlsplit(exchange.url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = [("Host", parts.netloc), *_safe_headers(exchange.request_headers)]
        request = build(
            exchange.url,
            "request",
            http_headers=StatusAndHeaders(f"{exchange.method} {target} HTTP/1.1", headers, is_http_request=True),
            warc_headers_dict={"WARC-Date": date, "WARC-Concurrent-To": response_id},
        )
        records = [response, request]
        if exchange.rendered is not None:
            rendered = build(
                exchange.url,
                "conversion",
                payload=io.BytesIO(exchange.rendered),
                length=len(exchange.rendered),
                warc_content_type="text/html; charset=utf-8",
                warc_headers_dict={"WARC-Date": date, "WARC-Refers-To": response_id},
            )
            records.append(rendered)
        return records

    def _response(self, exchange: Exchange, date: str) -> ArcWarcRecord:
        try:
            phrase = HTTPStatus(exchange.status).phrase
        except ValueError:
            phrase = "Unknown"
        headers = StatusAndHeaders(
            f"{exchange.status} {phrase}", _safe_headers(exchange.response_headers), protocol="HTTP/1.1"
        )
        warc_headers = {"WARC-Date": date}
        kind = "response"
        if exchange.refers_to is not None:
            kind = "revisit"
            refers = exchange.refers_to.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            warc_headers |= {
                "WARC-Profile": NOT_MODIFIED_PROFILE,
                "WARC-Refers-To-Target-URI": exchange.url,
                "WARC-Refers-To-Date": refers,
            }
        return self._builder.create_warc_record(
            exchange.url,
            kind,
            payload=io.BytesIO(exchange.body),
            length=len(exchange.body),
            http_headers=headers,
            warc_headers_dict=warc_headers,
        )


def _safe_headers(headers: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return headers fit for a record: no line breaks, and no transfer coding, which the body no longer has."""
    kept = []
    for name, value in headers:
        clean = re.sub(r"[\r\n\x00]+", " ", value)
        lower = name.lower()
        if lower in ("transfer-encoding", "content-length"):
            kept.append((f"X-Crawler-{name}", clean))
        else:
            kept.append((re.sub(r"[\r\n\x00:]+", "", name), clean))
    return kept
