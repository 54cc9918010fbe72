"""How one article is shown on a terminal."""

from __future__ import annotations

import difflib
from collections import Counter
from typing import TYPE_CHECKING

from rich.text import Text

from newscrawl.cli.console import plain, printable, table
from newscrawl.clock import CHINA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from newscrawl.items import Article, Revision

#: A removed line is shown up to so many characters.
REMOVED_WIDTH = 60
_TIME_FORMATS = {"day": "%Y-%m-%d", "month": "%Y-%m", "hour": "%Y-%m-%d %H:00", "second": "%Y-%m-%d %H:%M:%S"}


def print_article(out: Console, article: Article) -> None:
    """Print an article: title, facts, text, and what was taken out or changed."""
    out.print(Text(printable(article.title), style="bold"))
    if article.subtitle:
        out.print(Text(printable(article.subtitle)))
    out.print(_facts(article))
    for paragraph in article.body.split("\n"):  # into a file or a pipe a paragraph is one line
        out.print(Text(printable(paragraph)), soft_wrap=not out.is_terminal)
        out.print()
    _print_removed(out, article)


def _facts(article: Article) -> Table:
    names = ("reporters", "correspondents", "photographers", "editors", "interns")
    rows = [
        ("id", article.id),
        ("address", article.canonical_url or article.url),
        ("published", when(article)),
        ("source", article.source),
        ("agency", article.agency),
        ("dateline", article.dateline_place),
        *((name, "、".join(getattr(article, name))) for name in names),
        ("section", article.section),
        ("story", _story(article)),
        ("status", f"{article.status}, revision {article.revision}, fetched {plain(article.fetched_at)}"),
        ("restoration", _restoration(article)),
    ]
    return table("", ["", ""], [row for row in rows if row[1]])


def when(article: Article) -> str:
    """Return the time of publication in China's zone, no finer than the page says it."""
    if article.published is None:
        return article.published_day
    form = _TIME_FORMATS.get(article.published_precision, "%Y-%m-%d %H:%M")
    origin, _, how = article.published_method.partition(":")
    said = origin if how in ("", origin) else f"{origin}, {how}"
    return f"{article.published.astimezone(CHINA).strftime(form)} (from {said})"


def _story(article: Article) -> str:
    if not article.duplicate_of:
        return ""
    return f"{article.duplicate_kind} copy of {article.duplicate_of} (similarity {article.similarity:.2f})"


def _restoration(article: Article) -> str:
    found = article.restoration
    if found.verdict == "clean" and not found.edits:
        return ""
    rules = ", ".join(f"{rule} {count}" for rule, count in Counter(edit.rule for edit in found.edits).most_common())
    return f"{found.verdict} (confidence {found.confidence:.2f}); edits: {rules or 'none'}"


def _print_removed(out: Console, article: Article) -> None:
    if not article.removed:
        return
    rows = [(entry.rule, shorten(entry.text)) for entry in article.removed]
    out.print(table("taken out of the text", ["rule", "text"], rows))


def shorten(text: str, width: int = REMOVED_WIDTH) -> str:
    """Return text on one line, cut to a number of characters."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1] + "…"


def print_revisions(out: Console, revisions: Sequence[Revision]) -> None:
    """Print the versions of an article, each with its difference to the one before."""
    before: list[str] = []
    for revision in revisions:
        out.print(Text(f"revision {revision.number}, fetched {plain(revision.fetched_at)}", style="bold"))
        lines = [revision.article.title, *revision.article.body.split("\n")]
        if before:
            for line in difflib.unified_diff(before, lines, lineterm="", n=0):
                if not line.startswith(("---", "+++", "@@")):
                    out.print(Text(printable(line), style="green" if line.startswith("+") else "red"))
        else:
            out.print(Text(printable(revision.article.title)))
        before = lines
