"""`newscrawl demo`: the whole way of an article, on this machine, with the bundled portal."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from newscrawl.cli.article import print_article, shorten
from newscrawl.cli.console import console, print_json, table
from newscrawl.cli.crawl import Progress, runs_table
from newscrawl.cli.query import print_results, results_record
from newscrawl.items import to_record

if TYPE_CHECKING:
    from argparse import Namespace

    from rich.console import Console

    from newscrawl.crawl.runner import RunOutcome
    from newscrawl.demo import Portal
    from newscrawl.items import Article
    from newscrawl.search import Results
    from newscrawl.store import Store

SITE = "xjnnet"
#: The table of articles shows so many; the counts above it are of all.
SHOWN = 12
QUERY = "基层党建"


def demo(options: Namespace) -> int:
    """Crawl the bundled portal with the real spider and show what was stored, dropped, cleaned and found."""
    from newscrawl.demo import SEED_PATH, run_portal
    from newscrawl.search import open_index
    from newscrawl.store import ArticleFilter, open_store

    out = console()
    with run_portal() as portal:
        if not options.json:
            out.print(f"a portal of {len(portal.expected())} articles is up at {portal.url} (this machine only)")
        outcome = crawl_portal(portal, store=options.store or "", verbose=options.verbose)
    store = open_store(options.store)
    articles = list(store.articles(ArticleFilter(site=SITE)))
    seed = next((article for article in articles if urlsplit(article.canonical_url).path == SEED_PATH), None)
    index = open_index(store)
    index.sync(store)
    results = index.search(QUERY, limit=3)
    if options.json:
        print_json(
            {
                "exit_code": outcome.exit_code,
                "articles": [to_record(article) for article in articles],
                "search": {"query": QUERY, **results_record(results)},
            }
        )
    else:
        _print(out, outcome, articles, seed, results)
        _print_next_steps(out, store, seed)
    index.close()
    store.close()
    return outcome.exit_code


def crawl_portal(portal: Portal, *, store: str = "", verbose: bool = False, **settings: Any) -> RunOutcome:
    """Crawl a demo portal with the real spider; its own loopback port is opened, and asked without delay."""
    from newscrawl.crawl.runner import project_settings, run_sites

    base = urlsplit(portal.url)
    with Progress(enabled=sys.stderr.isatty() and not verbose) as progress:
        overrides: dict[str, Any] = {
            "NEWSCRAWL_STORE": store,
            "NEWSCRAWL_SITE_BASE": {SITE: portal.url},
            "NEWSCRAWL_OPEN_LOOPBACK": [base.netloc],
            "NEWSCRAWL_TRIGGER": "demo",
            "NEWSCRAWL_FULL": True,
            "NEWSCRAWL_PROGRESS": progress.show,
            "DOWNLOAD_SLOTS": {base.hostname: {"delay": 0, "concurrency": 8}},
            "AUTOTHROTTLE_ENABLED": False,
            "LOG_LEVEL": "INFO" if verbose else "ERROR",
            "STATS_DUMP": verbose,
        }
        return run_sites([SITE], project_settings(**{**overrides, **settings}))


def _print(out: Console, outcome: RunOutcome, articles: list[Article], seed: Article | None, found: Results) -> None:
    out.print(runs_table("", outcome.runs))
    newest = sorted(articles, key=lambda article: article.published_day, reverse=True)[:SHOWN]
    rows = [
        [entry.published_day, shorten(entry.title, 30), "、".join(entry.reporters), entry.source, entry.duplicate_kind]
        for entry in newest
    ]
    title = f"stored: {len(articles)} articles, the newest {len(rows)} of them"
    out.print(table(title, ["day", "title", "reporters", "source", "copy"], rows))
    rules = Counter(entry.rule for article in articles for entry in article.removed)
    examples = {entry.rule: entry.text for article in articles for entry in article.removed}
    dropped = [[rule, count, shorten(examples[rule], 50)] for rule, count in rules.most_common()]
    out.print(table("dropped from their pages", ["rule", "lines", "for example"], dropped, right=["lines"]))
    refused = Counter(error.split(": ")[-1] for run in outcome.runs for error in run.errors)
    if refused:
        out.print(table("pages that are no articles", ["reason", "pages"], refused.most_common(), right=["pages"]))
    if seed is not None:
        out.rule("the article that a mirror had damaged, as the portal wrote it")
        print_article(out, seed)
    out.rule(f"search: {QUERY}")
    print_results(out, found)


def _print_next_steps(out: Console, store: Store, seed: Article | None) -> None:
    out.print(f"stored in {store.status().uri}; try:", markup=False)
    out.print("  newscrawl search '述职评议'", markup=False)
    if seed is not None:
        out.print(f"  newscrawl show {seed.id[:10]} --json", markup=False)
    out.print("  newscrawl crawl xjnnet        the same on the live portal", markup=False)
