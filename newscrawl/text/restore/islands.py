"""Garbled islands: where a byte-level machine matched across the border of two characters and shifted GBK by a byte.

幸福”新圖景 became 幸?！毙聢D景: the bytes A3 A1 of 福” read as ！, what followed was paired anew, and the first byte
of 福 lost its partner ("?"). An island is cut out as bytes of which the one at its head, often the one at its end and
sometimes two within are unknown; a beam search fills them with what a model of news text finds most probable.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.text.restore.characters import HANZI_CLASS, PINYIN_LETTERS, characters, is_usual_reading
from newscrawl.text.restore.gbk import LEADS, TRAILS

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARKS = "，：；？！（）"
_FULL = dict(zip(",:;?!()" + _MARKS, _MARKS * 2, strict=True))
_ANCHOR = re.compile(
    rf"(?<![\s?])\?(?!\?\?\?)(?:\(?([{PINYIN_LETTERS}]{{1,6}})\)|([,:;?!()，：；？！（）])(?=[,:;!()]*(?:[^\x00-\x3e]|\?)))"
)
_READING = re.compile(rf"\(([{PINYIN_LETTERS}]{{1,6}}) ?\)")
_READING_LATE = re.compile(rf"\(?([{PINYIN_LETTERS}]{{1,6}}) ?\)")
_LATIN_READING = re.compile(rf"([^\x00-\x1f\x2d-\x39@-~])([@-~])\(([{PINYIN_LETTERS}]{{1,6}})\)")
_TAG_REST = re.compile(r"/?(?:p|br|div|span|strong|b|a|h\d|li|td|font|em|i|img)\b ?/?>")
_CHINESE = re.compile(f"[{HANZI_CLASS}“《]")
_LONGEST = 60

Unit = int | tuple[int, ...]


class Island(NamedTuple):
    """An island cut out of a text: where it stands and its bytes, a tuple where several are possible.

    reading: the reading that follows the last character, or None; open_end: a mark may have been eaten after it; tail:
    "?" where something else was eaten that nobody can know; line_end: it ends a line with an eaten byte.
    """

    start: int
    end: int
    units: list[Unit]
    reading: str | None
    open_end: bool
    tail: str = ""
    line_end: bool = False

    @property
    def after_reading(self) -> bool:
        """Tell whether the island begins behind a reading, not with a mark."""
        return self.units[0] is not LEADS


def find_islands(text: str) -> list[list[Island]]:
    """Return the islands of a text that the machine damaged, none overlapping, each with its possible ends."""
    found: list[list[Island]] = []
    last = 0
    for match in _ANCHOR.finditer(text):
        if match.start() < last:
            continue
        ends = list(_cut(text, match))
        if ends:
            found.append(ends)
            last = max(island.end for island in ends)
    return found


def _cut(text: str, match: re.Match[str]) -> Iterator[Island]:
    """Yield the islands that may begin with a "?" and a reading or a mark, one for each possible end."""
    start, place = match.span()
    units: list[Unit] = [_leads_after(text, start, match[1])] if match[1] else [LEADS]
    if not units[0]:
        return
    if match[2]:
        units += _FULL[match[2]].encode("gbk")
    limit = min(len(text), place + _LONGEST)
    while place < limit:
        sign = text[place]
        if sign == "?":
            yield _ended(text, start, place, units)
            return
        if sign == "€" or "@" <= sign <= "~":
            units.append(0x80 if sign == "€" else ord(sign))
            reading = _READING.match(text, place + 1)
            end = reading.end() if reading else place + 1
            yield Island(start, end, units, reading[1] if reading else None, open_end=False)
            return
        code = two_bytes(_FULL.get(sign, sign))
        if not code:
            return
        place += 1
        if code[1:].isalpha() and text[place : place + 1].isascii() and text[place : place + 1].isalnum():
            # the second byte may be a Latin letter that stood there
            yield Island(start, place, [*units, code[0]], None, open_end=False, tail=chr(code[1]))
        units += code
        reading = _READING.match(text, place)
        if reading and is_usual_reading(sign, reading[1]):
            place = reading.end()


def _leads_after(text: str, place: int, reading: str) -> tuple[int, ...]:
    """Return the bytes that may stand behind the character before `place`, which with its last byte is read so."""
    before = text[max(0, place - 12) : place]
    if before.endswith(")"):
        before = before[: before.rfind("(")]
    trail = before[-1:].encode("gbk", "ignore")[-1:]
    forms = characters().traditional
    same = (
        character.encode("gbk", "ignore") for character in characters().read_as.get(reading, "") if character in forms
    )
    return tuple(code[1] for code in same if len(code) == 2 and code[:1] == trail and code[1] > 0x80)


def _ended(text: str, start: int, place: int, units: list[Unit]) -> Island:
    """Close an island with the "?" at `place`, which hides its last byte and perhaps what followed it."""
    reading = _READING_LATE.match(text, place + 1)
    units.append(TRAILS)
    if reading:
        return Island(start, reading.end(), units, reading[1], open_end=False)
    tag = _TAG_REST.match(text, place + 1)
    if tag:
        return Island(start, tag.end(), units, None, open_end=False)
    following = text[place + 1 : place + 2]
    tail = "" if not following or following in _FULL or following == "\n" else "?"
    if _CHINESE.match(following):
        return Island(start, place + 1, units, None, open_end=True)
    return Island(start, place + 1, units, None, open_end=False, tail=tail, line_end=following == "\n")


def latin_readings(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of readings that stand behind a Latin letter: with the byte before it, it made a character."""
    for match in _LATIN_READING.finditer(text):
        code = two_bytes(_FULL.get(match[1], match[1]))[-1:] + match[2].encode()
        character = code.decode("gbk", "ignore")
        if character in characters().traditional and is_usual_reading(character, match[3]):
            yield match.end(2), match.end()


def two_bytes(sign: str) -> bytes:
    """Return the GBK code of a character; of some symbols only GB 18030 knows the two bytes."""
    code = sign.encode("gb18030", "ignore")
    return code if len(code) == 2 else b""
