"""Bylines against real credit lines: rows exact, precision and recall of people, time a call, and linearity.

usage: python -m tests.bench.bench_bylines --data DIR [--json FILE]

DIR holds bylines.jsonl (text and truth) and, where the page level is wanted, pages/ (html and truth.jsonl). Peer: the
author patterns of GNE (gne.GeneralNewsExtractor) where it is installed, asked for one true reporter of each row.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newscrawl.text.bylines import parse_byline

if TYPE_CHECKING:
    from collections.abc import Callable

PEOPLE = ("reporters", "correspondents", "photographers", "editors", "interns")
REPEATS = 20
HOSTILE: dict[str, Callable[[int], str]] = {
    "roles": lambda size: "记者 王小川 " * (size // 7),
    "glued roles": lambda size: "记者王小川" * (size // 5),
    "brackets": lambda size: "（" * size,
    "labels": lambda size: "编辑：" * (size // 3),
    "one surname": lambda size: "王" * size,
    "dates": lambda size: "2024-01-05 " * (size // 11),
    "running text": lambda size: "昨日，记者从市政府获悉，会议将于下月举行。" * (size // 20),
}


def score(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Share of rows exact in all fields, and precision and recall of the people named."""
    exact = right = named = true = 0
    wrong: list[str] = []
    for row in rows:
        got, truth = dataclasses.asdict(parse_byline(row["text"])), row["truth"]
        if all(got[key] == truth[key] for key in truth):
            exact += 1
        else:
            wrong.append(row["text"])
        for field in PEOPLE:
            found, expected = set(got[field]), set(truth[field])
            right += len(found & expected)
            named += len(found)
            true += len(expected)
    for text in wrong[:20]:
        print("  not exact:", text[:100], file=sys.stderr)
    return {"exact": exact / len(rows), "precision": right / max(named, 1), "recall": right / max(true, 1)}


def gne_any(rows: list[dict[str, Any]]) -> float | None:
    """Share of rows with a reporter in which GNE's author patterns find a true one; None without GNE."""
    try:
        extractor = importlib.import_module("gne.extractor.AuthorExtractor").AuthorExtractor()
    except ImportError:
        return None
    patterns = [re.compile(pattern) for pattern in extractor.author_pattern]
    with_reporter = [row for row in rows if row["truth"]["reporters"]]
    hits = 0
    for row in with_reporter:
        match = next((found for pattern in patterns if (found := pattern.search(row["text"]))), None)
        hits += match is not None and match.group(1).strip() in row["truth"]["reporters"]
    return hits / len(with_reporter)


def microseconds(rows: list[dict[str, Any]]) -> float:
    """CPU microseconds of one call, over all rows, after a warm-up."""
    texts = [row["text"] for row in rows]
    for text in texts:
        parse_byline(text)
    started = time.process_time()
    for _ in range(REPEATS):
        for text in texts:
            parse_byline(text)
    return (time.process_time() - started) / REPEATS / len(texts) * 1e6


def growth() -> float:
    """The largest factor by which the time grows when the input doubles (2 is linear)."""
    worst = 0.0
    for build in HOSTILE.values():
        times = []
        for size in (4_500, 9_000):
            text = build(size)
            best = min(_once(text) for _ in range(5))
            times.append(max(best, 1e-6))
        worst = max(worst, times[1] / times[0])
    return worst


def _once(text: str) -> float:
    started = time.process_time()
    parse_byline(text)
    return time.process_time() - started


def pages(data: Path) -> dict[str, float]:
    """CPU microseconds a page of the chain's step, over articles as the page room hands them on."""
    import copy
    import gzip

    from newscrawl.chain.bylines import read_bylines
    from newscrawl.page import read_page

    articles = []
    for line in (data / "pages" / "truth.jsonl").read_text(encoding="utf-8").splitlines()[:150]:
        row = json.loads(line)
        html = gzip.decompress((data / "pages" / "html" / f"{row['id']}.html.gz").read_bytes())
        article = read_page(html, row.get("url") or "https://example.org/").article
        if article is not None:
            articles.append(article)
    best = float("inf")
    for _ in range(3):
        fresh = [copy.deepcopy(article) for article in articles]
        started = time.process_time()
        for article in fresh:
            read_bylines(article)
        best = min(best, (time.process_time() - started) / len(fresh))
    return {"page_microseconds": best * 1e6}


def main() -> None:
    """Print each figure beside its target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = [json.loads(line) for line in (options.data / "bylines.jsonl").read_text(encoding="utf-8").splitlines()]
    figures: dict[str, float] = score(rows)
    figures["microseconds"] = microseconds(rows)
    figures["growth"] = growth()
    peer = gne_any(rows)
    if (options.data / "pages" / "truth.jsonl").exists():
        figures |= pages(options.data)
    print(f"{len(rows)} rows")
    print(f"whole row exact        {figures['exact']:.3f}   target 0.93")
    print(f"precision of people    {figures['precision']:.3f}   target 0.97")
    print(f"recall of people       {figures['recall']:.3f}   target 0.97")
    print(f"CPU time a call        {figures['microseconds']:.0f} us")
    print(f"growth at double input {figures['growth']:.2f}   linear 2.0")
    if "page_microseconds" in figures:
        print(f"CPU time a page        {figures['page_microseconds']:.0f} us   target below 200")
    if peer is not None:
        figures["gne_any_reporter"] = peer
        print(f"peer GNE: rows with a true reporter {peer:.3f}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
