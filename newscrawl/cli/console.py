"""How the command line writes: tables for people, JSON for machines, progress on a terminal."""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.status import Status
from rich.table import Table
from rich.text import Text

from newscrawl.clock import CHINA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

#: Seconds before progress is shown.
PATIENCE = 2.0


def console() -> Console:
    """Return the console for standard output; off a terminal it is 110 columns wide and without colours."""
    terminal = sys.stdout.isatty()
    width = None if terminal or os.environ.get("COLUMNS") else 110
    return Console(width=width, highlight=False, soft_wrap=False, force_terminal=None)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, right: Sequence[str] = ()) -> Table:
    """Return a table; cells are shown as they are (no markup), `right` names the columns that are aligned right."""
    made = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, title_style="bold")
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else Text(plain(cell)) for cell in row))
    return made


def plain(value: object) -> str:
    """Return a cell's text: times in China's zone, nothing for None, no control characters from a page."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return printable(str(value))


def printable(text: str) -> str:
    """Return text without control characters: a page must not move the cursor of a terminal."""
    return "".join(c for c in text if c in "\n\t" or (c.isprintable() or c in "\u3000\u00a0"))


@contextmanager
def progress(what: str) -> Iterator[Callable[[int], None]]:
    """Show a count that goes up, on a terminal and from the second second on; yields what tells the count."""
    if not sys.stderr.isatty():
        yield lambda _count: None
        return
    started = time.monotonic()
    with Status(what, console=Console(stderr=True)) as status:
        status.stop()

        def update(count: int) -> None:
            if time.monotonic() - started > PATIENCE:
                status.start()
                status.update(f"{what}: {count:,}")

        yield update


def print_json(value: object) -> None:
    """Print a value as JSON; datetimes become ISO 8601 strings."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=_encode)
    sys.stdout.write("\n")


def _encode(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
