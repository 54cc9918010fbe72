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
from rich.cells import cell_len
from rich.console import Console
from rich.status import Status
from rich.table import Table
from rich.text import Text

from newscrawl.clock import CHINA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rich.console import ConsoleOptions, RenderResult
    from rich.table import Column

#: Seconds before progress is shown.
PATIENCE = 2.0
#: A column whose widest cell is wider than this (in cells of the terminal) holds text and may be folded.
TEXT_WIDTH = 20
#: A text column narrower than this cannot be read.
LEAST_TEXT_WIDTH = 14


class Output(Console):
    """A console that leaves it to the command what happens when the reader has gone."""

    def on_broken_pipe(self) -> None:
        """Raise BrokenPipeError instead of ending the process."""
        raise BrokenPipeError


class FittingTable(Table):
    """A table that folds only its text columns, and becomes a list where even that does not fit."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render the table, or the list of its rows."""
        widths = [_natural_width(column) for column in self.columns]
        gaps = 2 * len(widths) + 1
        if sum(widths) + gaps > options.max_width:
            heads = [max(map(cell_len, str(column.header).split()), default=0) for column in self.columns]
            cells = [_natural_width(column, header=False) for column in self.columns]
            least = [max(head, min(cell, LEAST_TEXT_WIDTH) if cell > TEXT_WIDTH else cell)
                     for head, cell in zip(heads, cells, strict=True)]  # fmt: skip
            if sum(least) + gaps > options.max_width:
                yield from self._as_list()
                return
            for column, head, cell in zip(self.columns, heads, cells, strict=True):
                if cell <= TEXT_WIDTH:
                    column.width = max(head, cell)
        yield from super().__rich_console__(console, options)

    def _as_list(self) -> RenderResult:
        if self.title:
            yield Text(str(self.title), style="bold")
        names = [str(column.header) for column in self.columns]
        indent = max(map(len, names))
        for row in zip(*(column.cells for column in self.columns), strict=True):
            yield Text("")
            for name, cell in zip(names, row, strict=True):
                if str(cell):
                    yield Text.assemble((f"{name:<{indent}}  ", "dim"), cell)
        yield Text("")


def _natural_width(column: Column, *, header: bool = True) -> int:
    """Return the width of a column's widest line in cells, with that of its header."""
    lines = [line for cell in column.cells for line in str(cell).split("\n")]
    return max(map(cell_len, [*lines, *([str(column.header)] if header else [])]), default=0)


def console() -> Console:
    """Return the console for standard output; off a terminal it is 110 columns wide and without colours."""
    terminal = sys.stdout.isatty()
    width = None if terminal or os.environ.get("COLUMNS") else 110
    return Output(width=width, highlight=False, soft_wrap=False, force_terminal=None)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, right: Sequence[str] = ()) -> Table:
    """Return a table; cells are shown as they are (no markup), `right` names the columns that are aligned right."""
    made = FittingTable(
        title=Text(title) if title else None,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        show_header=any(columns),
    )
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
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    json.dump(value, sys.stdout, ensure_ascii=not unicode, indent=2, default=_encode)
    sys.stdout.write("\n")


def _encode(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
