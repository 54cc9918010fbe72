"""Exports: the corpus, or what a filter or a search selects, in the formats that others read."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from newscrawl.store.export_lines import (
    ExportError,
    ExportFormatError,
    LineFormat,
    csv_format,
    json_ld,
    jsonl,
    vertical,
)
from newscrawl.store.export_parquet import ParquetSink
from newscrawl.store.export_sinks import LineSink, Sink, TextFolderSink
from newscrawl.store.export_warc import WarcSink, member_reader
from newscrawl.store.interface import EVERYTHING, ArticleFilter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from newscrawl.items import Article
    from newscrawl.store.interface import Store

#: Format -> what it is for, as `newscrawl export --help` shows it.
FORMATS = {
    "jsonl": "everything, one article a line; restores into a store (.jsonl, .jsonl.gz, .jsonl.zst)",
    "csv": "a table for spreadsheets, UTF-8 with byte order mark, no cell runs as a formula (.csv, .csv.gz)",
    "parquet": "a typed table for pandas, Polars, DuckDB, R; needs pyarrow (.parquet)",
    "text": "a folder with one text file an article and metadata.csv, for AntConc and the like",
    "vertical": "one token a line with part of speech, for Sketch Engine and CWB; words need rjieba (.vert)",
    "warc": "the archived responses of the articles, for replay and web archive tools (.warc.gz)",
    "jsonld": "schema.org NewsArticle objects in one document, for publishing metadata (.jsonld)",
}
_SUFFIXES = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
    ".vert": "vertical",
    ".vertical": "vertical",
    ".warc": "warc",
    ".jsonld": "jsonld",
}
#: Articles between two checkpoints.
STEP = 1000


@dataclass(slots=True, frozen=True)
class ExportOptions:
    """What some formats can be told. revisions: JSONL with the older versions too; unit: tokens of the vertical format
    ("words" or "characters"); archive_root: the folder of the WARC files that articles point to."""

    revisions: bool = False
    unit: str = "words"
    archive_root: Path | None = None


DEFAULT_OPTIONS = ExportOptions()


@dataclass(slots=True)
class ExportReport:
    """What an export did: articles written, left out (nothing for this format), taken over from a broken-off run."""

    path: Path
    format_name: str
    written: int = 0
    left_out: int = 0
    resumed: int = 0


def guess_format(target: Path) -> str:
    """Return the format that a file's name stands for; "" where it tells nothing."""
    name = target.name.lower().removesuffix(".gz").removesuffix(".zst")
    return _SUFFIXES.get(Path(name).suffix, "")


def export(
    store: Store,
    target: str | Path,
    *,
    format_name: str = "",
    where: ArticleFilter = EVERYTHING,
    articles: Iterable[Article] | None = None,
    selection: str = "",
    options: ExportOptions = DEFAULT_OPTIONS,
    resume: bool = True,
    progress: Callable[[int], None] | None = None,
) -> ExportReport:
    """Write articles to a file or folder, streaming.

    `format_name` is one of FORMATS, by default what the name of `target` says. `articles` are written instead of those
    of `where` (a search's, say; `selection` then names what selected them, such as the query). An export that is broken
    off is kept beside the target and goes on where it was when the same export is asked for again (`resume`); the
    target itself appears when it is complete. `progress` is called with the number of articles so far. Raises
    ExportError, and what the store raises.
    """
    target = Path(target)
    format_name = format_name or guess_format(target)
    if format_name not in FORMATS:
        asked = f"{format_name!r} is" if format_name else f"the name {str(target)!r} tells"
        raise ExportFormatError(f"{asked} no export format; known are {', '.join(FORMATS)}")
    journal = _Journal(
        target, {"format": format_name, "where": asdict(where), "selection": selection, **_plain(options)}
    )
    state = journal.load() if resume else None
    try:
        try:
            sink = _open_sink(store, target, format_name, options, state["sink"] if state else None)
        except FileNotFoundError:  # somebody removed what was there of the export
            state = None
            sink = _open_sink(store, target, format_name, options, None)
        done = journal.open(state)
    except OSError as error:
        raise ExportError(f"{target} cannot be written: {error}") from error
    report = ExportReport(target, format_name, resumed=len(done))
    try:
        for article in store.articles(where) if articles is None else articles:
            if article.id in done:
                continue
            if sink.write(article):
                report.written += 1
            else:
                report.left_out += 1
            journal.add(article.id)
            if (report.written + report.left_out) % STEP == 0:
                journal.save(sink.checkpoint())
                if progress:
                    progress(report.resumed + report.written + report.left_out)
        sink.finish()
    except OSError as error:
        raise ExportError(f"{target} cannot be written: {error}") from error
    finally:
        sink.close()
        journal.close()
    journal.remove()
    return report


def write_stream(
    articles: Iterable[Article],
    stream: IO[bytes],
    *,
    format_name: str = "jsonl",
    options: ExportOptions = DEFAULT_OPTIONS,
) -> int:
    """Write articles to a stream (standard output, an HTTP answer); return how many. For jsonl, csv, vertical, jsonld.

    Raises ExportError for the other formats.
    """
    lines = _lines(None, format_name, options)
    stream.write(lines.header)
    count = 0
    for article in articles:
        stream.write((lines.separator if count else b"") + lines.encode(article))
        count += 1
    stream.write(lines.footer)
    return count


def _plain(options: ExportOptions) -> dict[str, Any]:
    return {"revisions": options.revisions, "unit": options.unit, "archive_root": str(options.archive_root)}


def _lines(store: Store | None, format_name: str, options: ExportOptions) -> LineFormat:
    if format_name == "jsonl":
        if not options.revisions:
            return jsonl()
        if store is None:
            raise ExportError("older versions can only be exported to a file")
        return jsonl(lambda article: [version.article for version in store.revisions(article.id)[:-1]])
    if format_name == "csv":
        return csv_format()
    if format_name == "jsonld":
        return json_ld()
    if format_name == "vertical":
        if options.unit not in ("words", "characters"):
            raise ExportError("tokens of the vertical format are words or characters")
        return vertical(options.unit)
    raise ExportError(f"{format_name} cannot be written to a stream; give a file")


def _open_sink(
    store: Store, target: Path, format_name: str, options: ExportOptions, state: dict[str, int] | None
) -> Sink:
    if format_name == "parquet":
        return ParquetSink(target, state)
    if format_name == "text":
        return TextFolderSink(target, state)
    if format_name == "warc":
        if options.archive_root is None:
            raise ExportError("a WARC subset needs the folder of the archive (archive_root)")
        return WarcSink(target, member_reader(options.archive_root), state)
    return LineSink(target, _lines(store, format_name, options), state)


class _Journal:
    """What a broken-off export needs to go on: beside the target, the ids written and where the sink stood."""

    def __init__(self, target: Path, task: dict[str, Any]) -> None:
        self.task = task
        self.state_path = target.with_name(target.name + ".progress")
        self.ids_path = target.with_name(target.name + ".done")
        self.pending: list[str] = []
        self.file: IO[bytes] | None = None

    def load(self) -> dict[str, Any] | None:
        """Return the last checkpoint of the same task, None where there is none."""
        try:
            state: dict[str, Any] = json.loads(self.state_path.read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return state if state.get("task") == self.task and self.ids_path.exists() else None

    def open(self, state: dict[str, Any] | None) -> set[str]:
        """Begin the list of ids anew, or cut it back to a checkpoint; return those in it."""
        self.ids_path.parent.mkdir(parents=True, exist_ok=True)
        self.file = self.ids_path.open("r+b" if state else "wb")
        if state is None:
            return set()
        self.file.truncate(state["ids"])
        return set(self.file.read().decode("utf-8").split("\n")) - {""}

    def add(self, article_id: str) -> None:
        """Note an article; it counts from the next checkpoint on."""
        self.pending.append(article_id)

    def save(self, sink: dict[str, int]) -> None:
        """Write a checkpoint: first the ids, then, in one step, that they count."""
        if self.file is None:
            return
        self.file.write("".join(f"{article_id}\n" for article_id in self.pending).encode("utf-8", "replace"))
        self.file.flush()
        self.pending = []
        temporary = self.state_path.with_name(self.state_path.name + ".new")
        temporary.write_text(json.dumps({"task": self.task, "ids": self.file.tell(), "sink": sink}), "utf-8")
        temporary.replace(self.state_path)

    def close(self) -> None:
        """Let go of the file."""
        if self.file is not None:
            self.file.close()

    def remove(self) -> None:
        """Remove both files."""
        self.ids_path.unlink(missing_ok=True)
        self.state_path.unlink(missing_ok=True)
