"""The concordance (keyword in context): every place of a phrase with what stands left and right of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Literal

from newscrawl.search.index import NEWEST
from newscrawl.search.query import QueryError
from newscrawl.search.snippets import find_places
from newscrawl.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newscrawl.items import Article
    from newscrawl.search.index import SearchIndex
    from newscrawl.search.plan import Plan

#: Lines that are held for sorting by context; of more, the newest so many are sorted and a note says so.
MOST_LINES = 20_000
WIDEST = 200

Order = Literal["date", "left", "right", "none"]
ORDERS: tuple[Order, ...] = ("date", "left", "right", "none")


@dataclass(slots=True, frozen=True)
class Line:
    """One line: left context, the node, right context, and where it is from; `place` counts from the text's start."""

    left: str
    node: str
    right: str
    article_id: str
    day: str
    site: str
    title: str
    place: int


@dataclass(slots=True)
class Concordance:
    """Lines in their order, out of `articles` articles that match.

    `total` counts the lines that were found; where `complete` is False there are more.
    """

    lines: list[Line]
    total: int
    articles: int
    complete: bool = True
    notes: list[str] = field(default_factory=list)


def kwic(
    index: SearchIndex,
    query: str,
    *,
    width: int = 20,
    limit: int = 100,
    offset: int = 0,
    sort: Order = "date",
    stories: bool = False,
) -> Concordance:
    """List every place where the phrases of a query stand, in the articles that match the query.

    `width` is the length of each context in characters (1 to WIDEST). `sort` is date (newest first), left (by the
    context read backwards from the node), right, or none (as they come). By date and none, reading ends with the page
    asked for; by context, after MOST_LINES. `stories` takes one article of each story. Raises QueryError, also for a
    query without words to look for.
    """
    if sort not in ORDERS:
        raise QueryError(f"lines are sorted by {', '.join(ORDERS)}")
    if not 1 <= width <= WIDEST:
        raise QueryError(f"the width of the context is 1 to {WIDEST} characters")
    plan = index.plan(query)
    if not plan.has_words:
        raise QueryError("a concordance needs a word or phrase to look for")
    found = _lines(index, plan, width, newest_first=sort != "none", stories=stories)
    by_context = sort in ("left", "right")
    most = MOST_LINES if by_context else min(MOST_LINES, limit + offset)
    lines = list(islice(found, most))
    complete = next(found, None) is None
    notes = list(plan.notes)
    if not complete and by_context:
        notes.append(f"there are more than {MOST_LINES} lines; the newest so many were sorted")
    if sort == "left":
        lines.sort(key=lambda line: (fold(line.left)[::-1], fold(line.right)))
    elif sort == "right":
        lines.sort(key=lambda line: (fold(line.right), fold(line.left)[::-1]))
    return Concordance(lines[offset : offset + limit], len(lines), index.total(plan, stories=stories), complete, notes)


def _lines(index: SearchIndex, plan: Plan, width: int, *, newest_first: bool, stories: bool) -> Iterator[Line]:
    for article in index.matching(plan, order=NEWEST if newest_first else "docs.id", stories=stories):
        for text, patterns in plan.texts(article):
            for start, end in find_places(text, patterns):
                yield _line(article, text, start, end, width)


def _line(article: Article, text: str, start: int, end: int, width: int) -> Line:
    left, right = (_flat(piece) for piece in (text[max(0, start - width) : start], text[end : end + width]))
    return Line(left, text[start:end], right, article.id, article.published_day, article.site, article.title, start)


def _flat(text: str) -> str:
    """A context on one line: line ends and wide spaces become spaces, so that columns stay in place."""
    return text.translate({10: " ", 13: " ", 9: " ", 0x3000: " "})
