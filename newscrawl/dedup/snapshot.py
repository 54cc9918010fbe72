"""A snapshot of the catalogue in one local file, so that a process need not apply the whole log when it starts.

It is a cache and nothing more: whatever is wrong with it (another version, another log, damage), it is not used, and
the catalogue is made from the log. The file is written beside its place and moved there: it is whole or not there.
"""

from __future__ import annotations

import json
import os
import sys
from array import array
from dataclasses import asdict
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING
from zlib import crc32

from newscrawl.dedup.catalogue import Catalogue
from newscrawl.dedup.parameters import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MAGIC = b"newscrawl stories 1\n"


def save_snapshot(path: Path, catalogue: Catalogue, number: int, checksum: int) -> None:
    """Write a catalogue to a file, with the number and checksum of the last batch in it. Raises OSError."""
    columns = [column.tobytes() for column in catalogue.columns()]
    for texts in (catalogue.index.founders, catalogue.packed):
        columns += [array("I", map(len, texts)).tobytes(), b"".join(texts)]
    head = {
        "parameters": asdict(PARAMETERS),
        "byteorder": sys.byteorder,
        "number": number,
        "batch": checksum,
        "joined": list(catalogue.joined.items()),
        "counts": catalogue.counts(),
        "sizes": list(map(len, columns)),
        "checksum": _checksum(columns),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            file.write(_MAGIC + json.dumps(head).encode() + b"\n")
            file.writelines(columns)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def load_snapshot(path: Path) -> tuple[Catalogue, int, int] | None:
    """Return a catalogue, the number of its last batch and that batch's checksum; None where the file is of no use."""
    try:
        with path.open("rb") as file:
            if file.readline() != _MAGIC:
                return None
            head = json.loads(file.readline())
            if head["parameters"] != asdict(PARAMETERS) or head["byteorder"] != sys.byteorder:
                return None
            columns = [file.read(size) for size in head["sizes"]]
        if _checksum(columns) != head["checksum"]:
            return None
        catalogue = Catalogue()
        *flat, founder_sizes, founders, member_sizes, members = columns
        catalogue.restore([_column(column) for column in flat], head["counts"], dict(map(tuple, head["joined"])))
        catalogue.index.founders = _pieces(founder_sizes, founders)
        catalogue.packed = _pieces(member_sizes, members)
        return catalogue, head["number"], head["batch"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _column(data: bytes) -> array[int]:
    column = array("I")
    column.frombytes(data)
    return column


def _pieces(sizes: bytes, data: bytes) -> list[bytes]:
    places = accumulate(_column(sizes), initial=0)
    return [data[start:end] for start, end in pairwise(places)]


def _checksum(columns: Sequence[bytes]) -> int:
    value = 0
    for column in columns:
        value = crc32(column, value)
    return value
