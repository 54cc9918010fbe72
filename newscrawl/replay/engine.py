"""Where pages are read: in this process, in processes on this machine, or on a Dask cluster. Results keep their order.

Work is pure, so what a lost worker had is done again by another one, and every result is taken exactly once.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from newscrawl.replay.reading import Reading, Task, read_chunk
from newscrawl.replay.slots import Slots, work
from newscrawl.replay.source import ReplayError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from newscrawl.replay.slots import Parcel, Reply, SharedFile

Extra = TypeVar("Extra")

#: So often in a row workers may die over the same pages.
MOST_DEATHS = 3
#: Chunks under way for each worker: results are taken in order, and while one of them is late the others go on.
AHEAD = 4


class Engine(Protocol):
    """Reads chunks of tasks, several at a time: as many as `ahead` says."""

    @property
    def ahead(self) -> int:
        """How many chunks to have under way: enough that no worker waits, few enough that memory stays small."""

    def submit(self, tasks: list[Task]) -> Any:
        """Begin a chunk and return a handle."""

    def result(self, handle: Any) -> list[Reading]:
        """Return what came of a chunk. Raises ReplayError."""

    def close(self) -> None:
        """Let workers go."""


class Inline:
    """Reads in this process, when the result is asked for."""

    ahead = 1

    def submit(self, tasks: list[Task]) -> list[Task]:
        """See `Engine.submit`."""
        return tasks

    def result(self, handle: list[Task]) -> list[Reading]:
        """See `Engine.result`."""
        return read_chunk(handle)

    def close(self) -> None:
        """Do nothing."""


@dataclass(slots=True)
class _Handle:
    """A chunk that a pool has, or is to have; it is submitted again where the pool broke."""

    tasks: list[Task]
    parcel: Parcel | None = None
    future: Future[Reply] | None = None
    readings: list[Reading] | None = None


class Processes:
    """Reads in processes of their own; one that dies is replaced.

    They load modules and tables for half a second; meanwhile chunks can be submitted, and wait.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.ahead = AHEAD * workers
        self._handles: deque[_Handle] = deque()
        self._deaths = 0
        self._start()

    def _start(self) -> None:
        # forked from a server that has nothing open: neither threads nor the store are inherited
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["newscrawl.replay.reading", "newscrawl.replay.preload"])
        # of its own for each pool: what is left of a broken one may still write into the memory that it had
        self._slots = Slots()
        self._pool = ProcessPoolExecutor(
            self.workers, mp_context=context, initializer=_begin, initargs=(self._slots.file,)
        )
        self._starting = threading.Thread(target=_start_first, args=[self._pool], daemon=True)
        self._starting.start()

    def submit(self, tasks: list[Task]) -> _Handle:
        """See `Engine.submit`."""
        handle = _Handle(tasks)
        self._handles.append(handle)
        if not self._starting.is_alive():
            self._send()
        return handle

    def _send(self) -> None:
        """Give the pool every chunk that it does not have yet."""
        self._starting.join()
        for handle in self._handles:
            if handle.future is None and handle.readings is None:
                handle.parcel = handle.parcel or self._slots.pack(handle.tasks)
                try:
                    handle.future = self._pool.submit(_work, read_chunk, handle.parcel)
                except BrokenProcessPool:  # found when a result is asked for
                    handle.future = Future()
                    handle.future.set_exception(BrokenProcessPool())

    def result(self, handle: _Handle) -> list[Reading]:
        """See `Engine.result`; chunks are asked for in the order in which they were submitted."""
        while handle.readings is None:
            self._send()
            try:
                self._receive(handle)
            except BrokenProcessPool:
                self._renew()
        self._handles.popleft()
        self._deaths = 0
        return handle.readings

    def _receive(self, handle: _Handle) -> None:
        if handle.future is not None and handle.parcel is not None:
            handle.readings = self._slots.unpack(handle.parcel, handle.future.result())

    def _renew(self) -> None:
        """Begin a new pool, with the chunks that the broken one has not done."""
        self._deaths += 1
        if self._deaths > MOST_DEATHS:
            urls = ", ".join(task.url for task in self._handles[0].tasks[:3]) if self._handles else "the first pages"
            raise ReplayError(f"workers died {self._deaths} times in a row, reading {urls} … (out of memory?)")
        self._pool.shutdown(wait=False, cancel_futures=True)
        for handle in self._handles:
            future = handle.future
            if future is not None and future.done() and not future.cancelled() and future.exception() is None:
                self._receive(handle)
            handle.parcel = handle.future = None
        self._slots.file.close()
        self._start()

    def close(self) -> None:
        """Let the processes go."""
        self._starting.join()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._slots.file.close()


def _start_first(pool: ProcessPoolExecutor) -> None:
    """Start the first worker; the others are then forked in no time. What goes wrong, the next chunk meets as well."""
    with suppress(OSError, RuntimeError):
        pool.submit(int)


_shared: list[SharedFile] = []  # in a worker: the memory that it shares with its parent


def _begin(file: SharedFile) -> None:
    """Leave interrupts to the parent, and end when it is gone: a worker that waits for work would not notice."""
    _shared[:] = [file]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=[parent.sentinel], daemon=True).start()


def _work(read: Callable[[list[Task]], list[Reading]], parcel: Parcel) -> Reply:
    return work(read, parcel, _shared[0])


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


class Ordered(Generic[Extra]):
    """Runs chunks through an engine, a bounded number at once, and gives them back in the order of their coming."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def run(self, chunks: Iterable[tuple[Extra, list[Task]]], take: Callable[[Extra, list[Reading]], None]) -> None:
        """Read all chunks and hand each with its extra to `take`."""
        for extra, readings in self.results(chunks):
            take(extra, readings)

    def results(self, chunks: Iterable[tuple[Extra, list[Task]]]) -> Iterator[tuple[Extra, list[Reading]]]:
        """Yield the results of chunks in their order."""
        waiting: deque[tuple[Extra, Any]] = deque()
        for extra, tasks in chunks:
            waiting.append((extra, self.engine.submit(tasks)))
            if len(waiting) >= self.engine.ahead:
                first, handle = waiting.popleft()
                yield first, self.engine.result(handle)
        while waiting:
            first, handle = waiting.popleft()
            yield first, self.engine.result(handle)
