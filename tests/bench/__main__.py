"""All benchmarks, side by side in one run: figures beside targets, ratios, and everything kept as JSON.

usage: python -m tests.bench --data ../shared/data [--quick] [--only chain,store] [--report] [--list]

Each section is a process of its own (`python -m tests.bench.bench_NAME`), so that none feels the memory of another.
Its figures go to tests/bench/results/NAME.json with the machine they were measured on. `--report` then writes
tests/bench/REPORT.md and its plots from what is kept there, also of sections that were not run this time. `--quick`
takes a few minutes, with small samples; it keeps nothing unless `--results` names another folder.

Peers are optional (deploy/requirements-bench.txt); one that is missing is named and left out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.machine import machine

HERE = Path(__file__).parent
RESULTS = HERE / "results"


@dataclass(frozen=True, slots=True)
class Section:
    """One benchmark: its words on the command line, those of a quick run, and how long it may take (seconds)."""

    name: str
    words: tuple[str, ...]
    quick: tuple[str, ...]
    data: bool = True
    limit: int = 1800


SECTIONS = (
    Section("start", (), ("--rounds", "3"), data=False),
    Section("extraction", ("--peers",), ("--peers", "--pages", "40")),
    Section("chain", ("--rounds", "5"), ("--rounds", "1", "--pages", "40")),
    Section("restore", (), ("--quick",)),
    Section("lines", (), ()),
    Section("bylines", (), ()),
    Section("minhash", ("--rows", "6000"), ("--rows", "1000")),
    Section("fts", (), ("--articles", "500", "--substrings", "300")),
    Section("store", ("--articles", "3000"), ("--articles", "1000"), data=False),
    Section("crawl", ("--articles", "1000", "--rounds", "2"), ("--articles", "200", "--rounds", "1"), data=False),
    Section("replay", ("--records", "6000", "--memory", ""), ("--records", "600", "--rounds", "1", "--memory", "")),
    Section("memory", (), ("--sizes", "1000,3000", "--stories", "1000,3000"), data=False),
)  # fmt: skip


def run(section: Section, options: argparse.Namespace) -> dict[str, Any]:
    """Run one section and return its figures with how long it took and how it ended."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "figures.json"
        words = [sys.executable, "-m", f"tests.bench.bench_{section.name}", "--json", str(kept)]
        words += section.quick if options.quick else section.words
        if section.data:
            words += ["--data", str(options.data)]
        started = time.monotonic()
        try:
            ended = subprocess.run(words, check=False, timeout=section.limit).returncode  # noqa: S603  our own words
        except subprocess.TimeoutExpired:
            ended = None
        figures = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else None
    return {"exit": ended, "seconds": round(time.monotonic() - started), "quick": options.quick, "figures": figures}


def chosen(options: argparse.Namespace) -> list[Section]:
    """Return the sections that were asked for, without those whose data is not there."""
    names = {section.name for section in SECTIONS}
    wanted = options.only.split(",") if options.only else sorted(names)
    if unknown := set(wanted) - names:
        sys.exit(f"no such section: {', '.join(sorted(unknown))}; there are {', '.join(sorted(names))}")
    found = []
    for section in SECTIONS:
        if section.name not in wanted:
            continue
        if section.data and not (options.data and options.data.is_dir()):
            print(f"skipped: {section.name} needs --data, the folder with the measured pages")
            continue
        found.append(section)
    return found


def main() -> None:
    """Run what was asked for, keep it, and write the report."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder with pages/, dedup/ and the line files")
    parser.add_argument("--only", default="", metavar="NAMES", help="sections, with commas between them")
    parser.add_argument("--quick", action="store_true", help="small samples, a few minutes")
    parser.add_argument("--report", action="store_true", help="write REPORT.md and its plots from what is kept")
    parser.add_argument("--results", type=Path, help="where figures are kept (default: tests/bench/results)")
    parser.add_argument("--list", action="store_true", help="name the sections and run none")
    options = parser.parse_args()
    if options.list:
        print("\n".join(f"{section.name:12} python -m tests.bench.bench_{section.name}" for section in SECTIONS))
        return
    keep = options.results or (None if options.quick else RESULTS)
    missed = []
    for section in chosen(options):
        print(f"\n== {section.name} ==", flush=True)
        found = {"machine": machine(), **run(section, options)}
        if found["figures"] is None:
            print(f"{section.name} gave no figures (exit {found['exit']})")
            missed.append(section.name)
        elif keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            text = json.dumps(found, indent=1, ensure_ascii=False)
            (keep / f"{section.name}.json").write_text(text + "\n", encoding="utf-8")
    if options.report:
        from tests.bench.report import write_report

        missed += write_report(keep or RESULTS, HERE)
    if missed:
        sys.exit(f"\nno figures, or a target missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
