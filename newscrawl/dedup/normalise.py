"""Folding: what is left of a text when script, width, case, punctuation and layout no longer count.

Done with str.translate and a code-point table that fills itself: regular expressions took most of the time of
a fingerprint. data/fold.txt (made by data/make_fold.py from OpenCC) holds traditional and simplified
characters.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

_FOLD_FILE = Path(__file__).parent / "data" / "fold.txt"
_SIMPLIFIED = {ord(line[0]): line[1] for line in _FOLD_FILE.read_text("utf-8").splitlines()}


class _Folding(dict[int, str | None]):
    """A table for str.translate: each code point to its folded form, None where it is taken out."""

    def __missing__(self, code: int) -> str | None:
        folded = "".join(map(_fold, unicodedata.normalize("NFKC", chr(code)).lower())) or None
        if code < 0x30000:  # the planes above hold no text: not worth a place in the table
            self[code] = folded
        return folded


def _fold(character: str) -> str:
    character = _SIMPLIFIED.get(ord(character), character)
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return character if character.isalpha() or character == "\u3007" else ""


def is_ideograph(character: str) -> bool:
    """Return whether a character is a Han ideograph (or the ideographic zero)."""
    code = ord(character)
    return 0x3400 <= code < 0xA000 or 0x20000 <= code < 0x33480 or code == 0x3007


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Return the letters, ideographs and digits of a text: NFKC, lower case, simplified."""
    return text.translate(_FOLDING)
