"""A small character trigram model of simplified news text, for judging what a garbled passage may have been.

The counts lie in one hash table (16 bits of fingerprint and 4 of logarithmic count a slot), so that loading is
reading a file and the table stays small. It is made by `tests/bench/make_restore_data.py`.
"""

from __future__ import annotations

import json
import re
import struct
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAGIC = b"NGR1"
_MOST_REMEMBERED = 300_000
_MIXER = 0x9E3779B97F4A7C15
SENTINEL = "\x02"
_FOLD = str.maketrans(dict(zip(",:;?!()", "，：；？！（）", strict=True)))
_DIGITS = re.compile(r"[0-9\uff10-\uff19]+")
_LATIN = re.compile(r"[A-Za-z\uff21-\uff3a\uff41-\uff5a]+")
_SPACES = re.compile(r"[ \t\r\f\v\u3000\xa0]+")
#: The counts that the table can tell apart.
LEVELS = (1, 2, 3, 4, 6, 9, 13, 20, 32, 56, 100, 200, 450, 1100, 3000, 10000)


def normalise(text: str) -> str:
    """Return the text as the model sees it: numbers "0", Latin words "a", no spaces, full-width punctuation."""
    text = _DIGITS.sub("0", _LATIN.sub("a", _SPACES.sub("", text)))
    return text.translate(_FOLD)


def gram_key(numbers: Sequence[int]) -> int:
    """Return the key of a pair or a triple of character numbers (below 8192)."""
    if len(numbers) == 2:
        return 1 << 39 | numbers[0] << 13 | numbers[1]
    return numbers[0] << 26 | numbers[1] << 13 | numbers[2]


def slot_and_mark(key: int, slots: int) -> tuple[int, int]:
    """Return the first slot of a key in a table of `slots`, and its fingerprint, 1 to 65535."""
    code = key * _MIXER & 0xFFFFFFFFFFFFFFFF
    return (code >> 32) * slots >> 32, (code >> 12 & 0xFFFF) or 1


def unseen_weight(seen: int) -> float:
    """Return the weight of the shorter context beside one seen so often: about as many as different characters
    follow it, so that a frequent context does not rule out what it was never followed by."""
    return 0.5 + 6.0 * float(seen**0.65)


class LanguageModel:
    """Interpolated trigram probabilities over the packed counts."""

    def __init__(self, packed: bytes) -> None:
        """Read a packed model; raises ValueError where the bytes are none."""
        if packed[:4] != MAGIC:
            raise ValueError("not a packed n-gram model")
        slots = self._slots = int.from_bytes(packed[4:8], "little")
        start = 12 + int.from_bytes(packed[8:12], "little")
        ones: dict[str, int] = json.loads(packed[12:start])
        self._number = {character: number for number, character in enumerate(ones)}
        self._ones = list(ones.values())
        self._marks = struct.unpack_from(f"<{slots}H", packed, start)
        self._levels = packed[start + 2 * slots :]
        self._total = sum(self._ones)
        self._counts: dict[int, int] = {}

    def knows(self, character: str, least: int = 5) -> bool:
        """Tell whether a character occurs at least so often in the texts that the model was made of."""
        number = self._number.get(character)
        return number is not None and self._ones[number] >= least

    def _count(self, key: int) -> int:
        """Return the count of a pair or triple, roughly; 0 where it was pruned or never seen."""
        known = self._counts.get(key)
        if known is not None:
            return known
        if len(self._counts) > _MOST_REMEMBERED:
            self._counts.clear()
        count = self._counts[key] = self._look_up(key)
        return count

    def _look_up(self, key: int) -> int:
        slot, mark = slot_and_mark(key, self._slots)
        marks = self._marks
        while found := marks[slot]:
            if found == mark:
                return LEVELS[self._levels[slot >> 1] >> 4 * (slot & 1) & 15]
            slot += 1
            if slot == self._slots:
                slot = 0
        return 0

    def probabilities(self, before: str, candidates: Iterable[str]) -> list[float]:
        """Return P(candidate | the two characters before) for each candidate character."""
        number, count = self._number, self._count
        first, second = number.get(before[0], -1), number.get(before[1], -1)
        seen = self._ones[second] if second >= 0 else 0
        pair_weight = unseen_weight(seen)
        pair_total = seen + pair_weight
        seen = count(gram_key((first, second))) if first >= 0 and second >= 0 else 0
        triple_weight = unseen_weight(seen)
        triple_total = seen + triple_weight
        pair_base, triple_base = 1 << 39 | second << 13, first << 26 | second << 13
        values: list[float] = []
        ones, known, per_one = self._ones, self._counts.get, pair_weight / self._total
        for candidate in candidates:
            own = number.get(candidate, -1)
            if own < 0:
                values.append(0.05 / self._total * pair_weight / pair_total * triple_weight / triple_total)
                continue
            pairs = 0
            if second >= 0 and (pairs := known(pair_base | own, -1)) < 0:
                pairs = count(pair_base | own)
            value = (pairs + per_one * ones[own]) / pair_total
            triples = count(triple_base | own) if seen and pairs else 0
            values.append(min(1.0, (triples + triple_weight * value) / triple_total))
        return values


@lru_cache(maxsize=1)
def language_model() -> LanguageModel:
    """Return the packaged model, read once."""
    path = Path(__file__).parent.parent / "data" / "restore_ngrams.bin"
    return LanguageModel(path.read_bytes())
