"""The gate to the store: every call goes through it, off the event loop, and holds out while the store is away."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from newscrawl.errors import NewscrawlError
from newscrawl.store import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

logger = logging.getLogger(__name__)

#: Seconds between two attempts to reach a lost store.
RETRY_PAUSE = 1.0

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")


class StoreLostError(NewscrawlError):
    """The store did not come back in the time that a run waits for it."""


class StoreGate:
    """Calls the store in threads. While it cannot be reached fetching pauses (`on_lost`), calls wait and are repeated;
    when it answers again, `on_back` is called. patience: seconds before the store is given up: `on_given_up` is called,
    and waiting calls and all later ones fail with StoreLostError. A run that is asked to end (`stopping`) gives up at
    once.
    """

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self.interruptions = 0
        self.on_lost: Callable[[], None] = lambda: None
        self.on_back: Callable[[], None] = lambda: None
        self.on_given_up: Callable[[], None] = lambda: None
        self.stopping: Callable[[], bool] = lambda: False
        self.given_up = False
        self._lost_since: float | None = None

    async def call(
        self, function: Callable[Parameters, Answer], /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Answer:
        """Call a method of the store; returns when it has answered. Raises StoreLostError, and other StoreErrors."""
        return await self.call_or(None, function, *args, **kwargs)

    async def call_or(
        self,
        meanwhile: Callable[[], Awaitable[None]] | None,
        function: Callable[Parameters, Answer],
        /,
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Answer:
        """Do as `call`; `meanwhile` is awaited once, when the first attempt has failed."""
        loop = asyncio.get_running_loop()
        while not self.given_up:
            try:
                answer = await asyncio.to_thread(function, *args, **kwargs)
            except StoreUnavailableError as error:
                self._lost(error, loop.time())
                if meanwhile is not None:
                    await meanwhile()
                    meanwhile = None
                waited = loop.time() - self._lost_since if self._lost_since is not None else 0.0
                if waited >= self.patience or self.stopping():
                    self._give_up(waited)
                else:
                    await asyncio.sleep(RETRY_PAUSE)
            else:
                self._back()
                return answer
        raise StoreLostError("the store was given up; what it missed waits in the spool")

    def _lost(self, error: StoreUnavailableError, moment: float) -> None:
        if self._lost_since is None:
            self._lost_since = moment
            self.interruptions += 1
            logger.error("store lost, fetching pauses for up to %.0f s: %s", self.patience, error)
            self.on_lost()

    def _give_up(self, waited: float) -> None:
        if not self.given_up:
            self.given_up = True
            logger.error("the store stayed away for %.0f s: the run ends, the next one takes up what it left", waited)
            self.on_given_up()

    def _back(self) -> None:
        if self._lost_since is not None:
            self._lost_since = None
            logger.warning("the store is back, fetching goes on")
            self.on_back()
