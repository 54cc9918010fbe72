"""What a benchmark ran on, kept beside its figures."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

#: Libraries whose versions decide what the figures mean.
PACKAGES = (
    *("Scrapy", "selectolax", "pymongo", "OpenCC", "warcio", "trafilatura", "newspaper4k", "gne", "readability-lxml"),
    *("magic-html", "resiliparse", "datasketch", "lxml"),
)


def machine() -> dict[str, Any]:
    """Return processor, cores, load, memory, versions and the time."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": _field("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load": [round(load, 1) for load in os.getloadavg()],
        "memory_gib": round(int((_field("/proc/meminfo", "MemTotal") or "0 kB").split()[0]) / 2**20, 1),
        "system": platform.system() + " " + platform.release().partition("-")[0],
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "commit": _commit(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
    }


def _field(path: str, name: str) -> str:
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _commit() -> str:
    words = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=Path(__file__).parent)  # noqa: S603
    return done.stdout.strip()
