"""`newscrawl schedule`, and `newscrawl crawl --due`, which it has cron call."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from newscrawl.cli.console import console, plain, print_json, table
from newscrawl.errors import WrongUseError

if TYPE_CHECKING:
    from argparse import Namespace


def schedule(options: Namespace) -> int:
    """Print the crontab entry, write it, take it out, or list what is due when."""
    from newscrawl.crawl.schedule import crontab

    if options.list:
        return _list(options)
    if options.remove:
        found = crontab.change(None)
        print("taken out of the crontab" if found else "the crontab has no entry of newscrawl; nothing was done")
        return 0
    entry = crontab.entry()
    for note in crontab.notes():
        print(f"newscrawl schedule: {note}", file=sys.stderr)
    if options.install:
        changed = crontab.change(entry)
        print("written to the crontab" if changed else "the crontab has this entry already; nothing was done")
    else:
        sys.stdout.write(entry)
    return 0


def _list(options: Namespace) -> int:
    from newscrawl.crawl.project import project_settings
    from newscrawl.crawl.schedule.config import load_config
    from newscrawl.crawl.schedule.plans import plans
    from newscrawl.crawl.sites import load_sites
    from newscrawl.store import open_store

    problems: list[str] = []
    store = open_store(options.store)
    found = plans(load_sites(project_settings(), problems), load_config(), store, problems)
    store.close()
    for problem in problems:
        print(f"newscrawl schedule: {plain(problem)}", file=sys.stderr)
    if options.json:
        print_json([{"site": plan.site, "schedule": plan.text, "last": plan.last, "next": plan.next} for plan in found])
    else:
        rows = [[plan.site, plan.text, plan.last, plan.next] for plan in found]
        console().print(table("", ["site", "schedule", "last due", "next due"], rows))
    return int(bool(problems))


def crawl_due(options: Namespace, settings: Any) -> int:
    """Crawl what is due; prints only what is wrong (all of it with --json). The log goes to a file."""
    from newscrawl.crawl.due import run_due
    from newscrawl.crawl.run.logs import use_log_file
    from newscrawl.store.records import run_record

    if options.sites or options.all:
        raise WrongUseError("--due chooses the sites by itself; name none, and leave --all out")
    if not options.verbose:
        use_log_file(settings)
    outcome = run_due(settings, options.cluster)
    if options.json:
        problems = [*outcome.problems, *filter(None, [outcome.lost])]
        print_json({"runs": [run_record(run) for run in outcome.runs], "problems": problems})
    else:
        for line in outcome.complaints():
            print(plain(line))
    return outcome.exit_code
