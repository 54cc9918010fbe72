"""`newscrawl runs`, `newscrawl health` and `newscrawl forget`: what happened, how sites do, and undoing."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.text import Text

from newscrawl.cli.console import console, plain, print_json, table
from newscrawl.cli.crawl import runs_table
from newscrawl.cli.lookup import existing_store, one_article
from newscrawl.crawl.monitoring.deaths import runs_as_they_stand
from newscrawl.store.records import run_record

if TYPE_CHECKING:
    from argparse import Namespace

HEALTH_STYLES = {"green": "green", "yellow": "yellow", "red": "bold red", "grey": "dim"}


def runs(options: Namespace) -> int:
    """Show the newest runs, of one site or of all."""
    if options.site:
        _check_sites([options.site])
    store, asked = existing_store(options.store), options.site or ""
    found = runs_as_they_stand(store, [asked], limit=options.limit)[asked]
    store.close()
    if options.json:
        print_json([run_record(run) for run in found])
        return 0
    out = console()
    out.print(runs_table("", found, started=True))
    for run in found:
        for reason in run.reasons:
            out.print(f"{run.site} {plain(run.started)}: {plain(reason)}", markup=False)
    return 0


def _check_sites(names: list[str]) -> None:
    """Raise UnknownSiteError for a name that is no site."""
    from newscrawl.crawl.project import project_settings
    from newscrawl.crawl.sites import find_sites

    find_sites(names, project_settings())


def health(options: Namespace) -> int:
    """Show how every site does; 1 where one is red."""
    from newscrawl.crawl.monitoring.health import HISTORY, health_of
    from newscrawl.crawl.project import project_settings
    from newscrawl.crawl.sites import all_sites

    _check_sites(options.sites)
    store = existing_store(options.store)
    names = options.sites or list(all_sites(project_settings()))
    states = [health_of(name, runs) for name, runs in runs_as_they_stand(store, names, limit=HISTORY).items()]
    store.close()
    if options.json:
        print_json([{"site": state.site, "light": state.light, "reasons": state.reasons} for state in states])
    else:
        rows = []
        for state in states:
            last_ok = state.last_ok.started if state.last_ok else None
            light = Text(state.light, style=HEALTH_STYLES[state.light])
            rows.append([state.site, light, state.failures or "", last_ok, "; ".join(state.reasons)])
        columns = ["site", "health", "failures in a row", "last ok", "why"]
        console().print(table("", columns, rows, right=["failures in a row"]))
    return int(any(state.light == "red" for state in states))


def forget(options: Namespace) -> int:
    """Take one article out of store, search index and archive, for good."""
    from newscrawl.archive import archive_path, default_archive
    from newscrawl.crawl.forget import forget as forget_article

    store = existing_store(options.store)
    article = one_article(store, options.article)
    done = forget_article(store, article, archive_path(options.archive or default_archive()))
    store.close()
    if options.json:
        print_json(asdict(done))
        return 0
    out = console()
    out.print(f"forgotten: {plain(article.title)} ({done.article_id})", markup=False)
    out.print(f"taken out: {done.revisions} revisions, {done.archive_records} archive records; it will not come back")
    return 0
