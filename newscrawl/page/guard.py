"""Input that makes any standard HTML parser quadratic, made harmless before the parse.

The standard's tree construction looks through the stack of open elements again and again, and opens unclosed
formatting elements anew in every paragraph: 100,000 nested tags take minutes. No real page nests deeper than some
hundred elements, so what is deeper is opened no more; its text stays.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

#: Elements that may be open at once; deepest real page seen: 90.
MAX_DEPTH = 256
#: Formatting elements (b, font, a …) that may be open at once.
MAX_FORMATTING = 12
#: Pages with fewer tags, and fewer unclosed ones, are not looked at: their worst case is milliseconds.
TAGS_UNCHECKED = 2500
TAGS_UNSUSPECTED = 8000
UNCLOSED_UNCHECKED = 800
#: Longer pages are cut; the crawler takes 8 MiB.
MAX_CHARACTERS = 12_000_000

#: Longer tags are looked at: thousands of attributes on one element are quadratic too. Data URIs are long, but one.
LONGEST_TAG = 20_000
LENGTH_UNCHECKED = 150_000
MAX_ATTRIBUTES = 500

_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{20000,}")
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]{0,40})")
_RAW_END = {
    name: re.compile(rf"</{name}[\s/>]", re.IGNORECASE) for name in ("script", "style", "textarea", "title", "xmp")
}
#: Elements without content, and those that a sibling closes: they nest only by containers that are counted.
_ELEMENTS: dict[str, list[str]] = json.loads((Path(__file__).parent / "data" / "elements.json").read_text("utf-8"))
_UNCOUNTED = frozenset(_ELEMENTS["uncounted"])
_FORMATTING = frozenset(_ELEMENTS["formatting"])


def harmless(text: str) -> str:
    """Return a page that parses in linear time: the same text, with tags beyond MAX_DEPTH taken out."""
    if len(text) > MAX_CHARACTERS:
        text = text[:MAX_CHARACTERS]
    if len(text) > LENGTH_UNCHECKED and _has_long_stretch(text):
        text = _LONG_TAG.sub(_shortened, text)
    tags = text.count("<")
    if tags < TAGS_UNCHECKED or (tags < TAGS_UNSUSPECTED and tags - 2 * text.count("</") < UNCLOSED_UNCHECKED):
        return text
    return _flattened(text)


def _has_long_stretch(text: str) -> bool:
    """Tell whether LONGEST_TAG characters in a row hold no ">"; looks only at the end of each stretch."""
    position, end = 0, len(text) - LONGEST_TAG
    while position < end:
        found = text.rfind(">", position, position + LONGEST_TAG)
        if found < 0:
            return True
        position = found + 1
    return False


def _shortened(match: re.Match[str]) -> str:
    """Cut the attributes of a tag that has too many."""
    words = match.group().split(None, MAX_ATTRIBUTES)
    return words[0] if len(words) > MAX_ATTRIBUTES else match.group()


def without_plaintext(text: str) -> str:
    """Return a page whose <plaintext> tags, which nothing can close, are shown instead of obeyed."""
    return re.sub(r"<(?=/?plaintext)", "&lt;", text, flags=re.IGNORECASE)


def _flattened(text: str) -> str:
    """Copy the page without the start tags that nest too deep."""
    pieces: list[str] = []
    copied = position = depth = 0
    open_counts: dict[str, int] = {}
    formatting = 0
    while match := _TAG.search(text, position):
        position = match.end()
        name = match.group(2).lower()
        if match.group(1):
            if open_counts.get(name, 0) > 0:
                open_counts[name] -= 1
                depth -= 1
                formatting -= name in _FORMATTING
            continue
        if name in _RAW_END:
            end = _RAW_END[name].search(text, position)
            position = end.end() if end else len(text)
            continue
        if name in _UNCOUNTED:
            continue
        is_formatting = name in _FORMATTING
        if (
            depth >= MAX_DEPTH
            or (is_formatting and formatting >= MAX_FORMATTING)
            or open_counts.get(name, 0) >= MAX_DEPTH // 2
        ):
            pieces.append(text[copied : match.start()])
            closing = text.find(">", position, position + 2000)
            copied = position = closing + 1 if closing >= 0 else position
            continue
        open_counts[name] = open_counts.get(name, 0) + 1
        depth += 1
        formatting += is_formatting
    pieces.append(text[copied:])
    return "".join(pieces)
