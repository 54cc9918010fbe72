"""Calls that cost as much for one as for many: what comes within a moment is done together."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

#: Seconds that one waits for others, so that a slow site still gets its articles stored at once.
LINGER = 0.05

Given = TypeVar("Given")
Answer = TypeVar("Answer")


class Batcher(Generic[Given, Answer]):
    """Hands what comes in to `work` in lists of at most `size`, one list at a time, in the order of coming.

    work: returns one answer for each. Where it fails for several, each is tried alone, so that one that cannot be done
    keeps no other one back; errors of the kinds `fatal` are everyone's.
    """

    def __init__(
        self,
        work: Callable[[list[Given]], Awaitable[list[Answer]]],
        *,
        size: int,
        fatal: tuple[type[Exception], ...] = (),
    ) -> None:
        self.work = work
        self.size = size
        self.fatal = fatal
        self._waiting: list[tuple[Given, asyncio.Future[Answer]]] = []
        self._task: asyncio.Task[None] | None = None

    async def submit(self, given: Given) -> Answer:
        """Return the answer for one, when its batch is done. Raises what `work` raises."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((given, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work_off())
        return await future

    async def _work_off(self) -> None:
        await asyncio.sleep(LINGER)
        while self._waiting:
            chunk, self._waiting = self._waiting[: self.size], self._waiting[self.size :]
            error = await self._do(chunk)
            if error is not None and len(chunk) > 1 and not isinstance(error, self.fatal):
                for single in chunk:
                    _tell([single], await self._do([single]))
            else:
                _tell(chunk, error)

    async def _do(self, chunk: list[tuple[Given, asyncio.Future[Answer]]]) -> Exception | None:
        try:
            answers = await self.work([given for given, _ in chunk])
        except Exception as error:  # noqa: BLE001  those who wait shall see it, and later batches still run
            return error
        for (_, future), answer in zip(chunk, answers, strict=True):
            if not future.done():
                future.set_result(answer)
        return None


def _tell(chunk: list[tuple[Given, asyncio.Future[Answer]]], error: Exception | None) -> None:
    for _, future in chunk:
        if error is not None and not future.done():
            future.set_exception(error)
