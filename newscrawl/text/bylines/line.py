"""One credit line: the form in which it is matched, and the way back to the characters that stand on the page."""

from __future__ import annotations

import re

from newscrawl.text.bylines.tables import simplified

# A reading that a converter left behind a character (網(wǎng)), and characters without width.
_TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_REMOVED = re.compile(
    rf"(?<=[\u3400-\u9fff])\((?:[a-zü]{{0,5}}[{_TONES}][a-z]{{0,4}}|de|le|men|zi|ma|ne|ba|me|zhe)\)|[\u200b-\u200f\ufeff\u00ad]+"
)
#: A role in brackets of its own (【摄影】张三) is a label; the country of an author ([美]) says nothing here.
_BRACKETED = re.compile(
    r"(?<![^\s(),;|/、。！？])\((?P<role>[\u4e00-\u9fff]{0,4}?(?:记者|通讯员|作者|撰文|采写|摄影|图片|编辑|责编|校对|统筹|策划|来源|审核|实习生))\)(?=\s?\S)"
)
_COUNTRY = re.compile(
    r"\((?:美|英|法|德|日|俄|韩|加|澳|意|西|葡|荷|印|奥|瑞士|瑞典|挪威|印度|古希腊)\)(?=[\u3400-\u9fff]{1,8}[·. ])"
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
            key = _BRACKETED.sub(lambda match: " " + match["role"] + ":", key)
            key = _COUNTRY.sub(lambda match: " " * len(match[0]), key)
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
