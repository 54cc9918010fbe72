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
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from newscrawl.replay.reading import Reading, Task, read_chunk
from newscrawl.replay.source import ReplayError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Extra = TypeVar("Extra")

#: So often in a row workers may die over the same pages.
MOST_DEATHS = 3
#: Chunks under way for each worker.
AHEAD = 3


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


class _Handle:
    """A chunk that a pool has; it is submitted again where the pool broke."""

    __slots__ = ("future", "tasks")

    def __init__(self, tasks: list[Task], future: Future[list[Reading]]) -> None:
        self.tasks = tasks
        self.future = future


class Processes:
    """Reads in processes of their own; one that dies is replaced."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.ahead = AHEAD * workers
        self._handles: deque[_Handle] = deque()
        self._deaths = 0
        self._pool = self._start()

    def _start(self) -> ProcessPoolExecutor:
        # forked from a server that has nothing open: neither threads nor the store are inherited
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["newscrawl.replay.reading", "newscrawl.replay.preload"])
        return ProcessPoolExecutor(self.workers, mp_context=context, initializer=_live_with_parent)

    def submit(self, tasks: list[Task]) -> _Handle:
        """See `Engine.submit`."""
        try:
            future = self._pool.submit(read_chunk, tasks)
        except BrokenProcessPool:
            self._renew()
            future = self._pool.submit(read_chunk, tasks)
        handle = _Handle(tasks, future)
        self._handles.append(handle)
        return handle

    def result(self, handle: _Handle) -> list[Reading]:
        """See `Engine.result`; chunks are asked for in the order in which they were submitted."""
        while True:
            try:
                readings = handle.future.result()
            except BrokenProcessPool:
                self._renew()
            else:
                self._handles.popleft()
                self._deaths = 0
                return readings

    def _renew(self) -> None:
        self._deaths += 1
        if self._deaths > MOST_DEATHS:
            urls = ", ".join(task.url for task in self._handles[0].tasks[:3]) if self._handles else "the first pages"
            raise ReplayError(f"workers died {self._deaths} times in a row, reading {urls} … (out of memory?)")
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = self._start()
        for handle in self._handles:
            if not handle.future.done() or handle.future.cancelled() or handle.future.exception() is not None:
                handle.future = self._pool.submit(read_chunk, handle.tasks)

    def close(self) -> None:
        """Let the processes go."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _live_with_parent() -> None:
    """Leave interrupts to the parent, and end when it is gone: a worker that waits for work would not notice."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=[parent.sentinel], daemon=True).start()


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
