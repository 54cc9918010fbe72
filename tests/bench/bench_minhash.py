"""Near-duplicates beside datasketch's MinHashLSH with its defaults, on the labelled stream.

usage: python -m tests.bench.bench_minhash --data ../shared/data [--rows 4000] [--json FILE]

datasketch is called as its documentation shows: 128 permutations, threshold 0.9 (the library's default) and 0.5, over
sets of five characters. A text is right when its best match is a copy of the same original. CPU time of one process.
"""

from __future__ import annotations

import argparse
import json
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from newscrawl.dedup import NearDuplicateIndex
from tests.bench.bench_dedup import interleaved, read_rows

if TYPE_CHECKING:
    from collections.abc import Callable


class Index(Protocol):
    """What the stream needs of an index."""

    def best(self, text: str) -> str | None:
        """Return the id of the best match, None where there is none."""

    def add(self, name: str, text: str) -> None:
        """Enter a text."""


class Ours:
    """newscrawl's index, with the text alone: no title, host or date."""

    def __init__(self) -> None:
        self.index = NearDuplicateIndex()

    def best(self, text: str) -> str | None:
        """See `Index.best`."""
        found = self.index.query(text)
        return found[0].id if found else None

    def add(self, name: str, text: str) -> None:
        """See `Index.add`."""
        self.index.add(name, text)


class MinHashes:
    """datasketch: MinHashLSH for candidates, the estimate of the Jaccard similarity for their order."""

    def __init__(self, threshold: float) -> None:
        datasketch = import_module("datasketch")
        self.minhash = datasketch.MinHash
        self.lsh = datasketch.MinHashLSH(threshold=threshold, num_perm=128)
        self.known: dict[str, Any] = {}
        self.last: tuple[str, Any] = ("", None)

    def _sketch(self, text: str) -> Any:
        if self.last[0] != text:  # asked for and added: sketched once
            sketch = self.minhash(num_perm=128)
            shingles = {text[at : at + 5] for at in range(max(1, len(text) - 4))}
            sketch.update_batch([shingle.encode("utf-8") for shingle in shingles])
            self.last = (text, sketch)
        return self.last[1]

    def best(self, text: str) -> str | None:
        """See `Index.best`."""
        sketch = self._sketch(text)
        return max(self.lsh.query(sketch), key=lambda name: sketch.jaccard(self.known[name]), default=None)

    def add(self, name: str, text: str) -> None:
        """See `Index.add`."""
        self.known[name] = self._sketch(text)
        self.lsh.insert(name, self.known[name])


def score(rows: list[dict[str, Any]], index: Index) -> dict[str, float]:
    """Return precision, recall, F1 and CPU microseconds an article (asked for and added)."""
    family = {str(row["id"]): row["fam"] for row in rows}
    seen: set[int] = set()
    right = wrong = copies = 0
    started = time.process_time()
    for row in rows:
        best = index.best(row["text"])
        right += best is not None and family[best] == row["fam"]
        wrong += best is not None and family[best] != row["fam"]
        copies += row["fam"] in seen
        seen.add(row["fam"])
        index.add(str(row["id"]), row["text"])
    spent = time.process_time() - started
    precision, recall = right / max(right + wrong, 1), right / max(copies, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"precision": precision, "recall": recall, "f1": f1, "us": spent / len(rows) * 1e6}


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=0, help="of the stream only the first families (default: all)")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = read_rows(options.data)
    if options.rows:
        last = sorted(row["fam"] for row in rows)[min(options.rows, len(rows)) - 1]
        rows = [row for row in rows if row["fam"] <= last]
    rows = interleaved(rows, 5)
    contenders: dict[str, Callable[[], Index]] = {"newscrawl": Ours}
    if find_spec("datasketch"):
        contenders |= {
            "MinHashLSH, default threshold 0.9": lambda: MinHashes(0.9),
            "MinHashLSH, threshold 0.5": lambda: MinHashes(0.5),
        }
    else:
        print("skipped: datasketch is not installed")
    result = {"rows": len(rows), "contenders": {name: score(rows, make()) for name, make in contenders.items()}}
    base = result["contenders"]["newscrawl"]["us"]  # type: ignore[index]  # filled above
    for name, found in result["contenders"].items():  # type: ignore[attr-defined]
        figures = " ".join(f"{key} {found[key]:.3f}" for key in ("precision", "recall", "f1"))
        print(f"{name}: {figures}; {found['us']:.0f} us an article, x{found['us'] / base:.1f}")
    if options.json:
        options.json.write_text(json.dumps(result, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
