"""Dates and boilerplate of single lines, measured on rows of real strings with truth.

Run as `python -m tests.bench.bench_lines --data DIRECTORY`; the directory holds dates.jsonl, boilerplate.jsonl and
pages/truth.jsonl. Prints each figure beside its target; `--json FILE` keeps them, `--verbose` lists the misses.
"""

from __future__ import annotations

import argparse
import json
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from newscrawl.chain.boilerplate import remove_boilerplate
from newscrawl.items import Article
from newscrawl.text.boilerplate import classify_line
from newscrawl.text.dates import parse_date

if TYPE_CHECKING:
    from collections.abc import Callable

FORMS = {10: "%Y-%m-%d", 16: "%Y-%m-%dT%H:%M", 19: "%Y-%m-%dT%H:%M:%S"}
#: Repeated to a line of given length, each of these must be read in time that grows with the length only.
HOSTILE = (
    "2023-",
    "昨(",
    "一百",
    "责任编辑：",
    "来源：甲 ",
    "转载请注明",
    "本网",
    "【大】",
    "关键词：甲、",
    "更多",
    "(",
)


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def measure_dates(rows: list[dict[str, Any]]) -> tuple[dict[str, float], list[str]]:
    """Return the share of rows right to the printed precision and the number silently wrong, with the misses."""
    right, wrong, misses = 0, 0, []
    for row in rows:
        reference = datetime.fromisoformat(row["ref"]) if row["ref"] else None
        found = parse_date(row["text"], reference=reference, tz=row["tz"])
        truth = row["truth"]
        if found is None or truth is None:
            good = (found is None) == (truth is None)
            wrong += found is not None and not good
        elif len(truth) in FORMS:
            local = found.value.astimezone(ZoneInfo(row["tz"])) if found.value.tzinfo else found.value
            good = local.strftime(FORMS[len(truth)]) == truth
            wrong += not good
        else:
            good = found.value == datetime.fromisoformat(truth)
            wrong += not good
        right += good
        if not good:
            misses.append(f"date {truth} <> {found}: {row['text']}")
    return {"dates right": right / len(rows), "dates silently wrong": float(wrong)}, misses


def cpu(work: Callable[[], object], times: int) -> float:
    """Return the CPU seconds of one call, the mean of several."""
    work()
    started = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - started) / times


def measure_speed(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Return microseconds a call of parse_date, and how many times dateparser with languages=["zh"] takes."""
    import dateparser

    texts = [row["text"] for row in rows]
    reference = datetime(2023, 3, 15, 12, 0)  # noqa: DTZ001
    own = cpu(lambda: [parse_date(text, reference=reference) for text in texts], 20) / len(texts)
    peer = cpu(lambda: [dateparser.parse(text, languages=["zh"]) for text in texts], 2) / len(texts)
    return {"date us a call": own * 1e6, "dateparser zh takes times": peer / own}


def measure_boilerplate(rows: list[dict[str, Any]]) -> tuple[dict[str, float], list[str]]:
    """Return the recall on rows to drop and the number of real rows dropped, with the misses."""
    misses, dropped, real = [], 0, 0
    drops = [row for row in rows if row["label"] == "drop"]
    for row in rows:
        verdict = classify_line(row["text"])
        dropped += verdict.drop and row["label"] == "drop"
        real += verdict.drop and row["label"] != "drop"
        if verdict.drop != (row["label"] == "drop"):
            misses.append(f"boilerplate {row['label']} <> {verdict.rule}: {row['text']}")
    return {"boilerplate recall": dropped / len(drops), "real rows dropped": float(real)}, misses


def measure_bodies(pages: list[dict[str, Any]]) -> tuple[dict[str, float], list[str]]:
    """Return the share of true paragraphs that go by line and in the chain, and the CPU of a line, with the lines."""
    bodies = [[line.strip() for line in page["body"].split("\n") if line.strip()] for page in pages]
    paragraphs = [line for body in bodies for line in body]
    by_line = [line for line in paragraphs if classify_line(line).drop]
    in_chain: list[str] = []
    for body in bodies:
        article = Article(url="", body="\n".join(body))
        remove_boilerplate(article)
        in_chain += [f"{piece.rule}: {piece.text}" for piece in article.removed]
    seconds = cpu(lambda: [classify_line(line) for line in paragraphs], 1) / len(paragraphs)
    return {
        "true paragraphs dropped by line": len(by_line) / len(paragraphs),
        "true paragraphs touched by the chain": len(in_chain) / len(paragraphs),
        "line us a call": seconds * 1e6,
    }, [f"true paragraph: {line}" for line in in_chain]


def measure_growth() -> dict[str, float]:
    """Return the worst factor by which doubling a hostile line multiplies the CPU time (2 is linear)."""
    worst = 0.0
    reference = datetime(2023, 3, 15, 12, 0)  # noqa: DTZ001
    for piece in HOSTILE:
        for work in (lambda text: parse_date(text, reference=reference), classify_line):
            times = []
            for size in (600, 1200):
                text = (piece * size)[:size]
                times.append(cpu(lambda work=work, text=text: work(text), 20))  # type: ignore[misc]
            if times[1] > 1e-4:  # below that the clock decides
                worst = max(worst, times[1] / times[0])
    return {"doubling a hostile line multiplies time by": worst}


TARGETS = {
    "dates right": ">= 0.97",
    "dates silently wrong": "<= 1",
    "date us a call": "<= 50",
    "dateparser zh takes times": ">= 20",
    "boilerplate recall": ">= 0.95",
    "real rows dropped": "0",
    "true paragraphs dropped by line": "<= 0.001",
    "true paragraphs touched by the chain": "(credits and notices among them)",
    "line us a call": "",
    "doubling a hostile line multiplies time by": "about 2",
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    dates = rows_of(options.data / "dates.jsonl")
    figures, misses = measure_dates(dates)
    figures |= measure_speed(dates)
    for measured, missed in (
        measure_boilerplate(rows_of(options.data / "boilerplate.jsonl")),
        measure_bodies(rows_of(options.data / "pages" / "truth.jsonl")),
    ):
        figures |= measured
        misses += missed
    figures |= measure_growth()
    for name, value in figures.items():
        print(f"{name:45} {value:10.4f}   {TARGETS[name]}")
    if options.verbose:
        print(*misses, sep="\n")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
