"""What the demo portal costs: CPU time of its process per answered request, so that it does not disturb benchmarks.

Run: python -m tests.bench.bench_portal [--requests N] [--json FILE]   (--data is accepted and not used)
"""

from __future__ import annotations

import argparse
import http.client
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from newscrawl.demo import portal_process

if TYPE_CHECKING:
    from collections.abc import Sequence

TARGET_MS = 1.0


def cpu_seconds(pid: int) -> float:
    """CPU time of a process so far, user and system (Linux: /proc, in ticks of 1/100 s)."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def measure(requests: int) -> dict[str, float]:
    """Milliseconds of CPU a request: rendering (each page once), then cached, gzipped and 304 answers."""
    figures: dict[str, float] = {}
    with portal_process("--articles", "500") as portal:
        paths = list(portal.control.expected())
        address = urlsplit(portal.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
        tags: dict[str, str] = {}
        for name in ("rendering", "cached", "gzip", "304"):
            before = cpu_seconds(portal.pid)
            count = len(paths) if name == "rendering" else requests
            for number in range(count):
                path = paths[number % len(paths)]
                headers = {"gzip": {"Accept-Encoding": "gzip"}, "304": {"If-None-Match": tags.get(path, "")}}
                connection.request("GET", path, headers=headers.get(name, {}))
                reply = connection.getresponse()
                tags[path] = reply.getheader("ETag", "")
                reply.read()
            figures[name] = (cpu_seconds(portal.pid) - before) / count * 1000
        connection.close()
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print each figure beside its target; returns 1 where one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=5000)
    parser.add_argument("--data", help="not used")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    figures: dict[str, Any] = measure(options.requests)
    for name, value in figures.items():
        sys.stdout.write(f"{name:<10} {value:.3f} CPU-ms a request (target: at most {TARGET_MS})\n")
    if options.json:
        options.json.write_text(json.dumps(figures), encoding="utf-8")
    return 0 if all(value <= TARGET_MS for value in figures.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
