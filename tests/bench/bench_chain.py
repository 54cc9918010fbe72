"""Measure the full chain beside trafilatura: CPU time of one process, the same pages, every page altered for each.

usage: python -m tests.bench.bench_chain --data ../shared/data [--rounds 3] [--json FILE]

The chain is read_page, restore, dates, bylines, boilerplate, validation, content hash and fingerprint; trafilatura
gives text, title, date and author, and once its text alone. They take turns every few pages, since the speed of a
machine that others use changes from second to second; of the rounds the least time counts for each such portion. Also
printed is where the chain's time goes, and the figures for pages of about 100 KB alone.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newscrawl.chain import STEPS, RejectedArticleError
from newscrawl.dedup import content_hash
from newscrawl.dedup.fingerprint import fingerprint
from newscrawl.page import read_page
from tests.bench.bench_extraction import load_rows

if TYPE_CHECKING:
    from collections.abc import Callable

TARGET = 10.0
#: So many pages are read by one contender before the next has its turn.
PORTION = 8
#: What counts as a page of about 100 KB (bytes).
LARGE = (60_000, 160_000)
#: Common characters that are exchanged so that no round meets a text that an earlier one has met.
_SPINS = ("市县区镇", "县区镇市", "区镇市县", "镇市县区")


def altered(html: bytes, turn: int) -> bytes:
    """Return a page with some characters exchanged, as long as before; pages in other charsets stay as they are."""
    try:
        text = html.decode("utf-8")
    except UnicodeDecodeError:
        return html
    return text.translate(str.maketrans(_SPINS[0], _SPINS[turn % len(_SPINS)])).encode()


def full_chain(html: bytes, url: str) -> None:
    """Take a page through everything that happens to it before the store."""
    article = read_page(html, url).article
    if article is None:
        return
    with suppress(RejectedArticleError):
        for step in STEPS:
            step(article)
        article.content_hash = content_hash(article.title, article.body)
        fingerprint(article.body)


def timed_chain(html: bytes, url: str, spent: Counter[str]) -> None:
    """Do the same, and add up in `spent` how many CPU seconds each step takes."""
    started = time.process_time()
    article = read_page(html, url).article
    spent["read_page"] += time.process_time() - started  # type: ignore[assignment]  # seconds
    if article is None:
        return
    with suppress(RejectedArticleError):
        for step in STEPS:
            started = time.process_time()
            step(article)
            spent[step.__name__] += time.process_time() - started  # type: ignore[assignment]
        started = time.process_time()
        article.content_hash = content_hash(article.title, article.body)
        fingerprint(article.body)
        spent["fingerprint"] += time.process_time() - started  # type: ignore[assignment]


def trafilatura_all(html: bytes, url: str) -> None:
    """Text, title, date and author by trafilatura."""
    import trafilatura

    trafilatura.bare_extraction(html, url=url or None, with_metadata=True, include_comments=False)


def trafilatura_text(html: bytes, url: str) -> None:
    """The text alone by trafilatura."""
    import trafilatura

    trafilatura.extract(html, url=url or None, include_comments=False)


def seconds_of(function: Callable[[bytes, str], None], pages: list[tuple[bytes, str]]) -> float:
    """Return CPU seconds over pages; one that an extractor fails on still costs what it cost."""
    started = time.process_time()
    for html, url in pages:
        with suppress(Exception):
            function(html, url)
    return time.process_time() - started


def compare(pages: list[tuple[bytes, str]], rounds: int) -> dict[str, float]:
    """Return CPU milliseconds a page of each contender: for every portion of the pages the least of the rounds."""
    contenders: dict[str, Callable[[bytes, str], None]] = {
        "newscrawl": full_chain,
        "trafilatura": trafilatura_all,
        "trafilatura, text only": trafilatura_text,
    }
    for function in contenders.values():  # tables are loaded before anything is measured
        seconds_of(function, pages[:10])
    best: dict[str, float] = dict.fromkeys(contenders, 0.0)
    for start in range(0, len(pages), PORTION):
        least = dict.fromkeys(contenders, float("inf"))
        for turn in range(rounds):
            turned = [(altered(html, turn + 1), url) for html, url in pages[start : start + PORTION]]
            for name, function in contenders.items():
                least[name] = min(least[name], seconds_of(function, turned))
        for name, seconds in least.items():
            best[name] += seconds * 1000 / len(pages)
    return best


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=0, help="only about so many pages, evenly spread")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = load_rows(options.data / "pages")
    if options.pages:
        rows = rows[:: max(1, len(rows) // options.pages)]
    pages = [(row["html"], row.get("url") or "") for row in rows]
    large = [page for page in pages if LARGE[0] <= len(page[0]) <= LARGE[1]]
    result: dict[str, Any] = {}
    for label, chosen in (("pages of 60 to 160 KB", large), ("all pages", pages)):
        best = compare(chosen, options.rounds)
        ratio = best["trafilatura"] / best["newscrawl"]
        text_ratio = best["trafilatura, text only"] / best["newscrawl"]
        result[label] = {**best, "ratio": ratio, "ratio_text_only": text_ratio, "pages": len(chosen)}
        print(f"{label} ({len(chosen)}): " + ", ".join(f"{name} {spent:.2f} CPU ms" for name, spent in best.items()))
        print(f"  full chain: x{ratio:.2f} of trafilatura, x{text_ratio:.2f} of its text alone   target >= {TARGET}")
    spent: Counter[str] = Counter()
    for html, url in pages:
        timed_chain(altered(html, 0), url, spent)
    result["steps"] = {name: 1000 * seconds / len(pages) for name, seconds in spent.items()}
    print("CPU ms a page: " + ", ".join(f"{name} {value:.2f}" for name, value in result["steps"].items()))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1, ensure_ascii=False), encoding="utf-8")
    sys.exit(0 if result["pages of 60 to 160 KB"]["ratio"] >= TARGET else 1)


if __name__ == "__main__":
    main()
