"""From the parameters of the search page to one query, written anew from its tree: nothing can slip out of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from newscrawl.search import parse_query
from newscrawl.search.query import NAME_FIELDS, SORTS, Group, Name, Not, Phrase, QueryError, Sort, read_days

if TYPE_CHECKING:
    from newscrawl.search.query import Node
    from newscrawl.web.visit import Visit

#: Parameters that say what is looked for; with `page` or `limit` and `offset` they make a search.
SEARCH_VALUES = ("q", *NAME_FIELDS, "since", "until", "sort", "stories")
#: Signs that begin and end quoted text in the query language; no value can hold one.
_QUOTES = re.compile('["“”\uff02「」]')


@dataclass(slots=True, frozen=True)
class Asked:
    """What is looked for: the words as they were typed, names chosen, days (YYYY, YYYY-MM or YYYY-MM-DD), order."""

    q: str = ""
    site: str = ""
    section: str = ""
    reporter: str = ""
    source: str = ""
    since: str = ""
    until: str = ""
    sort: Sort | None = None
    stories: bool = False

    def values(self) -> dict[str, str]:
        """Return the parameters that ask for this; empty ones are left out."""
        found = {name: str(getattr(self, name) or "") for name in SEARCH_VALUES}
        found["stories"] = "1" if self.stories else ""
        return {name: value for name, value in found.items() if value}

    def names(self) -> dict[str, str]:
        """Return the names chosen, by field."""
        return {name: getattr(self, name) for name in NAME_FIELDS if getattr(self, name)}

    def query(self) -> str:
        """Return all of it in the query language. Raises QueryError where the words or days cannot be understood."""
        typed = parse_query(self.q)
        parts = [render(typed.root)] if typed.root is not None else []
        parts += [name_term(field, value) for field, value in self.names().items()]
        since = max(typed.since, read_days(self.since)[0] if self.since else 0)
        untils = [day for day in (typed.until, read_days(self.until)[1] if self.until else 0) if day]
        if since:
            parts.append(f"since:{write_day(since)}")
        if untils:
            parts.append(f"until:{write_day(min(untils))}")
        if typed.status:
            parts.append(f"status:{typed.status}")
        if typed.story:
            parts.append(f'story:"{_QUOTES.sub("", typed.story)}"')
        if typed.sort or self.sort:
            parts.append(f"sort:{self.sort or typed.sort}")
        return " ".join(parts)


def read_asked(visit: Visit) -> Asked:
    """Return what a request looks for. Raises ParameterError."""
    order = visit.choice("sort", ("", *SORTS))
    sort: Sort | None = next((name for name in get_args(Sort) if name == order), None)
    return Asked(
        q=visit.value("q"),
        site=visit.value("site"),
        section=visit.value("section"),
        reporter=visit.value("reporter"),
        source=visit.value("source"),
        since=visit.value("since"),
        until=visit.value("until"),
        sort=sort,
        stories=visit.flag("stories"),
    )


def render(node: Node) -> str:
    """Write a query's tree as a query: every text quoted, every group in brackets."""
    if isinstance(node, Phrase):
        return ("title:" if node.title_only else "") + _quoted(node.text) + ("*" if node.prefix else "")
    if isinstance(node, Name):
        return f"{node.field}:{_quoted(node.value)}{'*' if node.prefix else ''}"
    if isinstance(node, Not):
        return f"-{render(node.node)}"
    if isinstance(node, Group):
        return f"({f' {node.operator} '.join(render(child) for child in node.nodes)})"
    raise QueryError("the query holds something unknown")


def _quoted(text: str) -> str:
    return f'"{_QUOTES.sub(" ", text)}"'


def name_term(field: str, value: str) -> str:
    """Return the term for a name; one that holds a quotation mark is asked for by what stands before it.

    Raises QueryError for a name that begins with one.
    """
    mark = _QUOTES.search(value)
    head = value[: mark.start()].strip() if mark else value.strip()
    if not head:
        raise QueryError(f"{field}: a name that begins with a quotation mark cannot be asked for")
    return f'{field}:"{head}"{"*" if mark else ""}'


def write_day(day: int) -> str:
    """Write a day like 20260923 as 2026-09-23."""
    return f"{day // 10000:04}-{day // 100 % 100:02}-{day % 100:02}"
