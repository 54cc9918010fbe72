"""Read WARC files, our own and foreign ones (CC-NEWS, Heritrix, wget, Browsertrix): one record after another, or one.

A member that is broken (a crash, a bad disk) is skipped and reported, and reading goes on at the next one.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from newscrawl.archive.shared import locate
from newscrawl.errors import NewscrawlError
from newscrawl.items import ArchivePointer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: Bodies are read up to this size after content decoding, as a crawl would have (bytes).
MAX_BODY = 8 * 1024 * 1024
_GZIP_MAGIC = b"\x1f\x8b\x08"
_BLOCK = 1 << 20


class ArchiveError(NewscrawlError):
    """A record that is asked for cannot be read; the message says which file and where."""


@dataclass(slots=True)
class ArchivedResponse:
    """A response out of an archive. `body` is content-decoded; `kind` is "response", "conversion" or "revisit"."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes
    fetched_at: datetime | None
    pointer: ArchivePointer
    kind: str = "response"

    @property
    def content_type(self) -> str:
        """The Content-Type header, "" where there is none."""
        return self.headers.get("content-type", "")


def read_file(
    path: Path, *, name: str = "", offset: int = 0, on_broken: Callable[[int, str], None] | None = None
) -> Iterator[ArchivedResponse]:
    """Yield the responses of a WARC or ARC file from a byte offset on.

    path: the file, gzipped or not, also one on shared storage. name: how pointers shall call it (the path as given
    where empty).
    on_broken: called with offset and reason for a member that cannot be read; reading goes on after it.
    Raises OSError where the file cannot be opened.
    """
    report = on_broken or (lambda _offset, _reason: None)
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        position: int | None = offset
        while position is not None:
            file.seek(position)
            iterator = ArchiveIterator(file)
            try:
                for record in iterator:
                    position = iterator.offset
                    found = _response(record, ArchivePointer(name or str(path), position))
                    if found is not None:
                        yield found
            except (ArchiveLoadFailed, OSError, ValueError, EOFError, UnicodeError) as error:
                report(position, " ".join(str(error).split()) or type(error).__name__)
                position = next_member(file, position + 1)
            else:
                if iterator.offset < size and next_member(file, iterator.offset) == iterator.offset:
                    report(iterator.offset, "the file ends in the middle of a record")
                position = None


def read_record(root: Path, pointer: ArchivePointer) -> ArchivedResponse:
    """Return the response that a pointer names. Raises ArchiveError where it cannot be read."""
    path = locate(root, pointer.file)
    try:
        with path.open("rb") as file:
            file.seek(pointer.offset)
            found = _response(next(iter(ArchiveIterator(file))), pointer)
    except (OSError, ArchiveLoadFailed, ValueError, EOFError, StopIteration) as error:
        raise ArchiveError(f"{path} cannot be read at byte {pointer.offset}: {error}") from error
    if found is None:
        raise ArchiveError(f"{path} holds no response at byte {pointer.offset}")
    return found


def next_member(file: IO[bytes], start: int) -> int | None:
    """Return the offset of the next gzip member at or after `start`."""
    file.seek(start)
    carried = b""
    position = start
    while block := file.read(_BLOCK):
        window = carried + block
        found = window.find(_GZIP_MAGIC)
        if found >= 0:
            return position - len(carried) + found
        carried = window[-2:]
        position += len(block)
    return None


def _response(record: Any, pointer: ArchivePointer) -> ArchivedResponse | None:
    if record.rec_type not in ("response", "conversion", "revisit"):
        return None
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    if not url.startswith(("http://", "https://")):
        return None
    headers: dict[str, str] = {}
    status = 200
    if record.http_headers is not None:
        headers = {name.lower(): value for name, value in record.http_headers.headers}
        code = record.http_headers.get_statuscode() or ""
        status = int(code) if code.isdigit() else 0
    elif record.rec_type == "conversion":
        headers = {"content-type": record.content_type or ""}
    body = record.content_stream().read(MAX_BODY + 1)
    if len(body) <= MAX_BODY and getattr(record.raw_stream, "limit", None):
        raise ArchiveLoadFailed("the record is cut short")
    body = body[:MAX_BODY]
    return ArchivedResponse(url, status, headers, body, _moment(record), pointer, record.rec_type)


def _moment(record: Any) -> datetime | None:
    text = record.rec_headers.get_header("WARC-Date") or ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
