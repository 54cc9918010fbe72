"""A small character trigram model of simplified news text, for judging what a garbled passage may have been.

Interpolated Kneser-Ney smoothing (Chen and Goodman, 1999) over counts that lie in a few columns, packed by
`tests/bench/make_restore_data.py`. A trigram is kept as the rank of its last character among those that follow its
second one, so that two million of them stay below three megabytes.
"""

from __future__ import annotations

import lzma
import re
import sys
from array import array
from functools import lru_cache
from itertools import accumulate
from operator import mul
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAGIC = b"NGR2"
SENTINEL = "\x02"
_FOLD = str.maketrans(dict(zip(",:;?!()", "，：；？！（）", strict=True)))
_DIGITS = re.compile(r"[0-9\uff10-\uff19]+")
_LATIN = re.compile(r"[A-Za-z\uff21-\uff3a\uff41-\uff5a]+")
_SPACES = re.compile(r"[ \t\r\f\v\u3000\xa0]+")
#: The counts that the table can tell apart.
LEVELS = (1, 2, 3, 4, 6, 9, 13, 20, 32, 56, 100, 200, 450, 1100, 3000, 10000)
#: What is taken from counts of 1, 2 and more and given to what was never seen, for pairs and for triples.
DISCOUNTS = ((0.67, 1.10, 1.52), (0.72, 1.14, 1.46))
#: The count that a character is given which the model has never met.
_UNKNOWN = 0.05
_MOST_REMEMBERED = 300_000
#: What is seen after a context that the model has never met: nothing, all is left to the shorter one.
_NOTHING: tuple[dict[int, float], float] = ({}, 1.0)


def normalise(text: str) -> str:
    """Return the text as the model sees it: numbers "0", Latin words "a", no spaces, full-width punctuation."""
    text = _DIGITS.sub("0", _LATIN.sub("a", _SPACES.sub("", text)))
    return text.translate(_FOLD)


def pack_columns(columns: Sequence[bytes]) -> bytes:
    """Return the bytes of a model file: each column compressed, its length before it."""
    packed = [lzma.compress(column, format=lzma.FORMAT_ALONE, preset=9 | lzma.PRESET_EXTREME) for column in columns]
    return MAGIC + b"".join(len(column).to_bytes(4, "little") + column for column in packed)


def split_halves(numbers: array[int]) -> tuple[bytes, bytes]:
    """Return the low and the high bytes of 16-bit numbers, which pack better apart."""
    data = numbers.tobytes()
    low, high = data[0::2], data[1::2]
    return (low, high) if sys.byteorder == "little" else (high, low)


def _join_halves(low: bytes, high: bytes) -> array[int]:
    data = bytearray(2 * len(low))
    data[0::2], data[1::2] = (low, high) if sys.byteorder == "little" else (high, low)
    numbers = array("H")
    numbers.frombytes(data)
    return numbers


def _columns(packed: bytes) -> Iterator[bytes]:
    if packed[:4] != MAGIC:
        raise ValueError("not a packed n-gram model")
    place = 4
    while place < len(packed):
        start = place + 4
        place = start + int.from_bytes(packed[place:start], "little")
        yield lzma.decompress(packed[start:place], format=lzma.FORMAT_ALONE)


def _discounted(discounts: tuple[float, ...]) -> tuple[list[float], list[float]]:
    """Return what each level's count keeps, and what is taken from it."""
    taken = [discounts[min(count, 3) - 1] for count in LEVELS]
    return [count - part for count, part in zip(LEVELS, taken, strict=True)], taken


class Candidates(NamedTuple):
    """Characters by their numbers in the model: in which places of a list each stands, and the commonest first."""

    places: dict[int, list[int]]
    commonest: list[int]


class LanguageModel:
    """Interpolated trigram probabilities over the packed counts."""

    def __init__(self, packed: bytes) -> None:
        """Read a packed model; raises ValueError where the bytes are none.

        Columns: the characters, commonest first; how often each occurs and after how many others; how many follow
        each; these followers, commonest first; how many triples begin with each pair; the ranks of their last
        characters; the levels of pairs and of triples.
        """
        words, seen, preceding, *rest = _columns(packed)
        characters = words.decode()
        self._number = {character: number for number, character in enumerate(characters)}
        self._seen = array("I", [int(number) for number in seen.split()])
        weights = [int(number) for number in preceding.split()]
        total = sum(weights)
        # the last place, also -1, is that of every unknown character
        self._ones = [weight / total for weight in (*weights, _UNKNOWN)]
        numbers = _join_halves(rest[0], rest[1])
        self._pair_starts = array("I", accumulate(numbers, initial=0))
        # one object a number, however often it occurs: the tables made of them stay small
        shared = list(range(len(weights)))
        self._followers = [shared[number] for number in _join_halves(rest[2], rest[3])]
        self._triple_starts = array("I", accumulate(_join_halves(rest[4], rest[5]), initial=0))
        self._ranks = _join_halves(rest[6], rest[7])
        self._pair_levels, self._triple_levels = rest[8], rest[9]
        self._pair_kept, self._pair_taken = _discounted(DISCOUNTS[0])
        self._triple_kept, self._triple_taken = _discounted(DISCOUNTS[1])
        self._pairs: dict[int, tuple[dict[int, float], float]] = {}
        self._triples: dict[tuple[int, int], tuple[dict[int, float], float]] = {}
        self._remembered = 0

    def knows(self, character: str, least: int = 5) -> bool:
        """Tell whether a character occurs at least so often in the texts that the model was made of."""
        number = self._number.get(character)
        return number is not None and self._seen[number] >= least

    def number(self, character: str) -> int:
        """Return the number of a character, -1 for one that the model does not know."""
        return self._number.get(character, -1)

    def _after_one(self, one: int) -> tuple[dict[int, float], float]:
        """Return the characters seen after a character, with the shares of their counts, and the share of others."""
        known = self._pairs.get(one)
        if known is None:
            start, end = self._pair_starts[one : one + 2] if one >= 0 else (0, 0)
            shares, others = _shares(self._pair_levels[start:end], self._pair_kept, self._pair_taken)
            known = self._pairs[one] = dict(zip(self._followers[start:end], shares, strict=True)), others
        return known

    def _after_two(self, one: int, two: int) -> tuple[dict[int, float], float]:
        """Return the same after two characters, of which the first is seen before the second."""
        known = self._triples.get((one, two))
        if known is None:
            followers = self._followers
            first, end = self._pair_starts[one : one + 2] if one >= 0 else (0, 0)
            try:
                place = followers.index(two, first, end)
            except ValueError:
                place = -1
            start, end = self._triple_starts[place : place + 2] if place >= 0 else (0, 0)
            known = _NOTHING
            if start < end:
                shares, others = _shares(self._triple_levels[start:end], self._triple_kept, self._triple_taken)
                last = self._pair_starts[two]
                places = [followers[last + rank] for rank in self._ranks[start:end]]
                known = dict(zip(places, shares, strict=True)), others
            self._remembered += end - start + 5
            if self._remembered > _MOST_REMEMBERED:
                self._triples.clear()
                self._remembered = end - start
            self._triples[one, two] = known
        return known

    def probability(self, before: str, character: str) -> float:
        """Return P(character | the two characters before)."""
        number = self._number.get
        first, second, own = number(before[0], -1), number(before[1], -1), number(character, -1)
        pairs, other = self._after_one(second)
        triples, others = self._after_two(first, second)
        return triples.get(own, 0.0) + others * (pairs.get(own, 0.0) + other * self._ones[own])

    def likely(self, before: str, candidates: Candidates, within: float) -> dict[int, float]:
        """Return P(candidate | the two characters before) by number; those below `within` of the likeliest may lack."""
        number = self._number.get
        first, second = number(before[0], -1), number(before[1], -1)
        pairs, other = self._after_one(second)
        triples, others = self._after_two(first, second)
        ones, triple, rest = self._ones, triples.get, others * other
        wanted = candidates.places.keys()
        found = {own: triple(own, 0.0) + others * pairs[own] + rest * ones[own] for own in pairs.keys() & wanted}
        for own in triples.keys() & wanted:
            if own not in found:
                found[own] = triples[own] + rest * ones[own]
        least = max(found.values(), default=0.0) * within
        for own in candidates.commonest:
            value = rest * ones[own]
            if value < least:
                break
            if own not in found:
                found[own] = value
                if not least:
                    least = value * within
        return found

    def candidates(self, characters: Sequence[str]) -> Candidates:
        """Return some characters, as the model sees them, ready to be compared."""
        places: dict[int, list[int]] = {}
        for place, character in enumerate(characters):
            places.setdefault(self._number.get(character, -1), []).append(place)
        return Candidates(places, sorted(places, key=lambda number: -self._ones[number]))


def _shares(levels: bytes, kept: list[float], taken: list[float]) -> tuple[Iterator[float], float]:
    """Return the share of each count after its discount, and the share of all that was taken (1.0 of no counts)."""
    if not levels:
        return iter(()), 1.0
    numbers = [levels.count(level) for level in range(len(LEVELS))]
    total = sum(map(mul, numbers, LEVELS))
    each = [part / total for part in kept]
    return map(each.__getitem__, levels), sum(map(mul, numbers, taken)) / total


@lru_cache(maxsize=1)
def language_model() -> LanguageModel:
    """Return the packaged model, read once."""
    path = Path(__file__).parent.parent / "data" / "restore_ngrams.bin"
    return LanguageModel(path.read_bytes())
