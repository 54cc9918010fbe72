"""Where exports are written to: one file (plain, gzip, zstd), or a folder of text files; each goes on after a break."""

from __future__ import annotations

import gzip
import os
import re
from contextlib import suppress
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any, Protocol

from newscrawl.store.export_lines import COLUMNS, ExportError, LineFormat, csv_cell, csv_row

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from newscrawl.items import Article


class Sink(Protocol):
    """Takes articles. `checkpoint` makes safe what was written; a new sink goes on from what it returns."""

    def write(self, article: Article) -> bool:
        """Write an article; False where it has nothing for this format."""

    def checkpoint(self) -> dict[str, int]:
        """Flush, and return where writing stands."""

    def finish(self) -> None:
        """Complete the export and put it in its place."""

    def close(self) -> None:
        """Let go of files; what was not finished stays as it is at the last checkpoint or later."""


def partial(target: Path) -> Path:
    """Return the name under which a target is written until it is complete."""
    return target.with_name(target.name + ".partial")


def compressor(suffix: str) -> Callable[[bytes], bytes] | None:
    """Return what turns a block of bytes into a complete gzip member or zstd frame, None for no compression."""
    if suffix == ".gz":
        return lambda block: gzip.compress(block, 6, mtime=0)
    if suffix != ".zst":
        return None
    zstd = load_zstd()
    return lambda block: bytes(zstd.compress(block))


def load_zstd() -> Any:
    """Return Python's zstd module (3.14) or its backport. Raises ExportError where neither is there."""
    for name in ("compression.zstd", "backports.zstd"):
        with suppress(ImportError):
            return import_module(name)
    raise ExportError(".zst needs a library: pip install backports.zstd (or use .gz)")


class LineSink:
    """Writes a line format into a file. Between two checkpoints is one gzip member or zstd frame."""

    def __init__(self, target: Path, lines: LineFormat, state: dict[str, int] | None) -> None:
        """Begin the file anew, or go on where `state` says."""
        self.target, self.lines = target, lines
        self.compress = compressor(target.suffix)
        self.count = state["count"] if state else 0
        self.file = open_at(partial(target), state)
        self.pending: list[bytes] = [] if state else [lines.header]

    def write(self, article: Article) -> bool:
        """Write an article."""
        if self.count:
            self.pending.append(self.lines.separator)
        self.pending.append(self.lines.encode(article))
        self.count += 1
        return True

    def checkpoint(self) -> dict[str, int]:
        """Flush, and return where writing stands."""
        block = b"".join(self.pending)
        self.pending = []
        if block:
            self.file.write(self.compress(block) if self.compress else block)
        flush(self.file)
        return {"count": self.count, "bytes": self.file.tell()}

    def finish(self) -> None:
        """Write the end of the format and give the file its name."""
        self.pending.append(self.lines.footer)
        if self.checkpoint()["bytes"] == 0 and self.compress:
            self.file.write(self.compress(b""))
        self.close()
        partial(self.target).replace(self.target)

    def close(self) -> None:
        """Let go of the file."""
        self.file.close()


def open_at(path: Path, state: dict[str, int] | None) -> IO[bytes]:
    """Open a file for writing, anew or cut back to where a checkpoint says that it stood."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if state is None:
        return path.open("wb")
    file = path.open("r+b")
    file.truncate(state["bytes"])
    file.seek(state["bytes"])
    return file


def flush(file: IO[bytes]) -> None:
    """Make safe what was written, power cut or not."""
    file.flush()
    os.fsync(file.fileno())


class TextFolderSink:
    """Writes every article into a text file of its own under texts/YYYY-MM/, and metadata.csv with one row each."""

    def __init__(self, target: Path, state: dict[str, int] | None) -> None:
        """Begin the folder anew (files of an earlier export stay), or go on where `state` says."""
        self.target = target
        self.metadata = open_at(target / "metadata.csv", state)
        if state is None:
            self.metadata.write(b"\xef\xbb\xbf" + csv_row(["file", *COLUMNS]))

    def write(self, article: Article) -> bool:
        """Write an article: its title, an empty line, its body."""
        name = file_name(article)
        path = self.target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(f"{article.title}\n\n{article.body}\n".encode("utf-8", "replace"))
        self.metadata.write(csv_row([name, *(csv_cell(getattr(article, column)) for column in COLUMNS)]))
        return True

    def checkpoint(self) -> dict[str, int]:
        """Flush, and return where writing stands."""
        flush(self.metadata)
        return {"bytes": self.metadata.tell()}

    def finish(self) -> None:
        """Close the table."""
        self.checkpoint()
        self.close()

    def close(self) -> None:
        """Let go of the table's file."""
        self.metadata.close()


def file_name(article: Article) -> str:
    """Return the name of an article's text file: month, day, site and the beginning of its id, in plain ASCII."""
    day = article.published_day if re.fullmatch(r"\d{4}-\d\d-\d\d", article.published_day) else "undated"
    site = re.sub(r"[^A-Za-z0-9-]+", "-", article.site).strip("-")[:40] or "site"
    identity = re.sub(r"[^A-Za-z0-9]+", "-", article.id)[:16]
    return f"texts/{day[:7]}/{day}_{site}_{identity}.txt"
