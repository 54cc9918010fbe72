"""Pages that are not in Chinese: handed to trafilatura where it is installed (an optional extra)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_CHINESE = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u0400-\u04ff]")
#: Characters looked at.
SAMPLE = 3000
#: Longest page that is handed on, in characters; trafilatura is slow and not linear on nested markup.
MAX_CHARACTERS = 600_000


def is_foreign(text: str) -> bool:
    """Tell whether a text is written in Latin or Cyrillic letters with next to no Chinese."""
    sample = text[:SAMPLE]
    if _CHINESE.search(sample[:40]):
        return False
    letters = len(_LATIN.findall(sample))
    return letters > 200 and len(_CHINESE.findall(sample)) * 20 < letters


def foreign_body(source: str, url: str) -> str:
    """Return the body as trafilatura finds it; "" where it is not installed or finds none."""
    extract = _extractor()
    if extract is None or len(source) > MAX_CHARACTERS:
        return ""
    return extract(source, url)


@lru_cache(maxsize=1)
def _extractor() -> Callable[[str, str], str] | None:
    try:
        from trafilatura import extract
    except ImportError:
        return None

    def run(source: str, url: str) -> str:
        return extract(source, url=url or None, include_comments=False) or ""

    return run
