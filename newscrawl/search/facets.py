"""Facets: how many of the articles found are of each site, section, reporter, source and month."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from newscrawl.search.plan import Plan

FACETS = ("site", "section", "reporter", "source", "month")
#: The most common values of each facet that are returned; months are all returned, in their order.
MOST_VALUES = 50


def count_facets(
    connection: sqlite3.Connection, plan: Plan, facets: Sequence[str], *, stories: bool = False
) -> dict[str, list[tuple[str, int]]]:
    """Count the articles (or stories) of a plan by each facet; most first, months in their order. "" is for none."""
    return {facet: _count(connection, plan, facet, stories=stories) for facet in facets}


def _count(connection: sqlite3.Connection, plan: Plan, facet: str, *, stories: bool) -> list[tuple[str, int]]:
    source, parameters = plan.source()
    what = "count(DISTINCT docs.story)" if stories else "count(*)"
    if facet == "month":
        rows = connection.execute(
            f"SELECT docs.day / 100 AS month, {what} {source} GROUP BY month ORDER BY month", parameters
        )
        return [(f"{month // 100:04}-{month % 100:02}" if month else "", count) for month, count in rows]
    if facet == "reporter":
        source = source.replace(
            "docs ON docs.id = fts.rowid", "docs ON docs.id = fts.rowid JOIN reporters ON doc = docs.id"
        )
        source = source.replace("FROM docs", "FROM docs JOIN reporters ON doc = docs.id")
        column = "reporters.name"
    else:
        column = f"docs.{facet}"
    rows = connection.execute(
        f"SELECT {column} AS value, {what} AS number {source} GROUP BY value ORDER BY number DESC LIMIT {MOST_VALUES}",
        parameters,
    )
    counts = rows.fetchall()
    names = {0: ""}
    for number, _ in counts:
        row = connection.execute("SELECT name FROM names WHERE id = ?", (number,)).fetchone()
        if row:
            names[number] = row[0]
    return [(names[number], count) for number, count in counts]
