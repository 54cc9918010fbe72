"""`newscrawl sites`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.cli.console import console, print_json, table

if TYPE_CHECKING:
    from argparse import Namespace


def sites(options: Namespace) -> int:
    """List the portals, with what the store knows of each."""
    from newscrawl.crawl.runner import project_settings
    from newscrawl.crawl.sites import all_sites
    from newscrawl.store import ArticleFilter, open_store

    store = open_store(options.store)
    rows = []
    for name, spider in all_sites(project_settings()).items():
        last = next(iter(store.runs(name, limit=1)), None)
        rows.append(
            {
                "site": name,
                "title": spider.title,
                "title_en": spider.title_en,
                "region": spider.region,
                "schedule": spider.schedule,
                "status": spider.status,
                "articles": store.count(ArticleFilter(site=name)),
                "last_run": last.started if last else None,
                "last_verdict": last.verdict if last else "",
            }
        )
    store.close()
    if options.json:
        print_json(rows)
        return 0
    columns = ("site", "title", "region", "status", "articles", "last_run", "last_verdict")
    heads = [column.replace("_", " ") for column in columns]
    console().print(table("", heads, ([row[key] for key in columns] for row in rows), right=["articles"]))
    return 0
