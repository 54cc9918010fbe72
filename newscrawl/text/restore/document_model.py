"""The language model with the words of the page itself: a garbled name usually stands elsewhere unharmed."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from newscrawl.text.restore.characters import ANNOTATION
from newscrawl.text.restore.language import SENTINEL, language_model, normalise
from newscrawl.text.restore.script import simplify_roughly

if TYPE_CHECKING:
    from collections.abc import Sequence

_OWN_SHARE = 0.25
_LONGEST = 200_000


class DocumentModel:
    """Trigram probabilities of news text, mixed with those of one document."""

    def __init__(self, text: str) -> None:
        """Count the document, garbled passages left out; of a very long one, its beginning."""
        plain = _plain(text[:_LONGEST])
        self._general = language_model()
        self._pairs = Counter(plain[i : i + 2] for i in range(len(plain) - 1))
        self._triples = Counter(plain[i : i + 3] for i in range(len(plain) - 2))
        self._ones = Counter(plain)

    def expand(self, before: str, candidates: Sequence[str]) -> list[float]:
        """Return log P(candidate | the two characters before it) for each candidate; 0.0 for an empty one."""
        general = self._general.probabilities(before, candidates)
        last, pairs, log = before[1], self._pairs, math.log
        if last not in self._ones:
            return [
                log((1 - _OWN_SHARE) * value) if candidate else 0.0
                for candidate, value in zip(candidates, general, strict=True)
            ]
        seen_one, seen_two = self._ones[last] + 2.0, pairs.get(before, 0) + 1.0
        values: list[float] = []
        for candidate, value in zip(candidates, general, strict=True):
            mixed = (1 - _OWN_SHARE) * value
            if own := pairs.get(last + candidate, 0):
                triples = self._triples.get(before + candidate, 0)
                mixed += _OWN_SHARE * (triples + own / seen_one) / seen_two
            values.append(log(mixed) if candidate else 0.0)
        return values

    def each(self, text: str, before: str) -> list[float]:
        """Return the log probability of each character of a normalised text after two known characters."""
        values: list[float] = []
        for character in text:
            values += self.expand(before, (character,))
            before = before[1:] + character
        return values

    @staticmethod
    def context(text: str, start: int, end: int) -> tuple[str, str]:
        """Return the two characters before a stretch and the three after it, as the model sees them."""
        left = _plain(text[max(0, start - 30) : start])
        right = _plain(text[end : end + 30]).partition("？")[0]
        return (SENTINEL * 2 + left)[-2:], right[:3]


def _plain(text: str) -> str:
    return simplify_roughly(normalise(ANNOTATION.sub(r"\1", text)).replace("\n", ""))
