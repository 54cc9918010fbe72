"""`newscrawl sites`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from newscrawl.cli.console import console, print_json, table
from newscrawl.cli.runs import HEALTH_STYLES
from newscrawl.crawl.monitoring.deaths import runs_as_they_stand
from newscrawl.crawl.monitoring.health import HISTORY, health_of

if TYPE_CHECKING:
    from argparse import Namespace

    from newscrawl.items import RunRecord
    from newscrawl.spiders._base import NewsSpider

#: A field that fewer articles have is named in the table.
FULL = 0.95
_COLUMNS = ("site", "title", "region", "schedule", "status", "articles", "last_run", "health", "coverage")


def sites(options: Namespace) -> int:
    """List the portals, with what the store knows of each."""
    from newscrawl.crawl.project import project_settings
    from newscrawl.crawl.schedule.config import load_config
    from newscrawl.crawl.sites import all_sites
    from newscrawl.store import open_store

    spiders = all_sites(project_settings())
    if options.markdown:
        return _markdown(options.markdown, spiders)
    config, store = load_config(), open_store(options.store)
    counts = dict(store.count_by("site"))
    runs = runs_as_they_stand(store, spiders, limit=HISTORY)
    rows = []
    for name, spider in spiders.items():
        own = config.site(name)
        row = _row(spider, runs[name], counts.get(name, 0))
        row["schedule"] = (spider.schedule if own.schedule is None else own.schedule) if own.enabled else "off"
        rows.append(row)
    store.close()
    if options.json:
        print_json(rows)
        return 0
    shown = [[_cell(row, column) for column in _COLUMNS] for row in rows]
    console().print(table("", [column.replace("_", " ") for column in _COLUMNS], shown, right=["articles"]))
    return 0


def _markdown(target: str, spiders: dict[str, type[NewsSpider]]) -> int:
    """Print the README's table of portals, or bring it up to date in a file."""
    from newscrawl.crawl.portals_table import portals_table, write_table

    if target == "-":
        print(portals_table(spiders.values()), end="")
    elif write_table(Path(target), spiders.values()):
        print(f"{target}: the table of {len(spiders)} portals was written")
    else:
        print(f"{target}: the table is current")
    return 0


def _row(spider: type[NewsSpider], runs: list[RunRecord], articles: int) -> dict[str, Any]:
    name = str(spider.name)
    state = health_of(name, runs)
    return {
        "site": name,
        "title": spider.title,
        "title_en": spider.title_en,
        "region": spider.region,
        "cms": spider.cms,
        "schedule": spider.schedule,
        "status": spider.status,
        "articles": articles,
        "last_run": runs[0].started if runs else None,
        "last_verdict": runs[0].verdict if runs else "",
        "health": state.light,
        "reasons": state.reasons,
        "coverage": _coverage(runs),
    }


def _coverage(runs: list[RunRecord]) -> dict[str, float]:
    """Return the coverage of the newest run that stored articles."""
    return next((run.coverage for run in runs if run.coverage), {})


def _cell(row: dict[str, Any], column: str) -> object:
    value = row[column]
    if column == "health":
        return Text(value, style=HEALTH_STYLES[value])
    if column == "coverage":
        thin = [f"{name} {share:.0%}" for name, share in value.items() if share < FULL]
        return ", ".join(thin) or ("full" if value else "")
    return value
