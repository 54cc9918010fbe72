"""The language model with the words of the page itself: a garbled name usually stands elsewhere unharmed."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from newscrawl.text.restore.characters import ANNOTATION
from newscrawl.text.restore.language import SENTINEL, language_model, normalise
from newscrawl.text.restore.script import simplify_roughly

if TYPE_CHECKING:
    from newscrawl.text.restore.language import Candidates

_OWN_SHARE = 0.2
_LONGEST = 100_000


class DocumentModel:
    """Trigram probabilities of news text, mixed with those of one document."""

    def __init__(self, text: str) -> None:
        """Take the document, garbled passages left out; of a very long one, its beginning."""
        self._plain = plain(text[:_LONGEST])
        self._general = language_model()
        self._counted: dict[str, Counter[str]] = {}
        self._places_of: dict[str, list[int]] = {}
        self._shares: dict[str, dict[int, float]] = {}
        self._expanded: dict[tuple[str, int, int], tuple[Candidates, list[tuple[float, int]]]] = {}

    def expand(self, before: str, candidates: Candidates, within: float, most: int) -> list[tuple[float, int]]:
        """Return the likelier candidates, best first: log P(candidate | two characters before), place in their list.

        within: the share of the likeliest candidate's probability that another must have; most: so many at most.
        """
        # The candidates are kept with the answer, so that no others can come to have their id.
        known = self._expanded.get((before, id(candidates), most))
        if known is None:
            answer = self._expand(before, candidates, within, most)
            known = self._expanded[before, id(candidates), most] = candidates, answer
        return known[1]

    def _expand(self, before: str, candidates: Candidates, within: float, most: int) -> list[tuple[float, int]]:
        values = self._general.likely(before, candidates, within)
        own = self._share(before)
        places = candidates.places
        share = 1.0
        if own:
            share = 1 - _OWN_SHARE
            for number in own.keys() & places.keys():
                values[number] = values.get(number, 0.0) + own[number] / share
        least = max(values.values(), default=0.0) * within
        likely = [(value, number) for number, value in values.items() if value >= least]
        likely.sort(reverse=True)
        return [(math.log(value * share), place) for value, number in likely[:most] for place in places[number]]

    def _share(self, before: str) -> dict[int, float]:
        known = self._shares.get(before)
        if known is None:
            known = self._shares[before] = self._own(before)
        return known

    def _own(self, before: str) -> dict[int, float]:
        """Return the document's share of the probability of each character that it has after these two."""
        last = before[1]
        pairs = self._followers_of(last)
        if not pairs:
            return {}
        triples = self._followers_of(before)
        number = self._general.number
        seen_one, seen_two = sum(pairs.values()) + 2.0, sum(triples.values()) + 1.0
        return {
            number(candidate): _OWN_SHARE * (triples.get(candidate, 0) + count / seen_one) / seen_two
            for candidate, count in pairs.items()
        }

    def _followers_of(self, context: str) -> Counter[str]:
        """Return the characters that follow one or two characters in the document, counted when first asked for."""
        found = self._counted.get(context)
        if found is None:
            text, last = self._plain, context[-1]
            places = self._places_of.get(last)
            if places is None:
                places = self._places_of[last] = []
                place = text.find(last)
                while 0 <= place < len(text) - 1:
                    place += 1
                    places.append(place)
                    place = text.find(last, place)
            if len(context) == 2:
                places = [place for place in places if place > 1 and text[place - 2] == context[0]]
            found = self._counted[context] = Counter([text[place] for place in places])
        return found

    def each(self, text: str, before: str) -> float:
        """Return the log probability of a normalised text after two known characters."""
        total = 0.0
        for character in text:
            value = self._general.probability(before, character)
            own = self._share(before)
            if own:
                value = (1 - _OWN_SHARE) * value + own.get(self._general.number(character), 0.0)
            total += math.log(value)
            before = before[1] + character
        return total


def context_of(left: str, right: str) -> tuple[str, str]:
    """Return the last two characters of a text and the first three of another, as the model sees them."""
    return (SENTINEL * 2 + plain(left[-30:]))[-2:], plain(right[:30]).partition("？")[0][:3]


def plain(text: str) -> str:
    """Return a text without readings, simplified and normalised, as the model sees it."""
    return simplify_roughly(normalise(ANNOTATION.sub(r"\1", text)).replace("\n", ""))
