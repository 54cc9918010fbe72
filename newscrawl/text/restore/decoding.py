"""Beam search for what a garbled island said."""

from __future__ import annotations

from functools import lru_cache
from heapq import nlargest
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.text.restore.characters import characters, is_usual_reading
from newscrawl.text.restore.document_model import DocumentModel
from newscrawl.text.restore.gbk import LEADS, VANISHING_LEADS, codes
from newscrawl.text.restore.islands import find_islands
from newscrawl.text.restore.language import normalise
from newscrawl.text.restore.script import simplify_roughly

if TYPE_CHECKING:
    from newscrawl.text.restore.islands import Island, Unit

LEAST_MARGIN = 0.7
LEAST_GAIN = 8.0
UNKNOWN = "?"
_BEAM = 10
_FIRST_BEAM = 24
_GAP_STATES = 2
_GAP_BEAM = 6
_HOPELESS = 8.0
_HOPELESS_FIRST = 11.0
_IMPROBABLE = -5.0
_VANISHED = -2.5
_IMPOSSIBLE = -7.0
_UNMARKED = -4.0


class Choice(NamedTuple):
    """A character that may have stood in a place, how the model sees it, a penalty, and its last byte."""

    character: str
    seen_as: str
    penalty: float
    trail: int


_EATEN_MARKS = (Choice("", "", -1.5, 0), *(Choice(mark, mark, -2.0, 0) for mark in "，。：；？！（）"))


class Decoded(NamedTuple):
    """What an island most probably said ("?" for a character that stays in doubt), its lead over the text as it is."""

    text: str
    gain: float


State = tuple[float, str, str]


def decode(text: str, island: Island, model: DocumentModel, annotated: frozenset[str]) -> Decoded | None:
    """Decode an island of a text; None where no reading of its bytes is possible.

    annotated: the characters that this machine never leaves without a reading.
    """
    before, after = model.context(text, island.start, island.end)
    quote = _unlikely_quote(text, island)
    found: dict[str, float] = {}
    ends: dict[str, float] = {}
    for score, filling, context in _search(island, before, model, annotated, quote):
        if context not in ends:
            ends[context] = sum(model.each(after, context))
        found[filling] = max(score + ends[context], found.get(filling, -1e9))
    if not found:
        return None
    ranked = sorted(found.items(), key=lambda item: -item[1])
    best, top = ranked[0]
    as_is = sum(model.each(normalise(simplify_roughly(text[island.start : island.end])) + after, before))
    rivals = [
        filling
        for filling, score in ranked
        if score > top - (LEAST_MARGIN if len(filling) == len(best) else LEAST_MARGIN / 4)
    ]
    best = _agreed(rivals)
    if island.open_end and best[-1:] in tuple("。！？”"):
        best += "\n"
    return Decoded(best + island.tail, top - as_is)


def _agreed(rivals: list[str]) -> str:
    """Return what rival fillings agree on, with "?" for the characters that they do not; "" for different lengths."""
    best = rivals[0]
    if any(len(rival) != len(best) for rival in rivals):
        return ""
    return "".join(signs[0] if len(set(signs)) == 1 else UNKNOWN for signs in zip(*rivals, strict=True))


@lru_cache(maxsize=8192)
def _choices(first: Unit, second: Unit, reading: str | None, vanished: int = 0) -> tuple[Choice, ...]:
    """Return the characters that two bytes may be, with a penalty where converted text would not have them so.

    vanished: a byte before them that makes no code with the first, 0 for none.
    """
    table = codes()
    leads = (first,) if isinstance(first, int) else first
    trails = (second,) if isinstance(second, int) else second
    fixed = len(leads) == len(trails) == 1
    found: list[Choice] = []
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
            found.append(Choice(code.character, code.seen_as, 0.0 if code.possible else _IMPOSSIBLE, trail))
    return tuple(found)


def _unlikely_quote(text: str, island: Island) -> str:
    """Return the quotation mark that would not fit: by the one that came last before, or by the end of the line."""
    nearby = text[max(0, island.start - 300) : island.start].rpartition("\n")[2]
    opened, closed = nearby.rfind("“"), nearby.rfind("”")
    if opened == closed:
        return "“" if text[island.end : island.end + 1] in {"", "\n"} else "”"
    return "“" if opened > closed else "”"


def _search(island: Island, before: str, model: DocumentModel, annotated: frozenset[str], quote: str) -> list[State]:
    """Return the best fillings of an island: score, text, the last two characters as the model sees them."""
    units = island.units
    last = len(units) - 2
    beam: list[State] = [(0.0, "", before)]
    for start in range(0, len(units) - 1, 2):
        first, second = units[start], units[start + 1]
        reading = island.reading if start == last else None
        unmarked = frozenset(quote) if start < 2 or reading else annotated | {quote}
        grown = _grow(beam, _choices(first, second, reading), model, unmarked)
        best = max((state[0] for state in grown), default=-1e9)
        if best - beam[0][0] < _IMPROBABLE and (reading or isinstance(second, int)):
            grown += _grow_over_gap(beam, first, second, reading, model, annotated)
        beam = nlargest(_BEAM if start else _FIRST_BEAM, grown)
        if not beam:
            return []
        least = beam[0][0] - (_HOPELESS if start else _HOPELESS_FIRST)
        beam = [state for state in beam if state[0] > least]
    return _grow(beam, _EATEN_MARKS, model, frozenset()) if island.open_end else beam


def _grow(
    beam: list[State], choices: tuple[Choice, ...], model: DocumentModel, unmarked: frozenset[str]
) -> list[State]:
    """Return each state of the beam with each choice added to it."""
    grown: list[State] = []
    expanded: dict[str, list[float]] = {}
    seen = [choice.seen_as for choice in choices]
    for score, text, context in beam:
        values = expanded.get(context)
        if values is None:
            values = expanded[context] = model.expand(context, seen)
        for choice, value in zip(choices, values, strict=True):
            total = score + value + choice.penalty
            if choice.character in unmarked:
                total += _UNMARKED
            grown.append((total, text + choice.character, (context + choice.seen_as)[-2:]))
    return grown


def _grow_over_gap(
    beam: list[State],
    first: Unit,
    second: Unit,
    reading: str | None,
    model: DocumentModel,
    annotated: frozenset[str],
) -> list[State]:
    """Return the best states of the beam with two characters added between which a code vanished."""
    grown: list[State] = []
    left = _choices(first, VANISHING_LEADS, None)
    trail_of = {choice.character: choice.trail for choice in left}
    for state in nlargest(_GAP_BEAM, _grow(beam[:_GAP_STATES], left, model, annotated)):
        right = _choices(LEADS, second, reading, trail_of[state[1][-1]])
        unmarked = frozenset() if reading else annotated
        grown += nlargest(_BEAM, _grow([state], right, model, unmarked))
    return [(score + _VANISHED, text, context) for score, text, context in grown]


def island_pieces(text: str, annotated: frozenset[str]) -> list[tuple[int, int, str]]:
    """Return the islands of a text that could be decoded with some certainty: start, end, what stood there.

    annotated: the characters that this machine never leaves without a reading.
    """
    islands = find_islands(text)
    if not islands or len(islands) > 20 + len(text) // 60:
        return []
    harmless: list[str] = []
    last = 0
    for ends in islands:
        harmless.append(text[last : ends[0].start])
        last = max(island.end for island in ends)
    harmless.append(text[last:])
    model = DocumentModel("\n".join(harmless))
    pieces: list[tuple[int, int, str]] = []
    for ends in islands:
        decoded = [(decode(text, island, model, annotated), island.end) for island in ends]
        sure = [(one, end) for one, end in decoded if one and one.text.strip(UNKNOWN) and one.gain >= LEAST_GAIN]
        if sure:
            best, end = max(sure, key=lambda pair: pair[0].gain)
            pieces.append((ends[0].start, end, best.text))
    return pieces
