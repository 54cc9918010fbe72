"""A real MongoDB engine for tests and benchmarks: the one that is named, or one started for the occasion."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

#: The first start may have to install the engine.
START_SECONDS = 240


@dataclass
class Engine:
    """A running engine: its address, its data and how it was started."""

    uri: str
    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End it in good order."""
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it as a power failure would."""
        self.process.kill()
        self.process.wait(30)

    def restart(self) -> None:
        """Start it again on the same data and port."""
        self.process = _run(self.folder, self.port)
        _wait_for(self.process, self.folder, self.port)


def start_engine(folder: Path) -> Engine | None:
    """Start an engine with its data in a folder; None where there is no engine on this machine.

    It is the starter named by NEWSCRAWL_TEST_MONGO_ENGINE (an executable, `start DATA_DIR PORT`), else mongod on PATH.
    """
    if not os.environ.get("NEWSCRAWL_TEST_MONGO_ENGINE") and shutil.which("mongod") is None:
        return None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    folder.mkdir(parents=True, exist_ok=True)
    process = _run(folder, port)
    _wait_for(process, folder, port)
    return Engine(f"mongodb://127.0.0.1:{port}/", folder, port, process)


def _run(folder: Path, port: int) -> subprocess.Popen[bytes]:
    data = folder / "data"
    data.mkdir(exist_ok=True)
    starter = os.environ.get("NEWSCRAWL_TEST_MONGO_ENGINE")
    command = [starter, str(data), str(port)] if starter else _mongod(data, port)
    with (folder / "log").open("wb") as log:
        # The command is the tester's own.
        return subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)  # noqa: S603


def _mongod(data: Path, port: int) -> list[str]:
    return ["mongod", "--dbpath", str(data), "--port", str(port), "--bind_ip", "127.0.0.1"]


def _wait_for(process: subprocess.Popen[bytes], folder: Path, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    process.kill()
    log = (folder / "log").read_text("utf-8", "replace")[-2000:]
    raise RuntimeError(f"The MongoDB engine did not start: {log}")
