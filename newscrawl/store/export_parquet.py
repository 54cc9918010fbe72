"""Parquet, for pandas, Polars, DuckDB and R. Needs pyarrow."""

from __future__ import annotations

import shutil
from importlib import import_module
from typing import TYPE_CHECKING, Any

from newscrawl.items import to_record
from newscrawl.store.export_lines import ExportError
from newscrawl.store.export_sinks import partial

if TYPE_CHECKING:
    from pathlib import Path

    from newscrawl.items import Article

_TEXTS = (
    *("id", "url", "canonical_url", "site", "section", "title", "subtitle", "body", "published_day"),
    *("published_precision", "source", "agency", "dateline_place", "language", "script", "status", "story_id"),
    *("duplicate_of", "duplicate_kind", "content_hash", "run_id"),
)
_LISTS = ("reporters", "correspondents", "photographers", "editors", "interns")
_TIMES = ("published", "modified", "fetched_at", "first_seen", "last_seen")


def load_pyarrow() -> Any:
    """Return pyarrow with its parquet module. Raises ExportError where it is not installed."""
    try:
        import_module("pyarrow.parquet")
    except ImportError:
        raise ExportError("Parquet needs pyarrow: pip install pyarrow") from None
    return import_module("pyarrow")


class ParquetSink:
    """Writes a part of its own at every checkpoint, and one file of them all at the end, a part at a time."""

    def __init__(self, target: Path, state: dict[str, int] | None) -> None:
        """Begin anew, or go on after the parts that `state` counts."""
        self.arrow = load_pyarrow()
        self.target = target
        self.parts = target.with_name(target.name + ".parts")
        self.count = state["parts"] if state else 0
        if state is None:
            shutil.rmtree(self.parts, ignore_errors=True)
        self.parts.mkdir(parents=True, exist_ok=True)
        self.rows: list[dict[str, Any]] = []

    def schema(self) -> Any:
        """Return the columns: texts, lists of texts, times to the millisecond in UTC, numbers."""
        pa = self.arrow
        return pa.schema(
            [
                *((name, pa.string()) for name in _TEXTS),
                *((name, pa.list_(pa.string())) for name in _LISTS),
                *((name, pa.timestamp("ms", tz="UTC")) for name in _TIMES),
                ("similarity", pa.float64()),
                ("revision", pa.int32()),
            ]
        )

    def write(self, article: Article) -> bool:
        """Hold an article for the next part."""
        record = to_record(article)
        self.rows.append({name: record[name] for name in (*_TEXTS, *_LISTS, *_TIMES, "similarity", "revision")})
        return True

    def checkpoint(self) -> dict[str, int]:
        """Write what is held into a part."""
        if self.rows:
            table = self.arrow.Table.from_pylist(self.rows, schema=self.schema())
            self.arrow.parquet.write_table(table, self.part(self.count), compression="zstd")
            self.count += 1
            self.rows = []
        return {"parts": self.count}

    def part(self, number: int) -> Path:
        """Return the file of a part."""
        return self.parts / f"{number:06}.parquet"

    def finish(self) -> None:
        """Put the parts together, each as a row group, and remove them."""
        self.checkpoint()
        parquet = self.arrow.parquet
        with parquet.ParquetWriter(partial(self.target), self.schema(), compression="zstd") as writer:
            for number in range(self.count):
                writer.write_table(parquet.read_table(self.part(number), schema=self.schema()))
        partial(self.target).replace(self.target)
        shutil.rmtree(self.parts)

    def close(self) -> None:
        """Nothing is held open between parts."""
