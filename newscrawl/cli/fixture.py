"""`newscrawl fixture`: show, confirm, update and add the fixtures of a site."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl.cli.console import console, print_json, printable, table
from newscrawl.errors import NewscrawlError, WrongUseError

if TYPE_CHECKING:
    from argparse import Namespace

    from newscrawl.crawl.fixtures import Case, CaseState, Part
    from newscrawl.spiders._base import NewsSpider


class NotConfirmedError(NewscrawlError):
    """A case that cannot be confirmed as it stands."""


def fixture(options: Namespace) -> int:
    """Look after the fixtures of one site."""
    from newscrawl.crawl.project import project_settings
    from newscrawl.crawl.sites import find_sites

    spider = find_sites([options.site], project_settings())[options.site]
    actions = {"show": _show, "confirm": _confirm, "update": _update, "add": _add}
    return actions[options.action](options, spider)


def _states(options: Namespace, spider: type[NewsSpider]) -> list[CaseState]:
    from newscrawl.crawl.fixtures import CaseError, cases_of, check_case

    names = [options.case] if options.case else cases_of(spider)
    if not names:
        raise CaseError(f"{spider.name} has no fixtures yet: newscrawl fixture add {spider.name} CASE --url URL")
    return [check_case(spider, name) for name in names]


def _show(options: Namespace, spider: type[NewsSpider]) -> int:
    states = _states(options, spider)
    code = int(any(state.state != "ok" for state in states))
    if options.json:
        print_json([
            {"site": state.case.site, "case": state.case.name, "state": state.state, "url": state.case.url,
             "confirmed": state.case.confirmed, "came_out": state.values,
             "differences": {entry.field: entry.lines for entry in state.differences}}
            for state in states
        ])  # fmt: skip
        return code
    out = console()
    rows = [
        [state.case.name, state.state, state.values["kind"], state.case.confirmed or "nobody", state.case.url]
        for state in states
    ]
    out.print(table("", ["case", "state", "kind", "confirmed by", "url"], rows))
    if options.case:
        _show_values(states[0])
    for state in states:
        if complaint := state.complaint():
            print(printable(complaint))  # a path or a command in it is to be copied: no folding
    return code


def _show_values(state: CaseState) -> None:
    """Print every field that came out, those first that the expectation names."""
    rows = []
    for name in sorted(state.values, key=lambda key: key not in state.case.expected):
        value = state.values[name]
        lines = [_line(entry) for entry in value] if isinstance(value, list) else [_line(value)]
        if value or name in state.case.expected:
            rows.append([name if name in state.case.expected else f"({name})", "\n".join(lines)])
    console().print(table("", ["", "came out; fields in brackets are not part of the expectation"], rows))


def _line(entry: object) -> str:
    return "  ".join(map(str, entry.values())) if isinstance(entry, dict) else str(entry)


def _confirm(options: Namespace, spider: type[NewsSpider]) -> int:
    from newscrawl import clock
    from newscrawl.clock import CHINA
    from newscrawl.crawl.fixtures import save_facts
    from newscrawl.crawl.fixtures.cases import who

    for state in _states(options, spider):
        if state.state not in ("ok", "unconfirmed"):
            raise NotConfirmedError(printable(state.complaint()))
        state.case.confirmed = f"{clock.now().astimezone(CHINA):%Y-%m-%d} {options.by or who()}"
        save_facts(state.case)
        print(f"{state.case.site} {state.case.name}: confirmed {state.case.confirmed}")
    return 0


def _update(options: Namespace, spider: type[NewsSpider]) -> int:
    from newscrawl.crawl.fixtures import compare, expectation, save_facts

    left = 0
    for state in _states(options, spider):
        case = state.case
        named = {key: value for key, value in state.values.items() if key in case.expected}
        wanted = named if case.expected and not options.fresh else expectation(state.values)
        wanted = {**wanted, "kind": state.values["kind"]}
        if wanted == case.expected:
            print(f"{case.site} {case.name}: nothing to change")
            continue
        gone = {key: value for key, value in case.expected.items() if key not in wanted}
        shown = [*compare({key: case.expected.get(key, "") for key in wanted}, state.values), *compare(gone, {})]
        print(f"{case.site} {case.name}: (- expected so far, + came out)")
        print(printable("\n".join(map(str, shown))))
        if not (options.yes or _agreed()):
            left += 1
            continue
        case.expected, case.confirmed = wanted, ""
        save_facts(case)
        print(f"written; look at it, then: newscrawl fixture confirm {case.site} {case.name}")
    if left:
        print(f"{left} left as they were; --yes writes them", file=sys.stderr)
    return int(bool(left))


def _agreed() -> bool:
    return sys.stdin.isatty() and input("take it over? [y/N] ").strip().lower() in ("y", "yes")


def _add(options: Namespace, spider: type[NewsSpider]) -> int:
    from newscrawl.crawl.fixtures import expectation, run_case, write_case

    if not options.case or not options.url:
        raise WrongUseError("name the new case and its address: newscrawl fixture add SITE CASE --url URL")
    case = _saved_case(options, spider) if options.file else _live_case(options, spider)
    case.expected = expectation(run_case(spider, case).values)
    write_case(case, force=options.force)
    print(f"{case.folder}: written, {case.expected['kind']}")
    print(f"look at expected.json, then: newscrawl fixture confirm {case.site} {case.name}")
    return 0


def _live_case(options: Namespace, spider: type[NewsSpider]) -> Case:
    """Return a case of a page as it is on the portal now."""
    from newscrawl.crawl.fixtures.record import record_case
    from newscrawl.crawl.project import project_settings

    if options.part or options.at:
        raise WrongUseError("--part and --at are for saved pages: name the first one with --file")
    settings = project_settings(LOG_LEVEL="CRITICAL", STATS_DUMP=False)
    case = record_case(spider, options.case, options.url, settings, role=options.role)
    case.listed_date = options.listed_date
    return case


def _saved_case(options: Namespace, spider: type[NewsSpider]) -> Case:
    """Return a case of saved pages."""
    from datetime import datetime

    from newscrawl import clock
    from newscrawl.clock import CHINA
    from newscrawl.crawl.fixtures import Case, fixtures_dir

    moment = datetime.fromisoformat(options.at) if options.at else clock.now().replace(microsecond=0)
    parts = [_part(options.url, options.file, options.content_type)]
    for text in options.part:
        url, equals, name = text.rpartition("=")
        if not equals:
            raise WrongUseError(f"--part {text!r} has to be URL=FILE")
        parts.append(_part(url, name, options.content_type))
    return Case(
        site=str(spider.name),
        name=options.case,
        folder=fixtures_dir(spider) / options.case,
        url=options.url,
        parts=parts,
        fetched_at=moment if moment.tzinfo else moment.replace(tzinfo=CHINA),
        listed_date=options.listed_date,
        role=options.role,
    )


def _part(url: str, name: str, content_type: str) -> Part:
    from newscrawl.crawl.fixtures import Part

    path = Path(name)
    ending = path.suffix[1:] if path.suffix in (".json", ".xml") else "html"
    kinds = {"json": "application/json", "xml": "text/xml", "html": "text/html"}
    return Part(url, path.read_bytes(), {"Content-Type": content_type or kinds[ending]}, ending)
