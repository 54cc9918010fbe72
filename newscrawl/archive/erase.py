"""Take a page out of the archive without moving anything else: its records are overwritten where they stand.

A gzip member is replaced by one of exactly the same size that holds a metadata record saying that something was taken
out; offsets of all other records stay true.
"""

from __future__ import annotations

import os
import struct
import tempfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from newscrawl.archive.read import next_member
from newscrawl.archive.shared import is_shared, put_file

if TYPE_CHECKING:
    from collections.abc import Callable

_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_STORED_BLOCK = 65535
_RECORD = (
    "WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:newscrawl:erased:{offset}>\r\n"
    "WARC-Date: 1970-01-01T00:00:00Z\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\r\n"
)


class EraseError(Exception):
    """A record is too small to hold the note that takes its place."""


def erase_urls(path: Path, wanted: Callable[[str], bool]) -> int:
    """Overwrite the records of a gzipped WARC file whose target URL is wanted; returns how many.

    Raises OSError where the file cannot be read or written.
    """
    if is_shared(path):
        return _erase_shared(path, wanted)
    spans: list[tuple[int, int]] = []
    with path.open("rb") as file:
        position: int | None = 0
        while position is not None:
            file.seek(position)
            iterator = ArchiveIterator(file)
            try:
                for record in iterator:
                    position = iterator.offset
                    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
                    iterator.read_to_end()
                    if url and wanted(url):
                        spans.append((iterator.get_record_offset(), iterator.get_record_length()))
            except (ArchiveLoadFailed, OSError, ValueError, EOFError):
                position = next_member(file, position + 1)
            else:
                position = None
    for offset, length in spans:
        erase(path, offset, length)
    return len(spans)


def _erase_shared(path: Path, wanted: Callable[[str], bool]) -> int:
    """Do it on a copy, which takes the place of the file if anything was overwritten."""
    remote: Any = path
    with tempfile.TemporaryDirectory(prefix="newscrawl-erase-") as folder:
        copy = Path(folder) / path.name
        remote.fs.get_file(remote.path, str(copy))
        number = erase_urls(copy, wanted)
        if number:
            put_file(copy, path)
    return number


def erase(path: Path, offset: int, length: int) -> None:
    """Overwrite the gzip member at `offset` of `length` bytes. Raises EraseError where it is too small."""
    member = filler(offset, length)
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(member)
        file.flush()
        os.fsync(file.fileno())


def filler(offset: int, length: int) -> bytes:
    """Return a gzip member of exactly `length` bytes with a metadata record padded by spaces. Raises EraseError."""
    room = length - len(_HEADER) - 8
    blocks = max(1, -(-room // (_STORED_BLOCK + 5)))
    payload = room - 5 * blocks
    digits = 1
    while True:  # the length of the padding is itself part of the record
        padding = payload - len(_RECORD.format(offset=offset, length="9" * digits)) - 4
        if padding < 0:
            raise EraseError(f"the record at byte {offset} has only {length} bytes")
        if len(str(padding)) <= digits:
            break
        digits += 1
    head = _RECORD.format(offset=offset, length=str(padding).zfill(digits))
    data = head.encode() + b" " * padding + b"\r\n\r\n"
    pieces = [data[start : start + _STORED_BLOCK] for start in range(0, len(data), _STORED_BLOCK)]
    pieces += [b""] * (blocks - len(pieces))
    body = b"".join(
        struct.pack("<BHH", index == len(pieces) - 1, len(piece), len(piece) ^ 0xFFFF) + piece
        for index, piece in enumerate(pieces)
    )
    return _HEADER + body + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)
