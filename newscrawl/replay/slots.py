"""Memory that a replay shares with its workers: pages go out through it, what came of them comes back the same way.

Through the pipe of a pool a page is copied five times, in pieces of 64 KiB, for each of which both sides have to get
hold of a processor. Here it is written once and read once, and the pipe carries little more than its place.
"""

from __future__ import annotations

import os
import pickle
import tempfile
from dataclasses import dataclass, replace
from multiprocessing.reduction import DupFd
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from newscrawl.replay.reading import Reading, Task

#: Room of one slot, for a chunk or its results (bytes). What does not fit, or finds no memory, goes through the pipe.
SLOT = 4 * 1024 * 1024

#: Results on their way back: as bytes, or so many bytes in the slot.
Reply = bytes | int


class SharedFile:
    """A file in memory without a name; a process that is started with it as an argument has it open as well."""

    def __init__(self, number: int | None = None) -> None:
        self.number = _open_memory() if number is None else number

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to a process that is being started."""
        return _inherit, (DupFd(self.number),)

    def write(self, pieces: list[bytes], place: int) -> bool:
        """Write pieces one behind the other into the slot at a place; False where there is no room for them."""
        if sum(map(len, pieces)) > SLOT:
            return False
        try:
            for piece in pieces:
                rest = memoryview(piece)
                while rest:
                    written = os.pwrite(self.number, rest, place)
                    place, rest = place + written, rest[written:]
        except OSError:  # no memory
            return False
        return True

    def read(self, size: int, place: int) -> bytes:
        """Return what was written at a place."""
        data = os.pread(self.number, size, place)
        if len(data) != size:
            raise EOFError(f"the memory shared with workers gives {len(data)} bytes of {size}")
        return data

    def close(self) -> None:
        """Let go of it; the memory is free when every process has."""
        os.close(self.number)


def _open_memory() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("newscrawl-replay")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _inherit(wrapped: Any) -> SharedFile:
    return SharedFile(wrapped.detach())


@dataclass(slots=True, frozen=True)
class Parcel:
    """A chunk on its way to a worker.

    place: where its slot begins. sizes: how many bytes of each task's body lie there, one behind the other; None where
    the tasks have their bodies with them.
    """

    tasks: list[Task]
    place: int
    sizes: list[int] | None


class Slots:
    """Shared memory in which every chunk that is under way has a part of its own, from `pack` to `unpack`."""

    def __init__(self) -> None:
        self.file = SharedFile()
        self._free: list[int] = []
        self._end = 0

    def pack(self, tasks: list[Task]) -> Parcel:
        """Put the bodies of tasks into a free slot. The tasks themselves stay as they are."""
        if not self._free:
            self._free.append(self._end)
            self._end += SLOT
        place = self._free.pop()
        bodies = [task.body for task in tasks]
        if not self.file.write(bodies, place):
            return Parcel(tasks, place, None)
        return Parcel([replace(task, body=b"") for task in tasks], place, [len(body) for body in bodies])

    def unpack(self, parcel: Parcel, reply: Reply) -> list[Reading]:
        """Return what came of a parcel, and take its slot back."""
        data = reply if isinstance(reply, bytes) else self.file.read(reply, parcel.place)
        self._free.append(parcel.place)
        readings: list[Reading] = pickle.loads(data)  # noqa: S301  written by our own worker
        return readings


def work(read_chunk: Callable[[list[Task]], list[Reading]], parcel: Parcel, file: SharedFile) -> Reply:
    """Read a parcel in a worker, and leave the results in its slot, where the pages were."""
    tasks, start = parcel.tasks, parcel.place
    if parcel.sizes is not None:
        for task, size in zip(tasks, parcel.sizes, strict=True):
            task.body = file.read(size, start)
            start += size
    data = pickle.dumps(read_chunk(tasks), pickle.HIGHEST_PROTOCOL)
    return len(data) if file.write([data], parcel.place) else data
