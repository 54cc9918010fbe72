"""The portal as a process of its own, started and ended by a test."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newscrawl.demo.control import ControlClient

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True, frozen=True)
class PortalProcess:
    """A portal that runs: its address, the client that steers it, its process id."""

    url: str
    control: ControlClient
    pid: int


@contextmanager
def portal_process(*arguments: str) -> Iterator[PortalProcess]:
    """Run `python -m newscrawl.demo ARGUMENTS` until the block ends. Raises RuntimeError where it does not start."""
    command = [sys.executable, "-m", "newscrawl.demo", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:  # noqa: S603 - own code
        try:
            assert process.stdout is not None  # noqa: S101 - asked for with PIPE
            url, control = process.stdout.readline().strip(), process.stdout.readline().strip()
            if not url:
                raise RuntimeError("the demo portal did not start")
            yield PortalProcess(url, ControlClient(control), process.pid)
        finally:
            process.terminate()
