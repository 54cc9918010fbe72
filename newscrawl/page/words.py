"""Words that tell page furniture from prose; they are in data/words.json."""

from __future__ import annotations

import json
import re
from pathlib import Path

_WORDS: dict[str, list[str]] = json.loads((Path(__file__).parent / "data" / "words.json").read_text("utf-8"))


def alternatives(name: str) -> str:
    """Return the words of a list as a regular expression, the longest first."""
    return "|".join(map(re.escape, sorted(_WORDS[name], key=len, reverse=True)))
