"""A subset of the WARC archive: the archived responses of the exported articles, copied byte by byte."""

from __future__ import annotations

import gzip
import zlib
from typing import IO, TYPE_CHECKING

from newscrawl.store.export_lines import ExportError
from newscrawl.store.export_sinks import flush, open_at, partial

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from newscrawl.items import ArchivePointer, Article

#: A record greater than this is not believed (bytes, as stored).
LARGEST_RECORD = 1 << 28
_BLOCK = 1 << 16


class WarcSink:
    """Writes a .warc.gz with one member a response. Articles without an archived response are left out."""

    def __init__(self, target: Path, read: Callable[[ArchivePointer], bytes], state: dict[str, int] | None) -> None:
        """Begin the file anew, or go on where `state` says; `read` gives the gzip member of a pointer."""
        self.target, self.read = target, read
        self.file = open_at(partial(target), state)
        self.done: set[tuple[str, int]] = set()

    def write(self, article: Article) -> bool:
        """Copy the article's response; False where there is none."""
        pointer = article.archive
        if pointer is None or not pointer.file:
            return False
        if (pointer.file, pointer.offset) not in self.done:
            self.file.write(self.read(pointer))
            self.done.add((pointer.file, pointer.offset))
        return True

    def checkpoint(self) -> dict[str, int]:
        """Flush, and return where writing stands."""
        flush(self.file)
        return {"bytes": self.file.tell()}

    def finish(self) -> None:
        """Give the file its name."""
        self.checkpoint()
        self.close()
        partial(self.target).replace(self.target)

    def close(self) -> None:
        """Let go of the file."""
        self.file.close()


def member_reader(root: Path) -> Callable[[ArchivePointer], bytes]:
    """Return a function that reads the record at a pointer out of the archive under `root`, as a gzip member.

    Raises ExportError where the file is not there, lies outside of `root`, or holds no record at that place.
    """

    def read(pointer: ArchivePointer) -> bytes:
        path = (root / pointer.file).resolve()
        if not path.is_relative_to(root.resolve()):
            raise ExportError(f"the archive file {pointer.file} lies outside of {root}")
        try:
            with path.open("rb") as file:
                file.seek(pointer.offset)
                start = file.read(5)
                file.seek(pointer.offset)
                if start[:2] == b"\x1f\x8b":
                    return _member(file)
                if start == b"WARC/":
                    return gzip.compress(_plain_record(file), 6, mtime=0)
        except (OSError, zlib.error, ValueError) as error:
            raise ExportError(f"no record can be read at {pointer.file}:{pointer.offset} ({error})") from error
        raise ExportError(f"no record begins at {pointer.file}:{pointer.offset}")

    return read


def _member(file: IO[bytes]) -> bytes:
    """Read one gzip member, byte by byte as it is stored."""
    unpack = zlib.decompressobj(wbits=31)
    found = bytearray()
    while not unpack.eof:
        block = file.read(_BLOCK)
        if not block or len(found) > LARGEST_RECORD:
            raise ValueError("the member has no end")
        found += block
        while block and not unpack.eof:
            # Unpacked only to find the end: a bounded piece at a time, whatever is packed in it.
            unpack.decompress(block, 1 << 20)
            block = unpack.unconsumed_tail
    return bytes(found[: len(found) - len(unpack.unused_data)])


def _plain_record(file: IO[bytes]) -> bytes:
    """Read one record of a WARC that is not compressed."""
    head = bytearray()
    length = -1
    for line in iter(lambda: file.readline(_BLOCK), b""):
        head += line
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":", 1)[1])
        if line in {b"\r\n", b"\n"} or len(head) > 1 << 20:
            break
    if not 0 <= length <= LARGEST_RECORD:
        raise ValueError("the record has no length")
    body = file.read(length)
    if len(body) < length:
        raise ValueError("the record is cut off")
    return bytes(head) + body + b"\r\n\r\n"
