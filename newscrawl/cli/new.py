"""`newscrawl new`: a spider file and its fixtures from a portal's address."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from rich.text import Text

from newscrawl.cli.console import console, print_json, printable, progress, table

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from newscrawl.crawl.scaffold import Finding, Scaffold


def new(options: Namespace) -> int:
    """Look at a portal, write its spider and fixtures, show what was found and what is unsure."""
    from newscrawl.crawl.project import project_settings
    from newscrawl.crawl.scaffold.write import check_target, scaffold, site_name, spiders_folder, write_scaffold

    settings = project_settings(LOG_LEVEL="INFO" if options.verbose else "CRITICAL", STATS_DUMP=options.verbose)
    name = options.name or site_name(options.url)
    folder = spiders_folder(options.into)
    check_target(name, folder, force=options.force)  # before anything is asked of the portal
    with progress(f"looking at {options.url}, pages") as show:
        found = scaffold({name: options.url}, settings, force=options.force, tell=show)[name]
    if isinstance(found, BaseException):
        raise found
    done = None if options.dry_run else write_scaffold(found, folder, force=options.force)
    if options.json:
        print_json({**found.to_record(), "files": [str(path) for path in _files(done)]})
        return 0
    _show(found, done, options)
    return 0


def _files(done: Scaffold | None) -> list[Any]:
    return [done.spider, *done.cases] if done is not None else []


def _show(found: Finding, done: Scaffold | None, options: Namespace) -> None:
    out = console()
    out.print(table(f"{found.title or found.name}: {found.pages} pages looked at", ["", "found"], _rows(found)))
    for sentence in found.unsure:
        out.print(Text.assemble(("unsure  ", "yellow"), printable(sentence)))
    if done is None:
        from newscrawl.crawl.scaffold.spiderfile import spider_text

        print()
        print(printable(spider_text(found)))
        return
    print()
    for path in _files(done):
        print(f"written {path}")
    print(
        f"\nlook at the spider file, correct the expected.json files where they are wrong, then:\n"
        f"  newscrawl fixture show {found.name}\n  newscrawl fixture confirm {found.name}\n"
        f"  newscrawl check {found.name}\n  newscrawl crawl {found.name} --max-articles 20"
    )
    if options.into:
        print(f"(with NEWSCRAWL_SITES={options.into} in the environment)", file=sys.stderr)


def _rows(found: Finding) -> Iterator[list[str]]:
    looked = len(found.articles)
    yield ["system", f"{found.family or 'unknown'}" + (f" ({found.base_class})" if found.base_class else "")]
    yield ["region", found.region]
    yield ["charset", found.encoding + (f", declared {found.declared}" if found.declared != found.encoding else "")]
    yield ["articles", f"{found.article_url}\nmet by {found.links} links; {looked} looked at, all of them read"]
    names = ", ".join(dict.fromkeys(found.sections.values()))
    yield ["sections", f"{len(found.sections)}: {names}\n{found.section_url}"]
    yield ["next page", found.next_list or "none named"]
    yield ["feeds", "\n".join(found.feeds) or "none"]
    yield ["sitemaps", "\n".join(f"{url} ({count})" for url, count in found.sitemaps.items()) or "none"]
    if found.lists_need_js:
        way = "\n".join(found.apis) if found.apis else "a browser (needs_js)"
        yield ["lists by script", way]
    if found.layout is not None:
        parts = {"body": found.layout.body, "title": found.layout.title, "meta line": found.layout.meta_line}
        yield ["layout", "\n".join(f"{key} {selector}" for key, selector in parts.items() if selector)]
    shown = {"title": "title", "body": "body", "published_raw": "date", "byline_raw": "credits"}
    yield ["fields", ", ".join(f"{shown[key]} {count}/{looked}" for key, count in found.coverage.items())]
