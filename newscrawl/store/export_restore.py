"""Reading a JSONL export back into a store, of either kind."""

from __future__ import annotations

import gzip
import json
import zlib
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, TYPE_CHECKING, cast

from newscrawl.items import Article, from_record
from newscrawl.store.export_lines import ExportError
from newscrawl.store.export_sinks import load_zstd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from newscrawl.store.interface import Store

_BATCH = 200


@dataclass(slots=True)
class RestoreReport:
    """How many articles were read, and how the store took them: new, changed, unchanged, stale, forgotten."""

    read: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)


def restore(store: Store, path: Path, *, progress: Callable[[int], None] | None = None) -> RestoreReport:
    """Put the articles of a JSONL export (.jsonl, .gz, .zst) into a store.

    Older versions come before newer ones in the file and become revisions. Doing it twice changes nothing. `progress`
    is called with the number read so far. Raises ExportError where the file cannot be read or a line is no article
    (what came before it is in the store), and what the store raises.
    """
    report = RestoreReport()
    articles = read_jsonl(path)
    while batch := list(islice(articles, _BATCH)):
        report.outcomes.update(store.put(batch))
        store.set_story(
            [
                {
                    "id": article.id,
                    "story_id": article.story_id,
                    "duplicate_of": article.duplicate_of,
                    "duplicate_kind": article.duplicate_kind,
                    "similarity": article.similarity,
                }
                for article in batch
                if article.story_id or article.duplicate_of
            ]
        )
        report.read += len(batch)
        if progress:
            progress(report.read)
    return report


def read_jsonl(path: Path) -> Iterator[Article]:
    """Yield the articles of a JSONL export. Raises ExportError as `restore`."""
    number = 0
    try:
        with _open(path) as lines:
            for number, line in enumerate(lines, 1):  # noqa: B007 - told in errors
                if line.strip():
                    yield _article(line)
    except (OSError, EOFError, zlib.error) as error:
        raise ExportError(f"{path} cannot be read after line {number}: {error}") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ExportError(f"line {number} of {path} is no article of an export: {error}") from error


def _article(line: bytes) -> Article:
    record = json.loads(line)
    if not isinstance(record, dict) or not isinstance(record.get("url"), str):
        raise TypeError("it is no object with a url")
    return from_record(record)


def _open(path: Path) -> IO[bytes]:
    if path.suffix == ".gz":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    if path.suffix == ".zst":
        return cast("IO[bytes]", load_zstd().open(path, "rb"))
    return path.open("rb")
