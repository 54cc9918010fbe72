"""`newscrawl crawl`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Self

from newscrawl.cli.console import console, plain, print_json, table
from newscrawl.errors import WrongUseError
from newscrawl.store.records import run_record

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable

    from rich.table import Table

    from newscrawl.crawl.run.runner import RunOutcome
    from newscrawl.items import RunRecord


def crawl(options: Namespace) -> int:
    """Crawl the named sites in one process; the exit code is that of the worst."""
    from newscrawl.crawl.project import project_settings
    from newscrawl.crawl.run.runner import run_sites
    from newscrawl.crawl.sites import all_sites

    settings = project_settings(**crawl_settings(options))
    if options.due:
        from newscrawl.cli.schedule import crawl_due

        return crawl_due(options, settings)
    if bool(options.sites) == options.all:
        raise WrongUseError("name the sites to crawl, --all or --due (`newscrawl sites` lists them)")
    names = options.sites or list(all_sites(settings))
    with Progress(enabled=sys.stderr.isatty() and not options.verbose) as progress:
        settings.set("NEWSCRAWL_PROGRESS", progress.show, priority="cmdline")
        if options.cluster:
            from newscrawl.crawl.cluster.submitter import run_sites_on_cluster

            outcome = run_sites_on_cluster(options.cluster, names, settings)
        else:
            outcome = run_sites(names, settings)
    show_outcome(outcome, as_json=options.json)
    return outcome.exit_code


def crawl_settings(options: Namespace) -> dict[str, Any]:
    """Return the Scrapy settings that the options of a crawl stand for."""
    return {
        "NEWSCRAWL_STORE": options.store or "",
        "NEWSCRAWL_SINCE": options.since,
        "NEWSCRAWL_MAX_ARTICLES": options.max_articles,
        "NEWSCRAWL_UNTIL": options.until,
        "NEWSCRAWL_MAX_REQUESTS": options.max_requests,
        "NEWSCRAWL_FULL": options.full or options.backfill,
        **({"NEWSCRAWL_MAX_LIST_PAGES": 0} if options.backfill else {}),
        "NEWSCRAWL_TRIGGER": "cli",
        "LOG_LEVEL": "INFO" if options.verbose else "WARNING",
        "STATS_DUMP": options.verbose,
    }


def show_outcome(outcome: RunOutcome, *, as_json: bool) -> None:
    """Print what a crawl amounts to: a line a site, reasons and sample errors below."""
    if as_json:
        lost = {"lost": outcome.lost} if outcome.lost else {}
        print_json({"runs": [run_record(run) for run in outcome.runs], "locked": outcome.locked, **lost})
        return
    out = console()
    if outcome.runs:
        out.print(runs_table("", outcome.runs))
    for run in outcome.runs:
        for reason in run.reasons:
            out.print(f"{run.site}: {plain(reason)}", markup=False)
        for error in run.errors[:5]:
            out.print(f"{run.site}: {plain(error)}", markup=False, style="dim")
    if outcome.lost:
        print(f"newscrawl crawl: {plain(outcome.lost)}", file=sys.stderr)
    for site, holder in outcome.locked.items():
        print(f"newscrawl crawl: {site} is being crawled by {holder}; nothing was done", file=sys.stderr)


def runs_table(title: str, runs: Iterable[RunRecord], *, started: bool = False) -> Table:
    """Return the table of runs, with the time of their start where that is asked for."""
    counted = {
        "requests": "pages",
        "new": "new",
        "changed": "changed",
        "standing": "same",
        "duplicates": "copies",
        "refused": "refused",
        "articles_failed": "failed",
    }
    rows = []
    for run in runs:
        seconds = f"{(run.finished - run.started).total_seconds():.1f}" if run.finished else ""
        same = run.counts.get("unchanged", 0) + run.counts.get("not_modified", 0)
        numbers = [same if key == "standing" else run.counts.get(key, 0) for key in counted]
        rows.append([run.site, *([run.started] if started else []), run.verdict, *numbers, seconds])
    columns = ["site", *(["started"] if started else []), "verdict", *counted.values(), "seconds"]
    return table(title, columns, rows, right=[*counted.values(), "seconds"])


class Progress:
    """A live line on standard error while a crawl runs; nothing off a terminal."""

    def __init__(self, *, enabled: bool) -> None:
        self.enabled = enabled
        self._runs: dict[str, RunRecord] = {}

    def __deepcopy__(self, memo: object) -> Self:
        """Stay one: Scrapy copies settings for every crawler, and `show` stands in them."""
        return self

    def __enter__(self) -> Self:
        if self.enabled:
            from rich.console import Console
            from rich.status import Status

            self._status = Status("starting", console=Console(stderr=True))
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.enabled:
            self._status.stop()

    def show(self, run: RunRecord) -> None:
        """Show the state of a run beside that of the others."""
        if not self.enabled:
            return
        self._runs[run.id] = run
        parts = []
        for known in self._runs.values():
            counts = known.counts
            stored = sum(counts.get(key, 0) for key in ("new", "changed", "unchanged"))
            parts.append(f"{known.site}: {counts.get('responses', 0):,} pages, {stored:,} articles")
        self._status.update("; ".join(parts[:4]) + (f" … {len(parts)} sites" if len(parts) > 4 else ""))
