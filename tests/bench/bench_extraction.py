"""Measure the extraction on pages with truth, beside its targets and its peers, and how its time grows with the input.

usage: python -m tests.bench.bench_extraction --data ../shared/data [--peers] [--json FILE]

The scoring is that of the shared tool `score_extraction.py`, looked for beside the data (`--tool` names another). Speed
is CPU time of one process over altered copies of the pages, as a ratio to a peer measured in the same run.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from newscrawl.chain.benchmark import extract
from newscrawl.page import read_page
from tests.bench import peers

#: Figure, target, and whether less is better; those of the kept-back pages.
TARGETS: tuple[tuple[str, float, bool], ...] = (
    ("f1", 0.975, False),
    ("f1>=.95", 0.90, False),
    ("f1<.5", 0.005, True),
    ("f1_domains", 0.975, False),
    ("lead", 0.98, False),
    ("tail", 0.90, False),
    ("junk", 0.05, True),
    ("title", 0.985, False),
    ("date", 0.98, False),
    ("author_all", 0.85, False),
    ("date_invented", 0.10, True),
    ("author_invented", 0.10, True),
)
FASTER_THAN_TRAFILATURA = 10.0
SLOWER_THAN_RESILIPARSE = 4.0

Row = dict[str, Any]
Extractor = Callable[[bytes, str], dict[str, Any]]


def load_tool(path: Path) -> Any:
    """Import the scoring tool from its file."""
    spec = importlib.util.spec_from_file_location("score_extraction", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load_rows(pages: Path) -> list[Row]:
    """Read the truth and the pages, each in the bytes of its original encoding where that can hold it."""
    rows = [json.loads(line) for line in (pages / "truth.jsonl").open(encoding="utf-8")]
    for row in rows:
        text = gzip.decompress((pages / "html" / f"{row['id']}.html.gz").read_bytes()).decode("utf-8", "replace")
        label = (row.get("orig_encoding") or "utf-8").lower()
        try:
            row["html"] = text.encode("gb18030" if label in ("gb2312", "gbk") else label)
        except (LookupError, UnicodeEncodeError):
            row["html"] = text.encode("utf-8")
    return rows


def measure(tool: Any, rows: list[Row], function: Extractor) -> tuple[dict[str, float], float]:
    """Return the figures of an extractor and its CPU seconds over altered copies."""
    got, seconds, errors = tool.run(function, rows, speed=True)
    figures, _ = tool.score(rows, got)
    figures["errors"] = float(errors)
    return figures, seconds


def leave_domains_out(tool: Any, rows: list[Row], folds: int = 10) -> tuple[float, float]:
    """Return the least and the mean body F1 over folds of domains; no page of a fold's domains is in another fold."""
    domains = sorted({row["domain"] for row in rows})
    means = []
    for fold in range(folds):
        chosen = [row for row in rows if domains.index(row["domain"]) % folds == fold]
        figures, _ = tool.score(chosen, [extract(row["html"], row.get("url") or "") for row in chosen])
        means.append(figures["f1"])
    return min(means), statistics.mean(means)


def growth() -> dict[str, list[float]]:
    """Return CPU milliseconds on inputs of size n, 2n, 4n: doubling must about double them."""
    paragraph = "<p>云岭市三河镇举办花节，游客挤满田埂，民宿订到月底。</p>"
    shapes: dict[str, Callable[[int], str]] = {
        "paragraphs": lambda n: paragraph * n,
        "links": lambda n: "".join(
            f"<li><a href=/n/{k}.html>云岭市举办农技培训班</a> 2024-03-13</li>" for k in range(n)
        ),
        "nested div": lambda n: "<div>" * n + paragraph,
        "nested lists": lambda n: "<ul><li>" * n + paragraph,
        "open formatting": lambda n: "".join(f"<b id=b{k}><p>镇" for k in range(n)),
        "attributes": lambda n: "<p " + " ".join(f"a{k}=1" for k in range(n)) + ">镇",
        "less-than signs": lambda n: "<" * n,
        "white space": lambda n: "<p>镇" + " \n" * n + "镇",
        "styles": lambda n: "<p style='" + "left:-" * n + "'>镇",
    }
    found: dict[str, list[float]] = {}
    for name, shape in shapes.items():
        found[name] = []
        for size in (25_000, 50_000, 100_000):
            text = shape(size)
            started = time.process_time()
            _ = read_page(text, "https://yunling.example/1.html").links
            found[name].append(round((time.process_time() - started) * 1000, 1))
    return found


def report(figures: dict[str, float]) -> bool:
    """Print each figure beside its target; return whether all are reached."""
    reached = True
    for name, target, less in TARGETS:
        value = figures.get(name, float("nan"))
        good = value <= target if less else value >= target
        reached &= good
        print(f"{name:16} {value:7.3f}   target {'<=' if less else '>='} {target:.3f}   {'ok' if good else 'MISSED'}")
    return reached


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--tool", type=Path)
    parser.add_argument("--peers", action="store_true", help="score all installed peers, not only the two for speed")
    parser.add_argument("--pages", type=int, default=0, help="only about so many pages, evenly spread")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    tool = load_tool(options.tool or options.data.parent / "tools" / "score_extraction.py")
    rows = load_rows(options.data / "pages")
    if options.pages:
        rows = rows[:: max(1, len(rows) // options.pages)]
    figures, seconds = measure(tool, rows, extract)
    result: dict[str, Any] = {"newscrawl": figures, "reached": report(figures)}
    least, mean = leave_domains_out(tool, rows)
    result["folds"] = {"least": least, "mean": mean}
    print(f"body F1 over ten folds of domains: mean {mean:.3f}, least {least:.3f}")
    print(f"{len(rows) / seconds:.0f} pages a CPU second")
    result["newscrawl"]["ms"] = 1000 * seconds / len(rows)
    result["pages"] = len(rows)
    result["skipped"] = peers.missing()
    for name in result["skipped"]:
        print(f"skipped: {name} is not installed")
    for name, peer in peers.installed().items():
        if not options.peers and name not in ("trafilatura", "resiliparse"):
            continue
        peer_figures, peer_seconds = measure(tool, rows, peer)
        result[name] = {**peer_figures, "ms": 1000 * peer_seconds / len(rows), "ratio": peer_seconds / seconds}
        line = " ".join(f"{key} {value:.3f}" for key, value in peer_figures.items())
        print(f"{name}: {line}; {result[name]['ms']:.1f} CPU ms a page; newscrawl is x{peer_seconds / seconds:.2f}")
    speed = result.get("trafilatura", {}).get("ratio")
    if speed is not None:
        print(f"speed: x{speed:.2f} of trafilatura   target >= {FASTER_THAN_TRAFILATURA}")
    if "resiliparse" in result:
        print(f"time: x{1 / result['resiliparse']['ratio']:.2f} of resiliparse   target <= {SLOWER_THAN_RESILIPARSE}")
    result["growth"] = growth()
    for name, times in result["growth"].items():
        print(f"{name:16} {times} CPU ms at n, 2n, 4n")
    if options.json:
        options.json.write_text(json.dumps(result, indent=1, ensure_ascii=False), encoding="utf-8")
    sys.exit(0 if result["reached"] else 1)


if __name__ == "__main__":
    main()
