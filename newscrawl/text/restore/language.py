"""A small character trigram model of simplified news text, for judging what a garbled passage may have been.

The counts lie in one hash table of 16-bit slots (10 bits of fingerprint, 6 of logarithmic count), so that loading is
reading a file and the table stays small. It is made by `tests/bench/make_restore_data.py`.
"""

from __future__ import annotations

import json
import math
import re
from functools import lru_cache
from pathlib import Path
from zlib import crc32

MAGIC = b"NGR1"
SENTINEL = "\x02"
_FOLD = str.maketrans({half: full for half, full in zip(",:;?!()", "，：；？！（）", strict=True)})
_DIGITS = re.compile(r"[0-9０-９]+")
_LATIN = re.compile(r"[A-Za-zＡ-Ｚａ-ｚ]+")
_SPACES = re.compile(r"[ \t\r\f\v\u3000\xa0]+")
_TRIGRAM_PRIOR = 4.0
_BIGRAM_PRIOR = 20.0


def normalise(text: str) -> str:
    """Return the text as the model sees it: numbers "0", Latin words "a", no spaces, full-width punctuation."""
    text = _DIGITS.sub("0", _LATIN.sub("a", _SPACES.sub("", text)))
    return text.translate(_FOLD)


def fingerprint_slot(gram: str, slots: int) -> tuple[int, int]:
    """Return the first slot of an n-gram in a table of `slots`, and its 10-bit fingerprint."""
    code = crc32(gram.encode("utf-16-le", "surrogatepass")) * 0x9E3779B1 & 0xFFFFFFFFFF
    return (code >> 10) % slots, code & 0x3FF


class LanguageModel:
    """Interpolated trigram probabilities over the packed counts."""

    def __init__(self, packed: bytes) -> None:
        """Read a packed model; raises ValueError where the bytes are none."""
        if packed[:4] != MAGIC:
            raise ValueError("not a packed n-gram model")
        self._slots = int.from_bytes(packed[4:8], "little")
        start = 12 + int.from_bytes(packed[8:12], "little")
        self._ones: dict[str, int] = json.loads(packed[12:start])
        self._table = packed[start:]
        self._total = sum(self._ones.values())
        self._seen: dict[str, float] = {}

    def count(self, gram: str) -> float:
        """Return the count of a pair or triple, to within a twelfth; 0.0 where it was pruned or never seen."""
        slot, mark = fingerprint_slot(gram, self._slots)
        table = self._table
        while value := table[2 * slot] | table[2 * slot + 1] << 8:
            if value >> 6 == mark:
                return float(2.0 ** (((value & 63) - 1) / 4))
            slot = (slot + 1) % self._slots
        return 0.0

    def log_probability(self, before: str, character: str) -> float:
        """Return the natural logarithm of P(character | the two characters before it)."""
        gram = before + character
        known = self._seen.get(gram)
        if known is not None:
            return known
        ones = self._ones
        single = (ones.get(character, 0) + 0.05) / self._total
        pair = (self.count(gram[1:]) + _BIGRAM_PRIOR * single) / (ones.get(before[1:], 0) + _BIGRAM_PRIOR)
        triple = (self.count(gram) + _TRIGRAM_PRIOR * pair) / (self.count(before) + _TRIGRAM_PRIOR)
        if len(self._seen) > 500_000:
            self._seen.clear()
        value = self._seen[gram] = math.log(min(1.0, triple))
        return value

    def score(self, text: str, *, before: str = SENTINEL * 2) -> float:
        """Return the log probability of a normalised text after two known characters."""
        total = 0.0
        for character in text:
            total += self.log_probability(before, character)
            before = before[1:] + character
        return total


@lru_cache(maxsize=1)
def language_model() -> LanguageModel:
    """Return the packaged model, read once."""
    path = Path(__file__).parent.parent / "data" / "restore_ngrams.bin"
    return LanguageModel(path.read_bytes())
