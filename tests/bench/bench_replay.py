"""Measure replay: two workers against one, memory against the size of the archive, and what a record costs where.

usage: python -m tests.bench.bench_replay --data ../shared/data [--records 3000] [--memory 2000,8000] [--json FILE]

The archive is made of the shared pages, altered from copy to copy so that texts and addresses differ. Every replay runs
in a process of its own, into a new SQLite file. Scaling is the ratio of the times that two replays take in alternating
rounds: the least time of each, which is the figure that has to reach the target, and the median of the ratios of the
rounds. Beside it stands what tells a busy machine from a slow program: CPU seconds, which say what two free cores would
give, and for how long workers had nothing to do, or something to do and no processor.
"""

from __future__ import annotations

import argparse
import compileall
import io
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import newscrawl
from newscrawl.dedup import Deduplicator
from newscrawl.replay import Options, StoreSink, replay
from newscrawl.store import open_store
from newscrawl.store.fingerprints import open_story_log
from tests.bench.bench_extraction import load_rows

if TYPE_CHECKING:
    from newscrawl.replay import Progress

SCALING = 1.8
#: Growth of memory without deduplication from the smallest to the largest archive, in MiB.
FLAT = 20.0


def make_archive(path: Path, data: Path, records: int) -> None:
    """Write an archive of so many pages; copies of one differ in many characters."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    rows = load_rows(data / "pages")
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "bench"}))
        for number in range(records):
            row, copy = rows[number % len(rows)], number // len(rows)
            host = (row.get("domain") or "portal.example.com").split("/")[0].replace(":", ".")
            body = turned(row["html"], copy)
            record = writer.create_warc_record(
                f"http://{host}/a/{number}.html",
                "response",
                payload=io.BytesIO(body),
                http_headers=StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1"),
                warc_headers_dict={"WARC-Date": f"{moment + timedelta(seconds=number):%Y-%m-%dT%H:%M:%SZ}"},
            )
            writer.write_record(record)


def turned(html: bytes, copy: int) -> bytes:
    """Return a page in which one of the more frequent characters in every eight is another one, by the copy."""
    try:
        text = html.decode("utf-8")
    except UnicodeDecodeError:
        return html
    return text.translate({0x4E00 + n: 0x4E00 + n + copy % 97 for n in range(copy % 8, 0x5000, 8)}).encode()


def child(options: argparse.Namespace) -> None:
    """Replay in this process and print what it took."""
    target = Path(options.child)
    store = open_store(f"sqlite:///{target / 'store.db'}")
    deduplicator = None if options.no_dedup else Deduplicator(open_story_log(store))
    peaks: list[float] = []
    others: dict[int, Process] = {}

    def show(done: Progress) -> None:
        if done.records // 500 > len(peaks) or done.records + 64 > options.records:
            others.update(descendants())
            peaks.append(resident())

    started = time.monotonic()
    report = replay(
        [Path(options.archive)],
        [],
        StoreSink(store, deduplicator),
        Options(archive=target, workers=options.workers, journal=target / "journal.db"),
        show=show,
    )
    took = time.monotonic() - started
    store.close()
    mine = resource.getrusage(resource.RUSAGE_SELF)
    workers = [process for process in others.values() if process.worker]
    figures = {
        "seconds": took,
        "cpu_parent": mine.ru_utime + mine.ru_stime,
        "cpu_workers": sum(process.cpu for process in others.values()),
        "workers_idle": share(sum(process.idle for process in workers), sum(process.life for process in workers)),
        "workers_queued": share(sum(process.queued for process in workers), sum(process.life for process in workers)),
        "peak_mib": mine.ru_maxrss / 1024,
        "worker_peak_mib": max((process.peak_mib for process in others.values()), default=0.0),
        "resident": peaks,
        "records": report.counts["records"],
        "articles": report.counts["articles"],
        "failed": report.counts["failed"],
    }
    print(json.dumps(figures))


@dataclass(slots=True)
class Process:
    """A process below this one, in seconds and MiB: its life, for how long it ran, had nothing to do (idle), or had
    something to do and no processor (queued). worker: not a server that workers are forked from.
    """

    life: float
    cpu: float
    idle: float
    queued: float
    peak_mib: float
    worker: bool


def share(part: float, whole: float) -> float:
    """Return which share of the whole a part is; 0 of nothing."""
    return part / whole if whole else 0.0


def descendants() -> dict[int, Process]:
    """Return the processes below this one, by process id."""
    parents: dict[int, int] = {}
    fields: dict[int, list[str]] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields[int(entry.name)] = words = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(entry.name)] = int(words[1])
    below = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in below} - below:
        below |= more
    return {pid: look_at(pid, fields[pid], worker=parents[pid] != os.getpid()) for pid in below - {os.getpid()}}


def look_at(pid: int, fields: list[str], *, worker: bool) -> Process:
    """Return how a process has spent its time. fields: those of its `stat` behind the name."""
    ticks = os.sysconf("SC_CLK_TCK")
    life = float(Path("/proc/uptime").read_text().split()[0]) - int(fields[19]) / ticks
    cpu = (int(fields[11]) + int(fields[12])) / ticks
    try:
        running, queued = (int(word) / 1e9 for word in Path(f"/proc/{pid}/schedstat").read_text().split()[:2])
    except OSError:  # gone, or a system that does not count it
        running, queued = life, 0.0
    return Process(life, cpu, max(life - running - queued, 0.0), queued, peak_of(pid), worker)


def peak_of(pid: int) -> float:
    """Return the greatest memory that a process had, in MiB; 0 where it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def resident() -> float:
    """Return how much memory this process has now, in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def measure(archive: Path, workers: int, records: int, *, dedup: bool = True) -> dict[str, Any]:
    """Replay an archive in a process of its own and return its figures."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "tests.bench.bench_replay", "--child", folder, "--archive", str(archive)]
        words += ["--workers", str(workers), "--data", ".", "--records", str(records)] + (
            [] if dedup else ["--no-dedup"]
        )
        done = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603  our own words
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def scaling(archive: Path, records: int, rounds: int) -> dict[str, Any]:
    """Return what one and two workers take in alternating rounds: the least times, their ratio, and medians."""
    # as an installation has it: else every process would compile the modules for itself
    compileall.compile_dir(Path(newscrawl.__file__).parent, quiet=2)
    runs: dict[int, list[dict[str, Any]]] = {1: [], 2: []}
    for number in range(rounds):
        for workers in (1, 2) if number % 2 == 0 else (2, 1):
            runs[workers].append(measure(archive, workers, records))
    pairs = list(zip(runs[1], runs[2], strict=True))
    one, two = (min(found, key=lambda run: run["seconds"]) for found in runs.values())
    overhead = statistics.median(cpu_of(two) / cpu_of(one) for one, two in pairs)
    ratios = [one["seconds"] / two["seconds"] for one, two in pairs]
    return {
        "one": one,
        "two": two,
        "ratio": one["seconds"] / two["seconds"],
        "ratios": ratios,
        "median_ratio": statistics.median(ratios),
        "cpu_overhead": overhead,
        "possible_on_two_free_cores": 2 / overhead,
        "parent_share": statistics.median(two["cpu_parent"] / cpu_of(two) for two in runs[2]),
        "workers_idle": statistics.median(two["workers_idle"] for two in runs[2]),
        "workers_queued": statistics.median(two["workers_queued"] for two in runs[2]),
    }


def cpu_of(run: dict[str, Any]) -> float:
    """Return the CPU seconds of all processes of a replay."""
    total: float = run["cpu_parent"] + run["cpu_workers"]
    return total


def show_scaling(found: dict[str, Any]) -> None:
    """Print what came of `scaling`."""
    one = found["one"]
    per_page = 1000 * one["cpu_parent"] / one["records"]
    print(f"{one['records']} records, {one['articles']} articles, {per_page:.1f} CPU ms a record with one worker")
    print(f"two workers: x{found['ratio']:.2f} of one (least of rounds)   target >= {SCALING}")
    rounds = ", ".join(f"x{ratio:.2f}" for ratio in found["ratios"])
    print(f"  by rounds: {rounds}; median x{found['median_ratio']:.2f}")
    print(
        f"  {100 * (found['cpu_overhead'] - 1):.0f}% more CPU than one, {100 * found['parent_share']:.0f}% of it in"
        f" the parent: x{found['possible_on_two_free_cores']:.2f} on two free cores"
    )
    print(
        f"  workers wait for pages {100 * found['workers_idle']:.1f}% of their time, and"
        f" {100 * found['workers_queued']:.1f}% of it for a processor"
    )


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--records", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", default="2000,8000,32000", help="sizes of archives for the measure of memory")
    parser.add_argument("--json", type=Path)
    for hidden in ("--child", "--archive"):
        parser.add_argument(hidden, default="", help=argparse.SUPPRESS)
    parser.add_argument("--workers", type=int, default=1, help=argparse.SUPPRESS)
    parser.add_argument("--no-dedup", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options)
        return
    result: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "bench.warc.gz"
        make_archive(archive, options.data, options.records)
        result["scaling"] = found = scaling(archive, options.records, options.rounds)
        show_scaling(found)
        result["memory"] = memory(Path(folder), options)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1), encoding="utf-8")
    sys.exit(0 if found["ratio"] >= SCALING else 1)


def memory(folder: Path, options: argparse.Namespace) -> list[dict[str, Any]]:
    """Replay archives of growing size, with and without deduplication, whose index holds every article."""
    rows = []
    for size in [int(word) for word in options.memory.split(",") if word]:
        archive = folder / f"memory-{size}.warc.gz"
        make_archive(archive, options.data, size)
        plain, full = measure(archive, 2, size, dedup=False), measure(archive, 2, size)
        archive.unlink()
        row = {"records": size, "without_dedup": plain["peak_mib"], "with_dedup": full["peak_mib"]}
        rows.append({**row, "worker": plain["worker_peak_mib"], "resident": plain["resident"]})
        print(f"{size} records: peak {row['without_dedup']:.0f} MiB, with the story index {row['with_dedup']:.0f} MiB")
    if len(rows) > 1:
        grown = rows[-1]["without_dedup"] - rows[0]["without_dedup"]
        more = rows[-1]["records"] - rows[0]["records"]
        index = (rows[-1]["with_dedup"] - rows[0]["with_dedup"]) * 2**20 / more
        print(f"streaming: {grown:+.1f} MiB over {more} more records   target <= {FLAT}")
        print(f"the story index: {index:.0f} bytes an article, {index * 1e6 / 2**30:.2f} GiB for a million")
    return rows


if __name__ == "__main__":
    main()
