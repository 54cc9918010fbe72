"""What happened to a text: the decision that comes before any change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.text.restore.annotations import Reading, find_annotations, weigh
from newscrawl.text.restore.script import Orthography, orthography, orthography_by_counts, traditional_share

if TYPE_CHECKING:
    from newscrawl.text.restore.result import Verdict

#: A text with less than this share of traditional forms is a simplified text with names or quotations in it.
_TRADITIONAL_SHARE = 0.12
#: Below this many characters the script alone decides nothing.
_LEAST_SCRIPT_TEXT = 240
#: So many usual readings on common characters that the script need not be weighed carefully.
_TELLING_READINGS = 8
_TABLE_SIGNS = frozenset("麵隻曆係製鬆壹貳叁叄")
_WRITERS_QUOTES = re.compile("[「『」』]")


class Diagnosis(NamedTuple):
    """The verdict on a text, its confidence, and what it rests on."""

    verdict: Verdict
    confidence: float
    reading: Reading | None = None
    found: Orthography | None = None


def diagnose(text: str) -> Diagnosis:
    """Decide whether a text is clean, traditional by its author, or what a mirror made of it."""
    annotated = find_annotations(text)
    traditional, hanzi = traditional_share(text)
    is_traditional = traditional >= 3 and traditional > _TRADITIONAL_SHARE * hanzi
    if not annotated and not is_traditional:
        return Diagnosis("clean", 1.0)
    reading = weigh(text, annotated)
    counted = orthography_by_counts if reading.machine >= _TELLING_READINGS else orthography
    found = counted(text) if is_traditional else None
    if annotated:
        if found is None:
            return _simplified_with_readings(reading, text)
        diagnosis = _traditional_with_readings(reading, found, hanzi)
        if diagnosis is not None:
            return diagnosis
    if found is None:
        return Diagnosis("clean", 1.0)
    return _script(orthography(text) if counted is orthography_by_counts else found, text)


def _is_running_text(reading: Reading) -> bool:
    """Tell whether the annotations are a machine's: scattered in sentences, not in a list, on each character of a
    lesson or at the first occurrence only."""
    number = len(reading.found)
    steady = reading.steady >= 0.5 or number >= 8
    return steady and 2 * reading.consecutive <= number and 2 * reading.inside >= number


def _simplified_with_readings(reading: Reading, text: str) -> Diagnosis:
    """Judge readings in simplified text: a machine's are many, usual, on common characters."""
    number = len(reading.found)
    if reading.machine < 5:
        return Diagnosis("clean", 0.9)
    # at random places a machine meets rarer characters too
    usual = 0.75 if number >= 10 else 0.9
    sure = reading.machine >= usual * number and reading.kinds >= 3 and _is_running_text(reading)
    if sure and 12 * number <= 2 * len(text):
        return Diagnosis("mirror-pinyin", min(1.0, 0.6 + 0.04 * reading.machine), reading)
    return Diagnosis("unsure", 0.5)


def _traditional_with_readings(reading: Reading, found: Orthography, hanzi: int) -> Diagnosis | None:
    """Judge readings in traditional text; None leaves the decision to the script."""
    number = len(reading.found)
    if reading.machine >= 3 and reading.machine >= 0.8 * number:
        if number <= 0.4 * hanzi and _is_running_text(reading):
            return Diagnosis("mirror-pinyin", min(1.0, 0.7 + 0.05 * reading.machine), reading, found)
        return Diagnosis("unsure", 0.5)
    if reading.machine and reading.machine == number and found.retained > 2 * found.written:
        return Diagnosis("mirror-pinyin", 0.7, reading, found)
    return None


def _is_of_a_table(words: frozenset[str]) -> bool:
    """Tell whether words that nobody writes so (方麵, 隻有) are too many and too different for a slip or a pun."""
    kinds = {sign for word in words for sign in word if sign in _TABLE_SIGNS}
    return len(words) >= 3 or (len(words) == 2 and len(kinds) == 2)


def _is_modern(text: str) -> bool:
    """Tell whether a text has the particles of modern Chinese: in classical Chinese 于, 后, 云 and 余 are at home."""
    return sum(map(text.count, "的了個們這會對")) * 150 >= len(text)


def _script(found: Orthography, text: str) -> Diagnosis:
    """Judge traditional text without a machine's readings by its orthography.

    A name or a variant explains single retained characters; one within a common word, beside not a single
    traditional counterpart in so long a text, only a table does. Quotation marks as 「」 speak for a writer.
    """
    against = found.written
    evidence = found.retained + found.overdone
    weight = 2 * found.in_words + found.uses + found.overdone
    needed = 2 if found.in_words else 3 if found.kinds >= 2 else 4
    if _WRITERS_QUOTES.search(text):
        needed += 4
    convinced = weight >= needed and evidence >= 4 * against and (found.kinds >= 2 or not against)
    if (convinced or _is_of_a_table(found.table_words)) and _is_modern(text):
        if len(text) >= _LEAST_SCRIPT_TEXT:
            return Diagnosis("mirror-script", _confidence(evidence), None, found)
        return Diagnosis("unsure", 0.5)
    if evidence > against:
        return Diagnosis("unsure", 0.4)
    return Diagnosis("traditional", _confidence(against))


def _confidence(marks: int) -> float:
    """Return how sure so many marks of one orthography make."""
    return min(1.0, 0.6 + 0.05 * marks)
