"""Measure the portals' spiders: what their rules and layouts make of real pages of their domains, and what they cost.

usage: python -m tests.bench.bench_portals --data ../shared/data [--json FILE]

A page belongs to the spider that owns its host; where its whole address is known, the spider has to claim it by its
rule, too (of many saved pages only the host is). Title and day are compared with the truth, the day where it names one.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newscrawl.chain import extract_article
from newscrawl.crawl.frontier.addresses import Addresses
from newscrawl.crawl.project import project_settings
from newscrawl.crawl.sites import all_sites
from newscrawl.replay.rules import Router, SiteRule
from tests.bench.bench_extraction import load_rows, load_tool

TARGET = 0.95
#: Loading all spiders may cost so much of what Scrapy and the base cost before.
TARGET_LOADING = 0.2
LOADING = """
import time
start = time.process_time()
import scrapy.crawler, newscrawl.spiders._base
from newscrawl.crawl.project import project_settings
from newscrawl.crawl.sites import all_sites
settings = project_settings(SPIDER_MODULES=["newscrawl.spiders"])
base = time.process_time()
count = len(all_sites(settings))
print(count, base - start, time.process_time() - base)
"""


def loading() -> tuple[int, float, float]:
    """Load all spiders in a fresh process; returns their number, CPU seconds before and CPU seconds for them."""
    done = subprocess.run([sys.executable, "-c", LOADING], capture_output=True, text=True, check=True)  # noqa: S603  our own words
    count, before, spiders = done.stdout.split()
    return int(count), float(before), float(spiders)


def owner_of(url: str, router: Router) -> str:
    """Return the site that owns a page's host, "" where none does."""
    rule = router.known(url)
    return rule.name if rule is not None else ""


def is_whole(url: str) -> bool:
    """Tell whether an address names a page, not only a host."""
    parts = urlsplit(url)
    return bool(parts.path.strip("/") or parts.query)


def main() -> None:
    """Print the figures; exit code 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--tool", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    tool = load_tool(options.tool or options.data.parent / "tools" / "score_extraction.py")
    spiders = all_sites(project_settings(SPIDER_MODULES=["newscrawl.spiders"]))
    router = Router([SiteRule(name, spider.domains, spider.article_url) for name, spider in spiders.items()])
    rows = [row for row in load_rows(options.data / "pages") if owner_of(row["url"], router)]
    got: list[dict[str, Any]] = []
    owned, claimed, whole, layouts = Counter[str](), Counter[str](), 0, Counter[str]()
    for row in rows:
        name = owner_of(row["url"], router)
        spider = spiders[name]
        owned[name] += 1
        if is_whole(row["url"]):
            whole += 1
            claimed[name] += Addresses(name, spider.domains).matches(row["url"], spider.article_url)
        article = extract_article(row["html"], row["url"], encoding=spider.encoding, layouts=spider.layouts)
        got.append(
            {}
            if article is None
            else {
                "title": article.title,
                "date": article.published_day,
                "author": article.reporters,
                "body": article.body,
            }
        )
        if article is not None and article.extractor is not None:
            layouts[article.extractor.layout] += 1
    title = sum(
        tool.plain_title(row["title"]) == tool.plain_title(page.get("title"))
        for row, page in zip(rows, got, strict=True)
    )
    dated = [(row, page) for row, page in zip(rows, got, strict=True) if tool.day(row["date"])]
    day = sum(tool.day(row["date"]) == tool.day(page.get("date")) for row, page in dated)
    figures, _ = tool.score(rows, got)
    result = {"title": title / len(rows), "day": day / max(len(dated), 1), "claimed": claimed.total() / max(whole, 1)}
    print(
        f"{len(rows)} saved pages of {len(owned)} portals: "
        + ", ".join(f"{name} {n}" for name, n in owned.most_common())
    )
    print(f"claimed by the portal's rule: {claimed.total()} of {whole} whole addresses: " + ", ".join(claimed))
    for name, value in result.items():
        print(f"{name:8} {value:.3f}   target >= {TARGET:.3f}   {'ok' if value >= TARGET else 'MISSED'}")
    print(f"body F1  {figures['f1']:.3f}; read by " + ", ".join(f"{name} {n}" for name, n in layouts.most_common()))
    for row, page in zip(rows, got, strict=True):
        if tool.plain_title(row["title"]) != tool.plain_title(page.get("title")):
            print(f"  title of {row['id']} ({row['url']}): {page.get('title')!r}, not {row['title']!r}")
    for row, page in dated:
        if tool.day(row["date"]) != tool.day(page.get("date")):
            print(f"  day of {row['id']} ({row['url']}): {page.get('date')!r}, not {row['date']!r}")
    print(f"the truth names the day of {len(dated)} pages")
    count, before, seconds = min((loading() for _ in range(3)), key=lambda entry: entry[2] / entry[1])
    share = seconds / before
    print(
        f"{count} spiders load in {1000 * seconds:.0f} CPU-ms, {share:.2f} of what Scrapy and the base cost"
        f" before   target < {TARGET_LOADING}"
    )
    if options.json:
        options.json.write_text(json.dumps({**result, "loading_share": share}, indent=2) + "\n", "utf-8")
    sys.exit(int(min(result.values()) < TARGET or share >= TARGET_LOADING))


if __name__ == "__main__":
    main()
