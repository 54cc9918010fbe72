"""Archive files as one stream of responses in the order of time, each with its place for a later resumption."""

from __future__ import annotations

import heapq
import re
import zlib
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newscrawl.archive import archive_path, read_file
from newscrawl.archive.shared import is_shared, staging_dir
from newscrawl.errors import NewscrawlError, WrongUseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from newscrawl.archive import ArchivedResponse

#: So many files that overlap in time are open at once; with more, the order between them is that of their beginnings.
MOST_OPEN = 200
#: So many broken places of an archive are named; the others are counted.
MOST_NAMED = 100
SUFFIXES = (".warc", ".warc.gz", ".arc", ".arc.gz")
_HEAD = 8192
_OWN = re.compile(rb"^software: newscrawl/", re.MULTILINE | re.IGNORECASE)
_RUN = re.compile(r"-\d{5}\.warc(?:\.gz)?$")
_START = datetime(1970, 1, 1, tzinfo=UTC)


class ReplayError(NewscrawlError):
    """A replay cannot go on; the message says why, in one line."""


@dataclass(slots=True, frozen=True)
class ArchiveFile:
    """A file to replay.

    name: how pointers call it: relative to the archive's root where it lies there. own: newscrawl wrote it; then only
    what its crawl stored is stored, and run is the id of that crawl. start: when its first response was fetched.
    """

    path: Path
    name: str
    size: int
    own: bool = False
    run: str = ""
    start: datetime = _START


@dataclass(slots=True, frozen=True)
class Place:
    """Where to begin to read a record again: the file, and the offset of the record before it (-1 for none)."""

    file: ArchiveFile
    before: int


@dataclass(slots=True, frozen=True)
class Record:
    """A response, its place, and when it was fetched (where the archive does not say: when the one before it was)."""

    response: ArchivedResponse
    place: Place
    moment: datetime

    @property
    def file(self) -> ArchiveFile:
        """The file that holds the record."""
        return self.place.file


@dataclass(slots=True)
class Troubles:
    """What could not be read: whole files, and places within files (path, offset, reason)."""

    files: dict[str, str] = field(default_factory=dict)
    broken: list[tuple[str, int, str]] = field(default_factory=list)
    broken_count: int = 0

    def broke(self, path: Path, offset: int, reason: str) -> None:
        """Note a broken place."""
        self.broken_count += 1
        if len(self.broken) < MOST_NAMED:
            self.broken.append((str(path), offset, reason))


def find_files(targets: Iterable[str | Path]) -> list[Path]:
    """Return the archive files that are named or lie in the named folders, sorted, each once.

    Raises WrongUseError for a target that does not exist, or a folder without archive files.
    """
    found: dict[Path, None] = {}
    for target in map(archive_path, targets):
        if target.is_dir():
            inside = sorted(path for path in target.rglob("*") if path.name.endswith(SUFFIXES) and path.is_file())
            if not inside:
                raise WrongUseError(f"{target} holds no archive file ({', '.join(SUFFIXES)})")
            found.update(dict.fromkeys(path.resolve() for path in inside))
        elif target.exists():
            found[target.resolve()] = None
        else:
            raise WrongUseError(f"there is no file or folder {target}")
    return sorted(found, key=str)


def open_files(paths: Sequence[Path], root: Path, troubles: Troubles) -> list[ArchiveFile]:
    """Look into files: whose they are and when they begin; those that are no archive go to `troubles`.

    root: the archive's root, to which the names of files are relative.
    """
    found = []
    for path in paths:
        try:
            found.append(_look_into(path, root))
        except (OSError, ValueError) as error:
            troubles.files[str(path)] = str(error)
    return sorted(found, key=lambda file: (file.start, file.name))


def _look_into(path: Path, root: Path) -> ArchiveFile:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, _HEAD)
        except zlib.error as error:
            raise ValueError(f"damaged at its beginning: {error}") from None
    if not head.startswith((b"WARC/", b"filedesc://")):
        raise ValueError("no WARC or ARC file")
    home = staging_dir().resolve() if is_shared(root) and not is_shared(path) else root  # a segment may still be here
    inside = is_shared(path) == is_shared(home) and path.is_relative_to(home)
    name = path.relative_to(home).as_posix() if inside else str(path)
    own = _OWN.search(head) is not None
    run = _RUN.sub("", path.name) if own else ""
    first = next((found.fetched_at for found in read_file(path) if found.fetched_at), _START)
    return ArchiveFile(path, name, path.stat().st_size, own, run, first)


def in_order(files: Sequence[ArchiveFile], positions: Mapping[str, int], troubles: Troubles) -> Iterator[Record]:
    """Yield the responses of all files in the order of time (of files, where times are equal).

    files: in the order of `start`. positions: by file name the offset of the last record that is done already.
    """
    waiting = deque(enumerate(files))
    heap: list[tuple[datetime, int, int, Record, Iterator[Record]]] = []

    def advance(number: int, stream: Iterator[Record]) -> None:
        record = next(stream, None)
        if record is not None:
            heapq.heappush(heap, (record.moment, number, record.response.pointer.offset, record, stream))

    while heap or waiting:
        while waiting and (not heap or (waiting[0][1].start <= heap[0][0] and len(heap) < MOST_OPEN)):
            number, file = waiting.popleft()
            advance(number, _records(file, positions.get(file.name, -1), troubles))
        if heap:
            _, number, _, record, stream = heapq.heappop(heap)
            yield record
            advance(number, stream)


def _records(file: ArchiveFile, done: int, troubles: Troubles) -> Iterator[Record]:
    """Yield the records of one file; a rendered page takes the place of the raw one that it was made from."""
    before, moment, held = done, file.start, None
    try:
        for response in read_file(file.path, name=file.name, offset=max(done, 0), on_broken=_reporter(file, troubles)):
            if response.pointer.offset <= done:
                continue
            if held is not None and not _rendered_from(held, response):
                moment = held.fetched_at or moment
                yield Record(held, Place(file, before), moment)
                before = held.pointer.offset
            held = response
        if held is not None:
            yield Record(held, Place(file, before), held.fetched_at or moment)
    except OSError as error:
        troubles.files[str(file.path)] = str(error)


def _rendered_from(raw: ArchivedResponse, response: ArchivedResponse) -> bool:
    return (
        response.kind == "conversion"
        and raw.kind == "response"
        and (raw.url, raw.fetched_at) == (response.url, response.fetched_at)
    )


def _reporter(file: ArchiveFile, troubles: Troubles) -> Callable[[int, str], None]:
    return lambda offset, reason: troubles.broke(file.path, offset, reason)
