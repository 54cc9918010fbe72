"""The word lists of the byline parser, read once from the room's data folder."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_DATA = Path(__file__).resolve().parent.parent / "data"


#: Code points of the marks that portals print for a slash, colon, bar, bracket, dash or middle dot.
_MARKS = (
    ((0x2571, 0x2215, 0x2044), "/"),
    ((0x2236, 0xFE30), ":"),
    ((0x4E28, 0xFF5C, 0x2502, 0x2503), "|"),
    ((0x3014, 0xFF3B, 0x3010, 0x3016, 0xFE5D, 0x5B), "("),
    ((0x3015, 0xFF3D, 0x3011, 0x3017, 0xFE5E, 0x5D), ")"),
    ((0x2500, 0x2014, 0x2013, 0x2015, 0xFF0D, 0x2010, 0x2011, 0x2501), "-"),
    ((0x2022, 0x2027, 0x30FB, 0xFF65, 0x2219, 0x22C5, 0x25CF), "·"),
)


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
    table |= dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009\t\r\n\v\f\u2028\u2029"), " ")
    return table | {code: mapped for codes, mapped in _MARKS for code in codes}


def alternation(words: list[str]) -> str:
    """Return the words as one regular expression alternation, longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))
