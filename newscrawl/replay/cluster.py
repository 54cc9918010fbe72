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


class ClusterError(ReplayError):
    """A Dask cluster cannot be reached, or is lost; the message says which and why."""


def connect(address: str) -> Any:
    """Return a client of the scheduler at `tcp://HOST:PORT`. Raises ClusterError where it cannot be reached."""
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError("--cluster needs Dask: pip install 'newscrawl[dask]'") from None
    client: Any = Client  # the library has no types
    try:
        return client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterError(f"no Dask scheduler answers at {address}: {' '.join(str(error).split())}") from None


def explain_loss(error: Exception) -> str:
    """Return how the cluster was lost, in words, where an error says that it was; else ""."""
    from distributed import CancelledError

    if isinstance(error, CancelledError | OSError):
        return " ".join(str(error).split()) or type(error).__name__
    return ""


class Cluster:
    """An engine on the cluster of a scheduler, `tcp://HOST:PORT`. Raises ClusterError where it cannot be reached."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._submitted = 0
        self._client = connect(address)
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
        from distributed import KilledWorker

        try:
            readings: list[Reading] = handle.result()
        except KilledWorker as error:
            raise ClusterError(f"workers died again and again over the same pages: {error}") from None
        except Exception as error:
            if loss := explain_loss(error):
                raise ClusterError(f"the Dask cluster at {self.address} is lost: {loss}") from None
            raise
        handle.release()
        return readings

    def close(self) -> None:
        """Leave the cluster as it is, without us."""
        self._client.close()
