"""`newscrawl demo`: the whole way of an article, on this machine, with the bundled portal."""

from __future__ import annotations

import os
import shlex
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

    from newscrawl.crawl.run.runner import RunOutcome
    from newscrawl.demo import Portal
    from newscrawl.items import Article, UrlState
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
    left_out = [state for state in store.url_states(SITE) if state.state in ("refused", "gone")]
    seed = next((article for article in articles if urlsplit(article.canonical_url).path == SEED_PATH), None)
    index = open_index(store)
    index.sync(store)
    results = index.search(QUERY, limit=3)
    if options.json:
        print_json(
            {
                "exit_code": outcome.exit_code,
                "articles": [to_record(article) for article in articles],
                "left_out": [{"url": state.url, "reason": state.reason} for state in left_out],
                "search": {"query": QUERY, **results_record(results)},
            }
        )
    else:
        _print_run(out, outcome, articles, left_out)
        _print_cleaned(out, articles, seed)
        out.rule(f"search: {QUERY}")
        print_results(out, results)
        _print_next_steps(out, store, seed)
    index.close()
    store.close()
    return outcome.exit_code


def crawl_portal(portal: Portal, *, store: str = "", verbose: bool = False, **settings: Any) -> RunOutcome:
    """Crawl a demo portal with the real spider; its own loopback port is opened, and asked without delay."""
    from newscrawl.crawl.project import project_settings
    from newscrawl.crawl.run.runner import run_sites

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


def _print_run(out: Console, outcome: RunOutcome, articles: list[Article], left_out: list[UrlState]) -> None:
    out.print(runs_table("", outcome.runs))
    if articles and not any(run.counts.get("new") for run in outcome.runs):
        out.print("nothing new: an earlier run has stored these articles already\n")
    newest = sorted(articles, key=lambda article: article.published_day, reverse=True)[:SHOWN]
    rows = [
        [entry.published_day, shorten(entry.title, 30), "、".join(entry.reporters), entry.source, entry.duplicate_kind]
        for entry in newest
    ]
    title = f"stored: {len(articles)} articles, the newest {len(rows)} of them"
    out.print(table(title, ["day", "title", "reporters", "source", "copy"], rows))
    reasons = Counter(state.reason for state in left_out)
    paths = {state.reason: urlsplit(state.url).path for state in left_out}
    pages = [[reason, count, paths[reason]] for reason, count in reasons.most_common()]
    if pages:
        out.print(
            table("left out: pages that are no articles", ["why", "pages", "for example"], pages, right=["pages"])
        )


def _print_cleaned(out: Console, articles: list[Article], seed: Article | None) -> None:
    rules = Counter(entry.rule for article in articles for entry in article.removed)
    examples = {entry.rule: entry.text for article in articles for entry in article.removed}
    dropped = [[rule, count, shorten(examples[rule], 50)] for rule, count in rules.most_common()]
    if dropped:
        out.print(table("taken out of the articles", ["rule", "lines", "for example"], dropped, right=["lines"]))
    if seed is not None:
        out.rule("the article that a mirror had damaged, as the portal wrote it")
        print_article(out, seed)


def _print_next_steps(out: Console, store: Store, seed: Article | None) -> None:
    command = shlex.quote(os.environ.get("NEWSCRAWL_COMMAND") or "newscrawl")
    steps = [f"stored in {store.status().uri}; try:", f"  {command} search 述职评议"]
    if seed is not None:
        steps.append(f"  {command} show {seed.id[:10]} --json")
    steps.append(f"  {command} crawl xjnnet        the same on the live portal")
    for line in steps:
        out.print(line, markup=False, soft_wrap=True)
