"""What a garbled island most probably said, or that nobody can know."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from newscrawl.text.restore.characters import ANNOTATION, HANZI_CLASS
from newscrawl.text.restore.document_model import DocumentModel, context_of, plain
from newscrawl.text.restore.islands import Island, find_islands
from newscrawl.text.restore.lattice import Lattice, State
from newscrawl.text.restore.pairs import misfit, surroundings

#: A filling, or a character of it, is believed when it has this share of what the fillings weigh together.
LEAST_SHARE = 0.7
LEAST_GAIN = 8.0
UNKNOWN = "?"
#: The model is surer of itself than it should be: its log probabilities are divided by this.
_TEMPERATURE = 1.0
_SENTENCE_END = "。！？”"
#: What a "?" may have swallowed behind the last character: text, how the model sees it, log probability.
_SWALLOWED = (("", "", -4.0), (UNKNOWN, "0", -3.0), ("，", "，", -5.5))
#: The log probability that it was the end of a line, or a space in a page that has them between its sentences.
_LINE_END = -0.5
_LINE_WITHIN_SENTENCE = -4.0
_SENTENCE_SPACE = re.compile(f"(?<=[。！!？”]) (?=[{HANZI_CLASS}“])")
_SENTENCE_LINE = re.compile(f"(?<=[。！!？”])\n+(?=[{HANZI_CLASS}“])")
_BLANK_LINES = re.compile(r"(?<![?\n])\n\n")
_LINES = re.compile(r"(?<![?\n])\n(?!\n)")
_OPENING = "“‘《「（"
_AFTER_OPENING = -5.0
_REACH = 300


class Breaks(NamedTuple):
    """How a page parts its sentences: the log probabilities that a line break and a space were between two, and
    whether there are blank lines between its paragraphs."""

    line: float
    space: float
    blank: bool


def breaks_of(text: str) -> Breaks:
    """Count the spaces and the line breaks between the sentences of a page, and the blank lines."""
    spaces, lines = len(_SENTENCE_SPACE.findall(text)), len(_SENTENCE_LINE.findall(text)) + 0.5
    blank = len(_BLANK_LINES.findall(text)) > len(_LINES.findall(text))
    space = _LINE_END + math.log(spaces / (lines + spaces)) if spaces else -math.inf
    return Breaks(_LINE_END + math.log(lines / (lines + spaces)), space, blank)


class Decoded(NamedTuple):
    """What an island most probably said ("?" for what stays in doubt), and its lead over the text as it is."""

    text: str
    gain: float


def decode(island: Island, left: str, right: str, as_it_is: str, lattice: Lattice, breaks: Breaks) -> Decoded | None:
    """Decode an island between two texts; None where no reading of its bytes is possible."""
    before, after = context_of(left, right)
    model = lattice.model
    around = surroundings(ANNOTATION.sub(r"\1", left), right)
    ends: dict[str, float] = {}
    found: dict[str, float] = {}
    for score, filling, context in _ended(island, lattice.search(before), breaks):
        if context not in ends:
            ends[context] = model.each(after, context)
        total = score + ends[context] + misfit(filling, around)
        found[filling] = max(total, found.get(filling, -1e9))
    if not found:
        return None
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    gain = ranked[0][1] - model.each(plain(as_it_is) + after, before)
    # a line that ends in a swallowed byte lost its break, where the page has blank lines
    tail = "\n" if breaks.blank and island.line_end and not right.startswith("\n\n") else island.tail
    return Decoded(_believed(ranked) + tail, gain)


def _ended(island: Island, states: list[State], breaks: Breaks) -> list[State]:
    """Return the states with what the end of the island may have swallowed; "?" for what nobody can know."""
    if not island.open_end:
        return states
    ended: list[State] = []
    for score, text, context in states:
        within = text[-1:] not in _SENTENCE_END
        for swallowed, seen, weight in ((" ", "", breaks.space), ("\n", "", breaks.line), *_SWALLOWED):
            penalty = weight + (_LINE_WITHIN_SENTENCE if swallowed == "\n" and within else 0.0)
            if swallowed not in {"", UNKNOWN} and text[-1:] in _OPENING:
                penalty += _AFTER_OPENING
            ended.append((score + penalty, text + swallowed, (context + seen)[-2:]))
    return ended


def _believed(ranked: list[tuple[str, float]]) -> str:
    """Return the best filling where it outweighs the others together, else what the weightiest ones agree on."""
    top = ranked[0][1]
    weights = [math.exp((score - top) / _TEMPERATURE) for _, score in ranked]
    needed = LEAST_SHARE * sum(weights)
    rivals: list[str] = []
    share = 0.0
    for (filling, _), weight in zip(ranked, weights, strict=True):
        rivals.append(filling)
        share += weight
        if share >= needed:
            break
    if len({len(rival) for rival in rivals}) == 1:
        return "".join(signs[0] if len(set(signs)) == 1 else UNKNOWN for signs in zip(*rivals, strict=True))
    prefix = _shared_start(rivals)
    rest = [rival[len(prefix) :][::-1] for rival in rivals]
    suffix = _shared_start(rest)[::-1]
    return prefix + UNKNOWN + suffix


def _shared_start(texts: list[str]) -> str:
    """Return the characters with which all of some texts begin."""
    place = 0
    while all(place < len(text) and text[place] == texts[0][place : place + 1] for text in texts):
        place += 1
    return texts[0][:place]


def _unlikely_quote(left: str) -> str:
    """Return the quotation mark that would not fit, by the one that came last in the line; "" where none did."""
    nearby = left[-_REACH:].rpartition("\n")[2]
    opened, closed = nearby.rfind("“"), nearby.rfind("”")
    if opened == closed:
        return ""
    return "“" if opened > closed else "”"


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
    known = "\n".join(harmless)
    model, breaks = DocumentModel(known), breaks_of(known)
    pieces: list[tuple[int, int, str]] = []
    left, last = "", 0
    for ends in islands:
        start = ends[0].start
        left = (left + text[last:start])[-_REACH:]
        last = start
        found = _best_end(text, ends, left, model, annotated, breaks)
        if found is not None:
            pieces.append(found)
            left, last = left + found[2], found[1]
    return pieces


def _best_end(
    text: str, ends: list[Island], left: str, model: DocumentModel, annotated: frozenset[str], breaks: Breaks
) -> tuple[int, int, str] | None:
    """Return the surest decoding of an island that may end in several places; None where none is sure."""
    sure: list[tuple[float, int, str]] = []
    for island in ends:
        lattice = Lattice(island, model, annotated, _unlikely_quote(left))
        stretch = text[island.start : island.end]
        decoded = decode(island, left, text[island.end : island.end + _REACH], stretch, lattice, breaks)
        # a reading behind a destroyed byte is the machine's for certain, even where nobody can know what stood there
        worth = decoded and (decoded.text.strip(UNKNOWN) or island.after_reading)
        if decoded and worth and decoded.gain >= LEAST_GAIN:
            sure.append((decoded.gain, island.end, decoded.text))
    if not sure:
        return None
    _, end, best = max(sure)
    return ends[0].start, end, best
