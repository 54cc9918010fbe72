"""Read WARC files, our own and foreign ones (CC-NEWS, Heritrix, wget, Browsertrix): one record after another, or one.

A member that is broken (a crash, a bad disk) is skipped and reported, and reading goes on at the next one.
"""

from __future__ import annotations

import re
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
_MEMBER = re.compile(re.escape(_GZIP_MAGIC))
_PLAIN = re.compile(rb"(?:(?<=\n)|(?<![\s\S]))WARC/[01]\.\d+\r?\n[A-Za-z-]{1,40}:")
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
        next_start = next_member if file.read(2) == _GZIP_MAGIC[:2] else next_plain_record
        position: int | None = offset
        while position is not None:
            file.seek(position)
            iterator = _Records(file)
            try:
                while (record := iterator.following()) is not None:
                    position = iterator.offset
                    found = _response(record, ArchivePointer(name or str(path), position))
                    iterator.check_length()
                    if found is not None:
                        yield found
            except (ArchiveLoadFailed, OSError, ValueError, EOFError, UnicodeError) as error:
                if not iterator.wrong:  # the record that cannot be read is the one behind the last good one
                    position = max(position, iterator.offset)
                report(position, " ".join(str(error).split()) or type(error).__name__)
                position = next_start(file, position + 1)
            else:
                file.seek(iterator.offset)
                if file.read(5).startswith((_GZIP_MAGIC, b"WARC/")):
                    report(iterator.offset, "the file ends in the middle of a record")
                position = None


class _Records(ArchiveIterator):  # type: ignore[misc]  # the library has no types
    """Records whose length is checked. What follows a record of a wrong length is not printed."""

    INC_RECORD = ""
    wrong = ""  # with the record that was read last

    def following(self) -> Any:
        """Return the next record, None at the end. Raises ArchiveLoadFailed, and what files raise."""
        try:
            return next(self, None)
        except (AttributeError, KeyError, IndexError, TypeError) as error:  # the library takes headers for granted
            raise ArchiveLoadFailed(f"the record's headers make no sense: {error}") from None

    def check_length(self) -> None:
        """Go to the end of the record. Raises ArchiveLoadFailed where it is cut short, or no record ends there."""
        self.read_to_end()
        length = self.record.rec_headers.get_header("Content-Length") or ""
        if self.record.format == "warc" and not length.strip().isdigit():
            self.wrong = "the record is cut short in its headers"
        elif getattr(self.record.raw_stream, "limit", 0):
            self.wrong = "the record is cut short"
        elif self.err_count:
            self.wrong = "the record is not as long as it says"
        if self.wrong:
            raise ArchiveLoadFailed(self.wrong)


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
    return _search(file, start, _MEMBER, 2)


def next_plain_record(file: IO[bytes], start: int) -> int | None:
    """Return the offset of the next record at or after `start` in a WARC file that is not compressed.

    A page may hold the words that a record begins with; they count at the beginning of a line only, before a header.
    """
    return _search(file, start, _PLAIN, 80)


def _search(file: IO[bytes], start: int, pattern: re.Pattern[bytes], overlap: int) -> int | None:
    file.seek(start)
    carried = b""
    position = start
    while block := file.read(_BLOCK):
        window = carried + block
        if found := pattern.search(window):
            return position - len(carried) + found.start()
        carried = window[-overlap:]
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
