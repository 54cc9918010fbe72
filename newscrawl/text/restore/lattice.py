"""The lattice of what an island's bytes may have been: only originals that the machine would have damaged so.

An island is read one byte off. Between the two bytes of an original character a code may have vanished in that reading
(GBK does not define it), so that one, two or three characters may stand where two bytes are left. A character that
the machine annotates cannot stand in an island unmarked, as its two bytes would have been found.
"""

from __future__ import annotations

import math
from functools import lru_cache
from heapq import nlargest
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.text.restore.characters import characters, is_usual_reading
from newscrawl.text.restore.gbk import LEADS, VANISHING_LEADS, codes
from newscrawl.text.restore.language import language_model

if TYPE_CHECKING:
    from newscrawl.text.restore.document_model import DocumentModel
    from newscrawl.text.restore.islands import Island, Unit
    from newscrawl.text.restore.language import Candidates

_BEAM = 8
_FIRST_BEAM = 16
_GAP_STATES = 2
_GAP_BEAM = 4
_EVERY = 1 << 30
#: A character with fewer occurrences in the model's texts is not looked for around a vanished code.
_NOT_RARE = 40
#: So many choices are tried on the best states only.
_MANY = 40
_HOPELESS = 7.0
_HOPELESS_FIRST = 11.0
#: Two characters in a row that are together less probable than this may hide a vanished code.
_IMPROBABLE = -8.0
#: The same after one vanished code: there may be two.
_STILL_IMPROBABLE = -10.0
#: What a further character costs at least.
_LEAST_COST = 2.5
#: A character less probable than this share of the likeliest one is not followed.
_LEAST_SHARE = 2e-4
_IMPOSSIBLE = -7.0
_UNMARKED = -6.0
_WRONG_QUOTE = -3.0
_MISPLACED = -4.0
#: Marks that no mark of _NO_STOP_AFTER has behind it (GB/T 15834).
_STOPS = frozenset("，。、；：？！·")
_NO_STOP_AFTER = frozenset("，。、；：？！·“‘《「（")
_QUOTES = frozenset("“”")


class Choice(NamedTuple):
    """A character that may have stood in a place, a penalty, and its last byte."""

    character: str
    penalty: float
    trail: int


class Choices(NamedTuple):
    """Characters that may have stood in a place, how the model sees each, and their last bytes."""

    items: tuple[Choice, ...]
    seen: tuple[str, ...]
    candidates: Candidates
    trails: dict[str, int]


#: A path through the lattice: its log probability, its text, the last two characters as the model sees them. A plain
#: tuple, since there are very many.
State = tuple[float, str, str]


def _choices(items: list[Choice], seen: list[str]) -> Choices:
    trails = {item.character: item.trail for item in items}
    return Choices(tuple(items), tuple(seen), language_model().candidates(seen), trails)


@lru_cache(maxsize=8192)
def choices_of(first: Unit, second: Unit, reading: str | None, vanished: int = 0) -> Choices:
    """Return the characters that two bytes may be, with a penalty where converted text would not have them so.

    vanished: a byte before them that makes no code with the first, 0 for none.
    """
    table = codes()
    leads = (first,) if isinstance(first, int) else first
    trails = (second,) if isinstance(second, int) else second
    fixed = len(leads) == len(trails) == 1
    found: list[Choice] = []
    seen: list[str] = []
    for lead in leads:
        if vanished and vanished << 8 | lead in table:
            continue
        for trail in trails:
            code = table.get(lead << 8 | trail)
            if code is None or not (code.known or fixed):
                continue
            if reading and not (
                code.character in characters().traditional and is_usual_reading(code.character, reading)
            ):
                continue
            found.append(Choice(code.character, 0.0 if code.possible else _IMPOSSIBLE, trail))
            seen.append(code.seen_as)
    return _choices(found, seen)


@lru_cache(maxsize=8192)
def _common_choices(second: Unit, reading: str | None, vanished: int) -> Choices:
    """Return the common characters whose first byte ends a vanished code, begun by `vanished`."""
    every = choices_of(LEADS, second, reading, vanished)
    knows = language_model().knows
    kept = [
        (item, seen) for item, seen in zip(every.items, every.seen, strict=True) if reading or knows(seen, _NOT_RARE)
    ]
    return _choices([item for item, _ in kept], [seen for _, seen in kept])


class Lattice:
    """A beam search over one island."""

    def __init__(self, island: Island, model: DocumentModel, annotated: frozenset[str], quote: str) -> None:
        """Take the island; `annotated`: what the machine never leaves without a reading; `quote`: the quotation
        mark that would not fit at the start of the island."""
        self._island = island
        self.model = model
        self._annotated = annotated
        self._quote = quote

    def search(self, before: str) -> list[State]:
        """Return the best fillings of the island after two characters, at most _BEAM."""
        beam: list[State] = [(0.0, "", before)]
        units = self._island.units
        for start in range(0, len(units) - 1, 2):
            grown = self._step(beam, start)
            if self._may_hide(start):
                top = beam[0][0]
                floor = self._ahead(grown, start)
                if floor - top < _IMPROBABLE:
                    over = self._over_gap(beam, start, floor)
                    grown += over
                    best = max(self._ahead(over, start), floor) if over else floor
                    if best - top < _STILL_IMPROBABLE:
                        grown += self._over_gap(beam, start, best, twice=True)
            beam = nlargest(_BEAM if start else _FIRST_BEAM, grown)
            if not beam:
                return []
            least = beam[0][0] - (_HOPELESS if start else _HOPELESS_FIRST)
            beam = [state for state in beam if state[0] > least]
        return beam

    def _may_hide(self, start: int) -> bool:
        """Tell whether codes may have vanished between the two bytes of a step: not within an island's first mark,
        and not where the second byte may be any."""
        island = self._island
        if not start and not island.after_reading:
            return False
        return isinstance(island.units[start + 1], int) or (start == len(island.units) - 2 and bool(island.reading))

    def _unmarked(self, start: int) -> frozenset[str]:
        """Return the characters that cannot end at a step: annotated ones, but for the one with its reading."""
        last = len(self._island.units) - 2
        return frozenset() if start == last and self._island.reading else self._annotated

    def _step(self, beam: list[State], start: int) -> list[State]:
        units = self._island.units
        reading = self._island.reading if start == len(units) - 2 else None
        choices = choices_of(units[start], units[start + 1], reading)
        if not start:
            return self.grow(beam, choices, frozenset(), hopeless=_HOPELESS_FIRST)
        if len(choices.items) > _MANY:
            beam = beam[:_GAP_STATES]
        return self.grow(beam, choices, self._unmarked(start), hopeless=_HOPELESS)

    def _ahead(self, grown: list[State], start: int) -> float:
        """Return the score of the best states of a step after the next step, where that is no matter of choice."""
        if not grown:
            return -1e9
        units = self._island.units
        if start + 4 > len(units) or not isinstance(units[start + 3], int):
            return max(grown)[0]
        best = nlargest(_GAP_STATES, grown)
        return max(self._step(best, start + 2), default=(-1e9, "", ""))[0]

    def _over_gap(self, beam: list[State], start: int, floor: float, *, twice: bool = False) -> list[State]:
        """Return states with the two or three characters added that stand there if codes vanished between bytes.

        floor: the score that a state must reach with the character behind it, so that it is worth following.
        """
        first, second = self._island.units[start], self._island.units[start + 1]
        reading = self._island.reading if start == len(self._island.units) - 2 else None
        left = choices_of(first, VANISHING_LEADS, None)
        trail_of = left.trails
        worth = floor + _LEAST_COST
        states = self.grow(beam[:_GAP_STATES], left, self._annotated if start else frozenset(), least=worth)
        states = nlargest(_GAP_BEAM, states)
        if twice:
            inner: list[State] = []
            for state in states[:_GAP_STATES]:
                middle = _common_choices(VANISHING_LEADS, None, trail_of[state[1][-1]])
                trail_of = trail_of | middle.trails
                inner += nlargest(_GAP_STATES, self.grow([state], middle, self._annotated, least=worth, most=_GAP_BEAM))
            states = inner
        grown: list[State] = []
        for state in states:
            right = _common_choices(second, reading, trail_of[state[1][-1]])
            grown += nlargest(
                _GAP_BEAM, self.grow([state], right, self._unmarked(start), least=floor, most=2 * _GAP_BEAM)
            )
        return grown

    def grow(
        self,
        beam: list[State],
        choices: Choices,
        unmarked: frozenset[str],
        *,
        least: float = -math.inf,
        hopeless: float = math.inf,
        most: int = _EVERY,
    ) -> list[State]:
        """Return each state of the beam with each choice added to it, in no order.

        Left out is what scores no more than `least`, what is behind the best by more than `hopeless`, and all but the
        `most` likeliest after each state.
        """
        grown: list[State] = []
        items, seen, candidates, _ = choices
        for score, text, context in beam:
            last = context[1]
            for value, place in self.model.expand(context, candidates, _LEAST_SHARE if text else 0.0, most):
                total = score + value
                if total <= least:
                    break
                character, penalty, _ = items[place]
                if character in unmarked:
                    total += _UNMARKED
                elif character in _QUOTES:
                    if character == self._unlikely_quote(text):
                        total += _WRONG_QUOTE
                elif character in _STOPS and last in _NO_STOP_AFTER:
                    total += _MISPLACED
                total += penalty
                if total > least:
                    grown.append((total, text + character, last + seen[place]))
                    least = max(least, total - hopeless)
        return grown

    def _unlikely_quote(self, text: str) -> str:
        """Return the quotation mark that would not fit after a filling: the one that came last."""
        opened, closed = text.rfind("“"), text.rfind("”")
        if opened == closed:
            return self._quote
        return "“" if opened > closed else "”"
