"""One credit line: the form in which it is matched, and the way back to the characters that stand on the page."""

from __future__ import annotations

import re

from newscrawl.text.bylines.tables import simplified

# A reading that a converter left behind a character (網(wǎng)), and characters without width.
_TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_REMOVED = re.compile(
    rf"(?<=[\u3400-\u9fff])\((?:[a-zü]{{0,5}}[{_TONES}][a-z]{{0,4}}|de|le|men|zi|ma|ne|ba|me|zhe)\)|[\u200b-\u200f\ufeff\u00ad]+"
)
_LOST = re.compile(r"\?{2,}")
_WIDE = {code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1B), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_WIDE[0x3000] = " "


class Line:
    """A line and its key: simplified characters, half width, without readings. Offsets are those of the key."""

    __slots__ = ("_offsets", "_raw", "key")

    def __init__(self, raw: str) -> None:
        key = raw.translate(simplified())
        self._raw = raw
        self._offsets: list[int] | None = None
        if "(" in key or not key.isprintable():
            key = self._without_readings(key)
        if "??" in key:
            key = _LOST.sub(lambda match: " " * len(match[0]), key)
        self.key = key.replace("报导", "报道")

    def _without_readings(self, key: str) -> str:
        kept: list[str] = []
        offsets: list[int] = []
        position = 0
        for match in _REMOVED.finditer(key):
            kept.append(key[position : match.start()])
            offsets.extend(range(position, match.start()))
            position = match.end()
        if not position:
            return key
        kept.append(key[position:])
        offsets.extend(range(position, len(key)))
        offsets.append(len(key))
        self._offsets = offsets
        return "".join(kept)

    def original(self, start: int, end: int) -> str:
        """Return what stands on the page for key[start:end], digits and letters in half width."""
        if end <= start:
            return ""
        if self._offsets is not None:
            start, end = self._offsets[start], self._offsets[end]
        return self._raw[start:end].translate(_WIDE).strip()
