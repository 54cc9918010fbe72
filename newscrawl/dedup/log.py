"""The story log: every decision of deduplication, in one order that all processes share.

A store keeps numbered batches of entries and takes a batch only under the next number (`StoryLog.append`). A process
applies the batches of the others before it decides, and decides anew when another was faster. So two copies that
arrive together end in one story, a process that dies loses nothing that was decided, and applying the log from its
beginning gives the same stories everywhere.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

Action = Literal["add", "join"]


@dataclass(slots=True)
class Entry:
    """One decision.

    action: "add" puts article `id` into `story` (a known article moves there); "join" makes the stories `other` and
    `story` one. story: number of the story; a number not yet given founds a story on `text`.
    kind, similarity: how the article relates to the text that stands for the story; the evidence of the merge.
    rank: 0 the article is credited to its own portal, 1 to nobody, 2 it carries copy marks. published, fetched: seconds
    since 1970, 0 where unknown. digest: 60 bits of the content hash, 0 where there is no text. site: name of the site.
    text: the fingerprint (see `Fingerprint.to_bytes`) where it stands for the story, else empty.
    """

    action: Action
    id: str
    story: int
    other: int = 0
    kind: str = ""
    similarity: float = 0.0
    rank: int = 1
    published: int = 0
    fetched: int = 0
    digest: int = 0
    site: str = ""
    text: bytes = b""


class StoryLog(Protocol):
    """Where the log lives; `newscrawl.store.fingerprints` has it in SQLite and in MongoDB."""

    def append(self, number: int, batch: bytes) -> bool:
        """Store a batch under a number, 1 for the first; return False where that number is taken. All or nothing."""

    def read(self, after: int) -> list[tuple[int, bytes]]:
        """Return the next batches after a number, in order: a bounded part of them, none only at the end."""

    def clear(self) -> None:
        """Forget everything, before the log is made anew."""


class MemoryLog:
    """A log that ends with the process."""

    def __init__(self) -> None:
        """Start empty."""
        self._batches: list[bytes] = []

    def append(self, number: int, batch: bytes) -> bool:
        """See `StoryLog.append`."""
        if number != len(self._batches) + 1:
            return False
        self._batches.append(batch)
        return True

    def read(self, after: int) -> list[tuple[int, bytes]]:
        """See `StoryLog.read`."""
        return list(enumerate(self._batches[after:], after + 1))

    def clear(self) -> None:
        """See `StoryLog.clear`."""
        self._batches.clear()


#: All fields of an entry but its text.
_HEAD = attrgetter(*[field.name for field in fields(Entry)][:-1])


def write_batch(entries: Sequence[Entry]) -> bytes:
    """Return a batch as bytes: the length of a JSON list of entries, the list, and their fingerprints one by one."""
    rows = [[*_HEAD(entry), len(entry.text)] for entry in entries]
    head = json.dumps(rows, ensure_ascii=True, separators=(",", ":")).encode()
    return struct.pack("<I", len(head)) + head + b"".join(entry.text for entry in entries)


def read_batch(batch: bytes) -> list[Entry]:
    """Return the entries of a batch that `write_batch` wrote."""
    (size,) = struct.unpack_from("<I", batch)
    place = 4 + size
    entries = []
    for *values, length in json.loads(batch[4:place]):
        entry = Entry(*values)
        entry.text = batch[place : place + length]
        entries.append(entry)
        place += length
    return entries
