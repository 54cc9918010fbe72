"""What is left of a text when script, width, case, punctuation and layout no longer count."""

from __future__ import annotations

import re
import unicodedata

from newscrawl.text.folding import fold, is_plain

_PLAIN_LETTERS = re.compile("[0-9a-z\u4e00-\u9fff]+")


class _Characters(dict[int, str | None]):
    """A table for str.translate that fills itself: each code point to its letters, None where it has none."""

    def __missing__(self, code: int) -> str | None:
        kept = "".join(map(_character, fold(chr(code)))) or None
        if code < 0x30000:  # the planes above hold no text: not worth a place in the table
            self[code] = kept
        return kept


def _character(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return character if character.isalpha() or character == "\u3007" else ""


def is_ideograph(character: str) -> bool:
    """Return whether a character is a Han ideograph (or the ideographic zero)."""
    code = ord(character)
    return 0x3400 <= code < 0xA000 or 0x20000 <= code < 0x33480 or code == 0x3007


_CHARACTERS = _Characters()


def letters(text: str) -> str:
    """Return the letters, ideographs and digits of a text, folded as for search: lower case, simplified, no accents."""
    if is_plain(text):
        return "".join(_PLAIN_LETTERS.findall(text.lower()))
    return text.translate(_CHARACTERS)
