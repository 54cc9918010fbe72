"""What the class and id of an element say about its part in the page; the words are in data/marks.json."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

HINT_NOISE = 1
HINT_BODY = 2
HINT_META = 4
HINT_TITLE = 8
HINT_CRUMB = 16
HINT_CAPTION = 32

_MARKS: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "marks.json").read_text("utf-8"))
_FAMILY_MARKS: dict[str, list[str]] = {name: family["body"] for name, family in _MARKS["families"].items()}
_FAMILY_PATHS = {name: re.compile(family["url"]) for name, family in _MARKS["families"].items()}
_BODY = frozenset(_MARKS["body"]).union(*_FAMILY_MARKS.values())
_HINTS: dict[str, int] = {}
for _list, _bit in {
    "noise_words": HINT_NOISE,
    "meta_words": HINT_META,
    "title_words": HINT_TITLE,
    "crumb_words": HINT_CRUMB,
    "caption_words": HINT_CAPTION,
}.items():
    _HINTS |= {word: _HINTS.get(word, 0) | _bit for word in _MARKS[_list]}
_NOISE_PART = re.compile("|".join(map(re.escape, _MARKS["noise_parts"])))
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SEPARATOR = re.compile(r"[\s_:./-]+|(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])")


@lru_cache(maxsize=16384)
def hint_of(names: str) -> int:
    """Return the hints (a sum of HINT_* bits) that the class names and id of an element give, 0 for none."""
    hint = 0
    for name in names[:300].split():
        hint |= _hint_of_one(name)
    return hint & ~HINT_NOISE if hint & HINT_BODY else hint


@lru_cache(maxsize=16384)
def _hint_of_one(name: str) -> int:
    """Return the hints of one class name: of the whole, of the words it is made of, of what stands anywhere in it."""
    lowered = name.lower()
    hint = _HINTS.get(lowered, 0)
    if not (name.isalpha() and name.islower()):
        for word in _SEPARATOR.split(_CAMEL.sub(" ", name).lower()):
            hint |= _HINTS.get(word, 0)
    if lowered in _BODY:
        hint |= HINT_BODY
    if _NOISE_PART.search(lowered):
        hint |= HINT_NOISE
    return hint


def family_of(names: str, url: str) -> str:
    """Return the name of the content management system (or of the portal whose style is copied), "" where unknown.

    names: class names and id of the body's box and of those around it; url: the page's address. Marks count before
    the address.
    """
    words = set(names.lower().split())
    for family, marks in _FAMILY_MARKS.items():
        if not words.isdisjoint(marks):
            return family
    return next((family for family, path in _FAMILY_PATHS.items() if path.search(url)), "")
