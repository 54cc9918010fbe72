"""A bounded file on disk in which articles wait while the store cannot be reached."""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl.items import from_record, to_record
from newscrawl.store.interface import StoreUnavailableError
from newscrawl.store.records import write_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import BinaryIO

    from newscrawl.items import Article
    from newscrawl.store.interface import Store

logger = logging.getLogger(__name__)

#: How many articles go from the spool to the store at once.
BATCH = 100


class SpoolFullError(StoreUnavailableError):
    """The spool holds as much as it may, or its disk is full; what was to be appended is not in it."""


class Spool:
    """Articles as JSON lines in one file, on the disk before `append` returns; safe for threads and processes.

    A line that was only half written when its writer died is taken out by whoever uses the file next.
    """

    def __init__(self, path: Path | str, max_bytes: int) -> None:
        self.path = Path(path)
        self.max_bytes = max_bytes
        self._lock = threading.Lock()

    def size(self) -> int:
        """Return how many bytes wait."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    def append(self, articles: Sequence[Article]) -> None:
        """Write articles to the end, all or none. Raises SpoolFullError where they would not fit."""
        data = b"".join(write_json(to_record(article)).encode() + b"\n" for article in articles)
        try:
            with self._locked() as file:
                end = _end_of_whole_lines(file)
                if end + len(data) > self.max_bytes:
                    raise SpoolFullError(
                        f"The spool {self.path} is full ({self.max_bytes:,} bytes): bring the store back."
                    )
                _write_at(file.fileno(), end, data)
        except OSError as error:
            raise SpoolFullError(f"Cannot write to the spool {self.path}: {error.strerror or error}.") from error

    def drain(self, store: Store | Callable[[list[Article]], object]) -> int:
        """Give all waiting articles to a store (or a function), oldest first, and empty the file.

        Returns how many there were. Should the store fail or the process die, all stay and are given again: `put`
        done twice is as if done once. Lines that cannot be read are reported and kept in a file beside this one.
        """
        write = store if callable(store) else store.put
        if not self.size():
            return 0
        count = 0
        with self._locked() as file:
            end = _end_of_whole_lines(file)
            batch: list[Article] = []
            unreadable: list[bytes] = []
            file.seek(0)
            while file.tell() < end:
                line = file.readline()
                try:
                    batch.append(from_record(json.loads(line)))
                except (ValueError, TypeError, AttributeError, KeyError):
                    unreadable.append(line)
                if len(batch) >= BATCH:
                    write(batch)
                    count += len(batch)
                    batch = []
            if batch:
                write(batch)
                count += len(batch)
            self._keep(unreadable)
            os.ftruncate(file.fileno(), 0)
            os.fsync(file.fileno())
        return count

    def _keep(self, lines: list[bytes]) -> None:
        if lines:
            aside = self.path.with_name(self.path.name + ".unreadable")
            with aside.open("ab") as file:
                file.writelines(lines)
                file.flush()
                os.fsync(file.fileno())
            logger.error("%d lines of the spool %s cannot be read; they are kept in %s", len(lines), self.path, aside)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[BinaryIO]:
        with self._lock:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
            with os.fdopen(descriptor, "r+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield file


def _end_of_whole_lines(file: BinaryIO) -> int:
    """Return where the last whole line ends."""
    size = end = file.seek(0, os.SEEK_END)
    while end > 0:
        start = max(0, end - 65536)
        file.seek(start)
        newline = file.read(end - start).rfind(b"\n")
        if newline >= 0:
            end = start + newline + 1
            break
        end = start
    if end < size:
        os.ftruncate(file.fileno(), end)
    return end


def _write_at(descriptor: int, end: int, data: bytes) -> None:
    written = 0
    try:
        while written < len(data):
            written += os.pwrite(descriptor, memoryview(data)[written:], end + written)
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, end)
        raise
