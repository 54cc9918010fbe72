"""`newscrawl check`: how spiders do on their live portals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from newscrawl.cli.console import console, plain, print_json, printable, progress, table
from newscrawl.errors import WrongUseError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Mapping

    from newscrawl.crawl.checks import SiteCheck
    from newscrawl.spiders._base import NewsSpider

_STYLES = {"green": "green", "look": "yellow", "dead": "bold red"}
_HEADS = {"dead": "dead: nothing comes", "look": "these want a look", "green": "green"}


def check(options: Namespace) -> int:
    """Check the named sites, or all; the exit code is that of the worst."""
    from newscrawl.crawl.checks import check_sites
    from newscrawl.crawl.checks.result import worst
    from newscrawl.crawl.project import project_settings
    from newscrawl.crawl.sites import all_sites, find_sites

    if bool(options.sites) == options.all:
        raise WrongUseError("name the sites to check, or --all (`newscrawl sites` lists them)")
    settings = project_settings(LOG_LEVEL="INFO" if options.verbose else "CRITICAL", STATS_DUMP=options.verbose)
    sites = all_sites(settings) if options.all else find_sites(options.sites, settings)
    with progress(f"checking {len(sites)} sites, pages") as show:
        checks = check_sites(sites, settings, tell=show)
    proposals = _proposals(checks, sites) if options.propose else {}
    if options.json:
        print_json([{**found.to_record(), "proposal": proposals.get(name, [])} for name, found in checks.items()])
    elif len(checks) == 1:
        _show_one(next(iter(checks.values())))
    else:
        _show_all(checks.values())
    if not options.json:
        _show_proposals(proposals, asked=options.propose)
    return worst(found.code for found in checks.values())


def _proposals(checks: Mapping[str, SiteCheck], sites: Mapping[str, type[NewsSpider]]) -> dict[str, list[str]]:
    from newscrawl.crawl.checks.propose import propose

    return {name: propose(found, sites[name].layouts) for name, found in checks.items()}


def _show_one(found: SiteCheck) -> None:
    """Print all that was looked at of one site."""
    out = console()
    light = Text(found.light, style=_STYLES[found.light])
    out.print(Text.assemble(f"{found.site} {found.title}: ", light, f", {found.pages} pages in {found.seconds:.0f} s"))
    marks = {True: Text("ok", style="green"), False: Text("look", style="yellow")}
    out.print(table("", ["", "", "seen"], [[point.name, marks[point.ok], point.seen] for point in found.points]))
    lists = [[entry.links, "yes" if entry.next_list else "", entry.problem, entry.url] for entry in found.lists]
    out.print(table("lists", ["links", "next", "problem", "list"], lists, right=["links"]))
    rows = []
    for entry in found.articles:
        values = entry.values
        names = "、".join([*values.get("reporters", ()), *values.get("correspondents", ())])
        moment = str(values.get("published", ""))[:16].replace("T", " ")
        rows.append([moment, values.get("title") or entry.problem, names, values.get("source", ""), entry.layout])
    out.print(table("articles", ["published", "title", "reporters", "source", "layout"], rows))


def _show_all(checks: Iterable[SiteCheck]) -> None:
    """Print sites in groups: those that are dead, those that want a look with their reasons, those that are green."""
    out = console()
    groups: dict[str, list[SiteCheck]] = {light: [] for light in _HEADS}
    for found in checks:
        groups[found.light].append(found)
    for light in ("dead", "look"):
        if groups[light]:
            rows = [[found.site, found.title, "\n".join(found.reasons[:3])] for found in groups[light]]
            out.print(table(f"{_HEADS[light]} ({len(rows)})", ["site", "title", "why"], rows))
    if groups["green"]:
        names = ", ".join(found.site for found in groups["green"])
        out.print(Text.assemble((f"green ({len(groups['green'])})  ", "green"), plain(names)))
        new = ", ".join(found.site for found in groups["green"] if found.status == "inferred")
        if new:
            out.print(f"\nseen working, but still marked as inferred (status, evidence): {plain(new)}", markup=False)
    counts = ", ".join(f"{len(found)} {light}" for light, found in groups.items())
    every = [found for light in groups for found in groups[light]]
    print(f"\n{len(every)} sites: {counts}; {sum(found.pages for found in every)} pages")
    if len(groups["dead"]) == len(every) > 1:
        print("not one of them can be reached: look at this machine's network first")
    if groups["look"]:
        print(f"`newscrawl check {groups['look'][0].site}` shows all of one, with --propose what may mend it")


def _show_proposals(proposals: Mapping[str, list[str]], *, asked: bool) -> None:
    """Print lines for spider files; they are to be pasted, so nothing is folded."""
    for site, lines in proposals.items():
        if lines:
            print(f"\nproposed for {site}.py, from today's pages:\n")
            print("\n".join(f"    {printable(line)}" for line in lines))
    if asked and not any(proposals.values()):
        print("\nnothing to propose")
