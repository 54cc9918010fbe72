"""A Dask cluster of real processes for tests: a scheduler and workers, each under a nanny, that can be killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Seconds after which a cluster that does not start, or processes that do not end, are given up.
PATIENCE = 60


class DaskCluster:
    """A scheduler and two workers. environment: of all its processes; their output goes to cluster.log in `home`."""

    def __init__(self, home: Path, environment: Mapping[str, str], *, threads: int = 1) -> None:
        self.home = home
        self.environment = dict(environment)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self.scheduler = self._start("scheduler", "--host", self.address, "--no-dashboard")
        words = (self.address, "--nthreads", str(threads), "--nworkers", "1", "--no-dashboard")
        self.nannies = [self._start("worker", *words) for _ in range(2)]

    def _start(self, kind: str, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *words]
        with (self.home / "cluster.log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603  our own words
                command, cwd=self.home, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def wait(self) -> None:
        """Return when both workers are there."""
        from distributed import Client

        connect: Any = Client  # the library has no types
        client = connect(self.address, timeout=PATIENCE, set_as_default=False)
        client.wait_for_workers(2, timeout=PATIENCE)
        client.close()

    def members(self, number: int = 0) -> dict[int, str]:
        """Return the processes of a worker by id, with their command lines: its nanny, itself, what it has started."""
        group = self.nannies[number].pid
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it has ended meanwhile
                if os.getpgid(int(folder.name)) == group:
                    found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        return found

    def kill_a_worker(self) -> dict[int, str]:
        """Kill a nanny, its worker and all that they have started, as when a machine fails; returns who they were."""
        victims = self.members()
        os.killpg(self.nannies[0].pid, signal.SIGKILL)
        self.nannies[0].wait(PATIENCE)
        deadline = time.monotonic() + PATIENCE
        while any(alive(pid) for pid in victims):
            assert time.monotonic() < deadline, "a killed process is still there"
            time.sleep(0.02)
        return victims

    def close(self) -> None:
        """Kill what is left."""
        for process in (*self.nannies, self.scheduler):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE)


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that only waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@contextmanager
def dask_cluster(home: Path, environment: Mapping[str, str], *, threads: int = 1) -> Iterator[DaskCluster]:
    """Run a cluster until the block ends."""
    cluster = DaskCluster(home, environment, threads=threads)
    try:
        cluster.wait()
        yield cluster
    finally:
        cluster.close()
