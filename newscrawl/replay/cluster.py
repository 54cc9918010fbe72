"""Reading on a Dask cluster: chunks go to its workers, what a lost worker had goes to another one."""

from __future__ import annotations

from typing import Any

from newscrawl.replay.engine import AHEAD
from newscrawl.replay.reading import Reading, Task, read_chunk
from newscrawl.replay.source import ReplayError

#: Seconds to wait for the scheduler.
PATIENCE = 15
#: The number of workers is asked for anew after so many chunks: some may have come or gone.
_LOOK_AGAIN = 20


class Cluster:
    """An engine on the cluster of a scheduler, `tcp://HOST:PORT`. Raises ReplayError where it cannot be reached."""

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise ReplayError("--cluster needs Dask: pip install 'newscrawl[dask]'") from None
        self.address = address
        self._submitted = 0
        try:
            connect: Any = Client  # the library has no types
            self._client = connect(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise ReplayError(f"no Dask scheduler answers at {address}: {' '.join(str(error).split())}") from None
        self.ahead = self._room()

    def _room(self) -> int:
        threads: int = sum(self._client.nthreads().values())
        return AHEAD * max(1, threads)

    def submit(self, tasks: list[Task]) -> Any:
        """See `Engine.submit`."""
        self._submitted += 1
        if self._submitted % _LOOK_AGAIN == 0:
            self.ahead = self._room()
        # not pure: two chunks are never one, and a result is let go when it was taken
        return self._client.submit(read_chunk, tasks, pure=False)

    def result(self, handle: Any) -> list[Reading]:
        """See `Engine.result`."""
        from distributed import CancelledError, KilledWorker

        try:
            readings: list[Reading] = handle.result()
        except KilledWorker as error:
            raise ReplayError(f"workers died again and again over the same pages: {error}") from None
        except (CancelledError, OSError) as error:
            raise ReplayError(f"the Dask cluster at {self.address} is lost: {error}") from None
        handle.release()
        return readings

    def close(self) -> None:
        """Leave the cluster as it is, without us."""
        self._client.close()
