"""From a diagnosis to the restored text: the changes are collected as pieces, then written down as edits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.items import Edit
from newscrawl.text.restore.annotations import find_annotations, has_spaces
from newscrawl.text.restore.characters import characters
from newscrawl.text.restore.islands import latin_readings
from newscrawl.text.restore.punctuation import is_folded, widen
from newscrawl.text.restore.residue import addresses, destroyed, financial_numerals, glued_domains, keyword_lines
from newscrawl.text.restore.result import Edits
from newscrawl.text.restore.script import protected_characters, simplify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newscrawl.text.restore.annotations import Annotation
    from newscrawl.text.restore.verdict import Diagnosis

_STAMMER = re.compile(r"[,，](?=[,，、。;；:：?？!！])")
_MARKS = frozenset(",:;?!()")
_ONLY_ADDRESS = re.compile(r"\s*(?:[a-z]+:)?//?[^\s]*\s*")


class Piece(NamedTuple):
    """A stretch of the text, from start to end, that is replaced as a whole."""

    start: int
    end: int
    after: str
    rule: str


class Damage(NamedTuple):
    """What was done to a page as a whole; the same for its title as for its body."""

    readings: bool
    spaced: bool
    only_traditional: bool
    annotated: frozenset[str]
    traditional: bool
    protected: frozenset[str]
    stammers: bool
    folded: bool


def damage_of(text: str, diagnosis: Diagnosis) -> Damage:
    """Work out from the whole page what each part of it has to be freed of."""
    reading, found = diagnosis.reading, diagnosis.found
    number = len(reading.found) if reading else 0
    return Damage(
        readings=reading is not None,
        spaced=has_spaces(text, reading.found) if reading else False,
        only_traditional=reading is not None and found is not None and 10 * reading.traditional >= 9 * number,
        annotated=frozenset(item.character for item in reading.found) if reading else frozenset(),
        traditional=found is not None,
        protected=protected_characters(text, found) if found else frozenset(),
        stammers=len(_STAMMER.findall(text)) >= 3,
        folded=is_folded(text),
    )


def mend(text: str, damage: Damage, found: Sequence[Annotation] | None = None) -> tuple[str, Sequence[Edit]]:
    """Return the restored text and its edits for one part of a damaged page; an address stays as it is.

    found: the readings of this part, where they are known already.
    """
    if _ONLY_ADDRESS.fullmatch(text):
        return text, ()
    pieces = _without_overlap(structural_pieces(text, damage, found))
    middle = _apply(text, pieces)
    restored = simplify(middle, protected=damage.protected) if damage.traditional else middle
    if damage.folded:
        restored = widen(restored)
    restored = _keep(restored, pieces)
    return restored, Edits(lambda: _edits(text, middle, restored, pieces))


def _keep(restored: str, pieces: list[Piece]) -> str:
    """Put back what the change of characters must not touch: addresses, and "?" for what nobody can know."""
    shift = last = 0
    parts: list[str] = []
    for piece in pieces:
        start = piece.start - shift
        end = start + len(piece.after)
        if piece.rule == "address":
            parts += (restored[last:start], piece.after)
            last = end
        elif piece.rule == "garbled" and "?" in piece.after:
            parts += (restored[last:start], restored[start:end].replace("？", "?"))
            last = end
        shift += piece.end - piece.start - len(piece.after)
    parts.append(restored[last:])
    return "".join(parts)


def structural_pieces(text: str, damage: Damage, found: Sequence[Annotation] | None = None) -> list[Piece]:
    """Return the pieces that change more than the form of single characters; `found`: the readings, where known."""
    pieces = [Piece(start, end, text[start:end], "address") for start, end in addresses(text)]
    if damage.only_traditional and "?" in text:
        from newscrawl.text.restore.decoding import island_pieces

        pieces += [Piece(*found, "garbled") for found in island_pieces(text, damage.annotated)]
    if damage.only_traditional:
        pieces += [Piece(*span, "", "pinyin") for span in latin_readings(text)]
    if damage.readings:
        for item in find_annotations(text, spaced=damage.spaced) if found is None or damage.spaced else found:
            if not damage.only_traditional or item.character in characters().traditional:
                pieces.append(Piece(item.place + 1, item.end, "", "pinyin"))
    pieces += [Piece(*span, "", "keyword-line") for span in keyword_lines(text)]
    pieces += [Piece(*span, "", "domain") for span in glued_domains(text)]
    pieces += [Piece(*found) for found in destroyed(text)]
    if damage.traditional:
        pieces += [Piece(*found) for found in financial_numerals(text)]
    if damage.stammers:
        pieces += [Piece(*match.span(), "", "double-comma") for match in _STAMMER.finditer(text)]
    return pieces


def _without_overlap(pieces: list[Piece]) -> list[Piece]:
    kept: list[Piece] = []
    last = 0
    for piece in sorted(pieces, key=lambda one: (one.start, -one.end)):
        if piece.start >= last:
            kept.append(piece)
            last = piece.end
    return kept


def _apply(text: str, pieces: list[Piece]) -> str:
    out: list[str] = []
    last = 0
    for piece in pieces:
        out += (text[last : piece.start], piece.after)
        last = piece.end
    out.append(text[last:])
    return "".join(out)


def _edits(text: str, middle: str, restored: str, pieces: list[Piece]) -> list[Edit]:
    """Write down the changes: whole pieces, and between them runs of characters whose form changed."""
    edits: list[Edit] = []
    places = [place for place, (old, new) in enumerate(zip(middle, restored, strict=True)) if old != new]
    places.append(len(middle) + 1)
    index = shift = 0
    for piece in [*pieces, Piece(len(text), len(text), "", "address")]:
        start = piece.start - shift
        while (place := places[index]) < start:
            # a run of characters, all of the script or all marks, up to the piece
            first = index
            mark = middle[place] in _MARKS
            index += 1
            while (
                places[index] == place + index - first
                and places[index] < start
                and (middle[places[index]] in _MARKS) == mark
            ):
                index += 1
            end = place + index - first
            rule = "punctuation" if mark else "script"
            edits.append(Edit(place + shift, middle[place:end], restored[place:end], rule))
        end = start + len(piece.after)
        while places[index] < end:
            index += 1
        if piece.rule != "address":
            edits.append(Edit(piece.start, text[piece.start : piece.end], restored[start:end], piece.rule))
        shift += piece.end - piece.start - len(piece.after)
    return edits
