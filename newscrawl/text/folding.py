"""Folding: the form of a text in which it is matched. Width, case, accents and script (traditional or not) fall away.

Folding goes code point by code point (NFKC, accents off, case folded, then traditional to simplified by table), so that
every place in the folded text points back to a place in the original: `fold_with_offsets`. The original is shown.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("data") / "folding.txt"


#: Marks of plain text and what they fold to; those that stay as they are.
_WIDE_MARKS = {"，": ",", "：": ":", "（": "(", "）": ")", "；": ";", "？": "?", "！": "!", "％": "%", "…": "..."}  # noqa: RUF001  what portals print
_STAYING_MARKS = "。、“”‘’《》〈〉「」『』【】—―·"


class _Folding(dict[int, str]):
    """A table for str.translate that works out each code point when it is first met."""

    def __init__(self, han: dict[str, str]) -> None:
        super().__init__()
        self.han = han

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code), self.han)
        return folded


def _fold_character(character: str, han: dict[str, str]) -> str:
    if _is_invisible(character):
        return ""
    decomposed = unicodedata.normalize("NFKD", character)
    bare = "".join(part for part in decomposed if not "\u0300" <= part <= "\u036f")
    # NFKC again after case folding: a few letters (such as U+1E9E) only come to rest then.
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", bare).casefold())
    return "".join(han.get(part, part) for part in folded)


def _is_invisible(character: str) -> bool:
    """Zero-width and soft characters, and variation selectors: they stand inside words without being seen."""
    code = ord(character)
    return unicodedata.category(character) == "Cf" or 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF


@cache
def _folding() -> _Folding:
    lines = _TABLE.read_text(encoding="utf-8").split("\n")
    return _Folding({line[0]: line[2] for line in lines if line})


@cache
def folding_version() -> str:
    """Return a short name of the folding in force; it changes with the table and with Python's Unicode version."""
    digest = hashlib.sha256(_TABLE.read_bytes()).hexdigest()[:12]
    return f"1-{digest}-{unicodedata.unidata_version}"


@cache
def _unusual() -> re.Pattern[str]:
    """Return a pattern of the characters that plain text does not have; traditional ideographs are among them."""
    ideographs = "".join(chr(code) for code in range(0x4E00, 0xA000) if chr(code) not in _folding().han)
    return re.compile(f"[^\n -~{''.join(_WIDE_MARKS)}{_STAYING_MARKS}{ideographs}]")


def is_plain(text: str) -> bool:
    """Tell whether a text has simplified ideographs, ASCII and the common marks only, as most pages do.

    Such a text is folded without a look at each character, which takes a quarter of the time.
    """
    return _unusual().search(text) is None


def fold(text: str) -> str:
    """Return the form of `text` in which it is matched.

    Lower case, half width, without accents, simplified characters, zero-width characters dropped; line ends and
    punctuation stay. Folding a folded text changes nothing. Any str is accepted.
    """
    if not is_plain(text):
        return text.translate(_folding())
    text = text.lower()
    for wide, narrow in _WIDE_MARKS.items():
        text = text.replace(wide, narrow)
    return text


def fold_with_offsets(text: str) -> tuple[str, list[int] | None]:
    """Return the folded text and, for each of its characters, the index in `text` it came from.

    The list has one entry more, the length of `text`. It is None where the indices are the same on both sides, which
    is the common case.
    """
    table = _folding()
    parts = [table[ord(character)] for character in text]
    folded = "".join(parts)
    if all(len(part) == 1 for part in parts):
        return folded, None
    offsets = [index for index, part in enumerate(parts) for _ in part]
    offsets.append(len(text))
    return folded, offsets
