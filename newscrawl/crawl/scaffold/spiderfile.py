"""The text of a spider file, from what was found; plain class attributes, nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.clock import CHINA
from newscrawl.crawl.scaffold.urlrules import path_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.crawl.scaffold.finding import Finding
    from newscrawl.page import Layout

WIDTH = 120
_BASE = ("NewsSpider", "newscrawl.spiders._base")


def spider_text(finding: Finding) -> str:
    """Return the source of the spider file. Text from pages stands in it as string literals only."""
    base, module = (finding.base_class, finding.base_module) if finding.base_class else _BASE
    moment = finding.articles[0].fetched.moment.astimezone(CHINA)
    lines = [
        f'"""{_words(finding.title) or finding.name}: found by `newscrawl new` on {moment:%Y-%m-%d}."""',
        "",
        "from __future__ import annotations",
        "",
        *(["from datetime import date", ""] if finding.layout and finding.layout.since else []),
        *(["from newscrawl.page import Layout"] if finding.layout else []),
        f"from {module} import {base}",
        "",
        "",
        f"class {class_name(finding.name)}({base}):",
        f'    """{_summary(finding)}"""',
        "",
        *(f"    {line}" for line in _attributes(finding, f"{moment:%Y-%m}")),
    ]
    return "\n".join(lines) + "\n"


def class_name(name: str) -> str:
    """Return the name of a site's spider class: xjnnet → XjnnetSpider."""
    return "".join(part.capitalize() for part in re.split(r"[^0-9A-Za-z]+", name)) + "Spider"


def _summary(finding: Finding) -> str:
    example = finding.articles[0].fetched.url
    following = f", list pages {path_of(finding.next_list)}" if finding.next_list else ""
    text = f"{finding.family or 'System unknown'}: articles as {path_of(example)}{following}."
    return _words(text)[: WIDTH - 10]


def _words(text: str) -> str:
    """Return text that is safe inside a docstring."""
    return " ".join(text.replace("\\", "/").replace('"', "'").split())


def _attributes(finding: Finding, month: str) -> Iterable[str]:
    yield f"name = {finding.name!r}".replace("'", '"')
    yield f"title = {_string(finding.title)}"
    yield f"region = {_string(finding.region)}"
    if not finding.base_class:
        yield f"cms = {_string(finding.family)}"
    yield from _tuple("domains", finding.domains)
    yield f"homepage = {_string(finding.homepage)}"
    yield from _tuple("sections", finding.sections)
    if finding.section_url:
        yield f"section_url = {_pattern(finding.section_url)}"
    if finding.own_rules:
        yield f"article_url = {_pattern(finding.article_url)}"
    if finding.feeds or finding.apis:
        yield from _tuple("indexes", [*finding.feeds, *finding.apis])
    for url, count in finding.sitemaps.items():
        yield f"# {_words(url)[:90]} lists {count} addresses; in indexes it would bring the whole archive"
    if len(finding.charsets) == 1 and finding.encoding not in ("utf-8", finding.declared):
        yield f"encoding = {_string(finding.encoding)}"
    if finding.needs_js:
        yield "needs_js = True"
    if finding.layout is not None:
        yield from layout_lines(finding.layout)
    yield f"evidence = {_string(month)}"
    yield 'status = "attested"'


def layout_lines(layout: Layout) -> list[str]:
    """Return the lines that set a layout, ready to paste into a spider class."""
    fields = [f"name={_string(layout.name)}"]
    fields += [f"{key}={_string(value)}" for key in ("body", "title", "meta_line") if (value := getattr(layout, key))]
    if layout.since is not None:
        fields.append(f"since=date({layout.since.year}, {layout.since.month}, {layout.since.day})")
    line = f"layouts = (Layout({', '.join(fields)}),)"
    if len(line) + 4 <= WIDTH:
        return [line]
    return ["layouts = (", "    Layout(", *(f"        {field}," for field in fields), "    ),", ")"]


def _tuple(name: str, values: Iterable[str]) -> list[str]:
    entries = [_string(value) for value in values]
    line = f"{name} = ({', '.join(entries)}{',' if len(entries) == 1 else ''})"
    if len(line) + 4 <= WIDTH:
        return [line]
    return [f"{name} = (", *(f"    {entry}," for entry in entries), ")"]


def _string(value: str) -> str:
    """Return a string literal in double quotes; whatever a page put into it stays text."""
    quoted = repr(value)
    if quoted.startswith("'") and '"' not in quoted:
        return f'"{quoted[1:-1]}"'
    return quoted


def _pattern(rule: str) -> str:
    return f'r"{rule}"' if '"' not in rule and not rule.endswith("\\") else repr(rule)
