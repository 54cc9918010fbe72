"""What a crawl with newscrawl costs beside bare Scrapy with a trivial parse, on the same portal, in CPU time.

usage: python -m tests.bench.bench_crawl [--articles 2000] [--rounds 3] [--json FILE]

Every variant is a process of its own, in turn, several rounds; the ratio is that of the medians of user + system time.
The portal runs in a process of its own and does not count.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from newscrawl.demo import portal_process
from tests.crawl.support import Crawls

#: name -> settings; each takes one component more than the one before it.
VARIANTS: dict[str, dict[str, object]] = {
    "pages only, no pipelines": {"NEWSCRAWL_WARC": False, "NEWSCRAWL_DEDUP": "off", "ITEM_PIPELINES": {}},
    "all pipelines and store": {"NEWSCRAWL_WARC": False, "NEWSCRAWL_DEDUP": "off"},
    "+ near-duplicates": {"NEWSCRAWL_WARC": False},
    "+ WARC (everything)": {},
}
TARGETS = {"all pipelines and store": 2.0, "+ WARC (everything)": 3.0}


def cpu_of(command: list[str], environment: dict[str, str], folder: Path) -> tuple[float, float]:
    """Run a command and return its CPU seconds (user + system) and its greatest memory in MB."""
    with (folder / "bench.log").open("ab") as log:
        child = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)  # noqa: S603
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 10):  # without pipelines nothing is stored, which is 10
        sys.exit(f"{command}: exit code {child.returncode}; see {folder / 'bench.log'}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measure(url: str, rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Run every variant in turn, several times."""
    figures: dict[str, list[tuple[float, float]]] = {}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            bare = [sys.executable, "-m", "tests.bench.bare_spider", url]
            environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
            figures.setdefault("bare Scrapy", []).append(cpu_of(bare, environment, folder))
            for number, (variant, settings) in enumerate(VARIANTS.items()):
                home = folder / str(number)
                home.mkdir()
                crawls = Crawls(url, home, settings={"LOG_LEVEL": "ERROR", **settings})
                figures.setdefault(variant, []).append(cpu_of(crawls.command(), crawls.environment(), home))
    return figures


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with portal_process("--articles", str(options.articles)) as portal:
        figures = measure(portal.url, options.rounds)
    seconds = {name: statistics.median(cpu for cpu, _ in runs) for name, runs in figures.items()}
    base = seconds["bare Scrapy"]
    print(f"crawl of {options.articles} articles, {options.rounds} rounds, CPU of one process")
    for name, value in seconds.items():
        target = f"  target <= {TARGETS[name]:.1f}" if name in TARGETS else ""
        memory = max(peak for _, peak in figures[name])
        each = value / options.articles * 1e3
        print(f"{name:28} {each:7.2f} ms an article  x{value / base:.2f}  {memory:.0f} MB{target}")
    if options.json:
        rows = {name: {"seconds": value, "ratio": value / base} for name, value in seconds.items()}
        options.json.write_text(json.dumps(rows, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
