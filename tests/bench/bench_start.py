"""How long `newscrawl --help` and other words that touch nothing take, beside a Python that does nothing.

usage: python -m tests.bench.bench_start [--rounds 10] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

TARGET = 0.3
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "newscrawl --help": ["-m", "newscrawl.cli", "--help"],
    "newscrawl crawl --help": ["-m", "newscrawl.cli", "crawl", "--help"],
    "newscrawl sites": ["-m", "newscrawl.cli", "sites"],
}


def seconds_of(words: list[str]) -> tuple[float, float]:
    """Return wall and CPU seconds of one call."""
    before, started = os.times(), time.perf_counter()
    subprocess.run([sys.executable, *words], stdout=subprocess.DEVNULL, check=True)  # noqa: S603  our own words
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - started, cpu


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    result: dict[str, dict[str, float]] = {}
    for name, words in COMMANDS.items():
        seconds_of(words)  # compiled files are written once
        runs = [seconds_of(words) for _ in range(options.rounds)]
        result[name] = {
            "wall": statistics.median(wall for wall, _ in runs),
            "least": min(wall for wall, _ in runs),
            "cpu": statistics.median(cpu for _, cpu in runs),
        }
        target = f"   target <= {TARGET}" if name == "newscrawl --help" else ""
        found = result[name]
        print(f"{name:24} {found['wall']:.3f} s (least {found['least']:.3f}), {found['cpu']:.3f} CPU s{target}")
    if options.json:
        options.json.write_text(json.dumps(result, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
