"""Readings that a mirror wrote in parentheses behind characters: 學(xué), 會(hui) , 著(zhù )."""

from __future__ import annotations

import re
from typing import NamedTuple

from newscrawl.text.restore.characters import (
    ANNOTATION,
    HANZI_CLASS,
    characters,
    is_syllable,
    is_usual_reading,
)

_BEFORE = re.compile(f"[{HANZI_CLASS})）“]")
_SAMPLE = 20_000
_MOST_KINDS = 60


class Annotation(NamedTuple):
    """A reading behind a character: the place of the character, the character, the reading, the end."""

    place: int
    character: str
    reading: str
    end: int


class Reading(NamedTuple):
    """What the annotations of a text look like when they are taken together.

    machine: common characters with their usual reading; kinds: how many different ones; traditional: traditional forms;
    consecutive: right behind another annotation; inside: within a run of Chinese; steady: share of the occurrences of
    these characters that are annotated.
    """

    found: list[Annotation]
    machine: int
    kinds: int
    traditional: int
    consecutive: int
    inside: int
    steady: float


def find_annotations(text: str, *, spaced: bool = False) -> list[Annotation]:
    """Return every annotation of a text whose reading is a possible syllable; none overlap.

    spaced: a space behind the closing parenthesis is part of the annotation.
    """
    found: list[Annotation] = []
    for match in ANNOTATION.finditer(text):
        if not is_syllable(match[3]):
            continue
        end = match.end()
        if spaced and not match[4] and text[end : end + 1] == " ":
            end += 1
        found.append(Annotation(match.start(), match[1], match[3], end))
    return found


def has_spaces(text: str, found: list[Annotation]) -> bool:
    """Tell whether the machine wrote a space behind each annotation: nearly every one has it."""
    return 5 * sum(text[item.end : item.end + 1] == " " for item in found) >= 4 * len(found) > 0


def weigh(text: str, found: list[Annotation]) -> Reading:
    """Count what tells a machine from an author: common characters with their usual readings in running text."""
    tables = characters()
    machine = traditional = consecutive = inside = 0
    kinds: set[str] = set()
    for index, item in enumerate(found):
        is_traditional = item.character in tables.traditional
        traditional += is_traditional
        common = is_traditional or item.character in tables.common
        if common and is_usual_reading(item.character, item.reading):
            machine += 1
            kinds.add(item.character)
        if index and found[index - 1].end >= item.place:
            consecutive += 1
        if item.place and _BEFORE.match(text[item.place - 1]):
            inside += 1
    sample = text[:_SAMPLE]
    occurrences = sum(map(sample.count, sorted(kinds)[:_MOST_KINDS]))
    annotated = sum(item.place < _SAMPLE and item.character in kinds for item in found)
    steady = min(1.0, annotated / occurrences) if occurrences else 0.0
    return Reading(found, machine, len(kinds), traditional, consecutive, inside, steady)
