"""The word lists of the byline parser, read once from the room's data folder."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_DATA = Path(__file__).resolve().parent.parent / "data"


def sections(name: str) -> dict[str, list[str]]:
    """Read a list file: `[section]` lines, words between white space, `#` comments.

    Returns the words of each section in the file's order.
    """
    found: dict[str, list[str]] = {}
    words: list[str] = []
    for line in (_DATA / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            words = found.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            words.extend(line.split())
    return found


@cache
def simplified() -> dict[int, str]:
    """Return the table for str.translate that turns full-width and traditional characters into what the lists hold.

    One character becomes one character, so that offsets stay.
    """
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for line in (_DATA / "folding.txt").read_text(encoding="utf-8").split("\n"):
        if line:
            table[ord(line[0])] = line[2]
    table |= dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009\t\r\n\v\f\u2028\u2029\ufeff\u200b"), " ")
    table |= {
        ord(mark): mapped
        for mark, mapped in zip("╱∕⁄∶︰丨｜│┃〔〕［］【】〖〗﹝﹞[]", "///::||||()()()()()()()", strict=False)
    }
    table |= {ord(mark): "-" for mark in "─—–―－‐‑━"}
    table |= {ord(mark): "·" for mark in "•‧・･∙⋅●"}
    return table


def alternation(words: list[str]) -> str:
    """Return the words as one regular expression alternation, longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))
