"""The character tables of restoration, read once, and the patterns made of them."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

_DATA = Path(__file__).parent.parent / "data"

HANZI_CLASS = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HANZI = re.compile(f"[{HANZI_CLASS}]")
HANZI_RUN = re.compile(f"[{HANZI_CLASS}]+")

#: Letters of pinyin, plain and with tone marks, as GBK has them and as Unicode composes them.
PINYIN_LETTERS = "a-zāáǎàēéěèêīíǐìōóǒòūúǔùǖǘǚǜüńňǹ\u0261\u0251"
#: A character and its reading in parentheses; a space may stand inside before the closing one, or follow.
ANNOTATION = re.compile(f"([{HANZI_CLASS}])([(（])([{PINYIN_LETTERS}]{{1,7}})( ?)([)）])")
#: The same, to tell whether there is any: a search for brackets is faster than one for all characters.
ANNOTATED = re.compile(f"[(（](?<=[{HANZI_CLASS}][(（])[{PINYIN_LETTERS}]{{1,7}} ?[)）]")
_SYLLABLE = re.compile(
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?"
    r"(?:a|o|e|ai|ei|ao|ou|an|en|ang|eng|er|ong|i|ia|ie|iao|iu|ian|in|iang|ing|iong|"
    r"u|ua|uo|uai|ui|uan|un|uang|ue|v|ve|van|vn)"
)


class Characters(NamedTuple):
    """Tables of characters: traditional forms, common ones, those a damaging table leaves, and readings.

    telling: pairs (simplified) that every writer of traditional Chinese has in another form than such a table.
    """

    traditional: frozenset[str]
    traditional_one: re.Pattern[str]
    traditional_run: re.Pattern[str]
    common: frozenset[str]
    retained: frozenset[str]
    telling: frozenset[str]
    readings: dict[str, str]
    read_as: dict[str, str]


@lru_cache(maxsize=1)
def characters() -> Characters:
    """Return the tables, read at the first call."""
    tables = json.loads((_DATA / "restore_characters.json").read_text(encoding="utf-8"))
    readings: dict[str, str] = {}
    read_as: dict[str, str] = {}
    for line in (_DATA / "restore_readings.tsv").read_text(encoding="utf-8").splitlines():
        reading, _, group = line.partition("\t")
        read_as[reading] = group
        readings.update(dict.fromkeys(group, reading))
    return Characters(
        traditional=frozenset(tables["traditional"]),
        traditional_one=re.compile(f"[{tables['traditional']}]"),
        traditional_run=re.compile(f"[{tables['traditional']}]+"),
        common=frozenset(tables["common"]),
        retained=frozenset(tables["retained"]),
        telling=frozenset(map("".join, zip(*[iter(tables["telling"])] * 2, strict=True))),
        readings=readings,
        read_as=read_as,
    )


@lru_cache(maxsize=4096)
def toneless(reading: str) -> str:
    """Return a reading without tone marks; ü becomes v."""
    plain = reading.replace("\u0261", "g").replace("\u0251", "a")
    letters = unicodedata.normalize("NFD", plain).replace("u\u0308", "v")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@lru_cache(maxsize=4096)
def is_syllable(reading: str) -> bool:
    """Tell whether a string of pinyin letters is one possible syllable of Mandarin."""
    return _SYLLABLE.fullmatch(toneless(reading)) is not None


@lru_cache(maxsize=16384)
def is_usual_reading(character: str, reading: str) -> bool:
    """Tell whether a machine would give this reading, with or without its tone, to a character."""
    usual = characters().readings.get(character)
    if usual is None:
        return False
    if reading == usual:
        return True
    plain = toneless(reading)
    return plain == reading.replace("ü", "v") and plain == toneless(usual)
