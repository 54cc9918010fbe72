"""The text as the page had it, with what restoration changed and what was taken out marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newscrawl.items import Article, Edit

#: More edits than this are not marked one by one.
MOST_EDITS = 20_000

Kind = Literal["text", "edit", "removed"]


@dataclass(slots=True, frozen=True)
class Piece:
    """A piece of text. kind "edit": `text` stands where `before` stood; `rule` did it, or took a removed piece out."""

    kind: Kind
    text: str
    before: str = ""
    rule: str = ""


@dataclass(slots=True)
class Printed:
    """Lines of pieces. `exact`: the kept ones are the article's body; else `rest` lists what was taken out."""

    lines: list[list[Piece]]
    exact: bool = True


def printed(article: Article) -> Printed:
    """Return an article's text as its page had it, marked. Where the parts do not fit together, the body alone."""
    raw = article.body_raw or article.body
    restored = apply_edits(raw, article.restoration.edits)
    if restored is None:
        return _body_only(article)
    rules = {entry.text.strip(): entry.rule for entry in article.removed}
    kept = article.body.split("\n")
    place = 0
    lines: list[list[Piece]] = []
    for line in _split_lines(restored):
        text = "".join(piece.text for piece in line)
        if place < len(kept) and text == kept[place]:
            lines.append(line)
            place += 1
        elif place < len(kept) and kept[place] and text.startswith(kept[place]):
            lines.append(_cut(line, len(kept[place]), rules))
            place += 1
        elif text.strip():
            lines.append(_all_removed(line, rules.get(text.strip(), "")))
    if any(line.strip() for line in kept[place:]):
        return _body_only(article)
    return Printed(lines)


def apply_edits(raw: str, edits: Sequence[Edit]) -> list[Piece] | None:
    """Return the restored text in pieces; None where the edits are not those of this text."""
    if len(edits) > MOST_EDITS:
        return None
    pieces: list[Piece] = []
    place = 0
    for edit in sorted(edits, key=lambda entry: entry.offset):
        end = edit.offset + len(edit.before)
        if edit.offset < place or raw[edit.offset : end] != edit.before:
            return None
        if edit.offset > place:
            pieces.append(Piece("text", raw[place : edit.offset]))
        pieces.append(Piece("edit", edit.after, edit.before, edit.rule))
        place = end
    pieces.append(Piece("text", raw[place:]))
    return pieces


def _split_lines(pieces: Sequence[Piece]) -> list[list[Piece]]:
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        if "\n" not in piece.text:
            lines[-1].append(piece)
            continue
        for number, part in enumerate(piece.text.split("\n")):
            if number:
                lines.append([])
            if part or (piece.kind == "edit" and not number):
                before = piece.before if not number else ""
                lines[-1].append(Piece(piece.kind, part, before, piece.rule))
    return lines


def _cut(line: Sequence[Piece], length: int, rules: dict[str, str]) -> list[Piece]:
    """Return a line of which only the first `length` characters were kept."""
    found: list[Piece] = []
    rest: list[Piece] = []
    for piece in line:
        if length >= len(piece.text) and not rest:
            found.append(piece)
            length -= len(piece.text)
            continue
        if length:
            found.append(Piece(piece.kind, piece.text[:length], piece.before, piece.rule))
        rest.append(Piece("text", piece.text[length:]))
        length = 0
    text = "".join(piece.text for piece in rest)
    return [*found, Piece("removed", text, rule=rules.get(text.strip(), ""))] if text else found


def _all_removed(line: Sequence[Piece], rule: str) -> list[Piece]:
    return [Piece("removed", "".join(piece.text for piece in line), rule=rule)]


def _body_only(article: Article) -> Printed:
    lines = [[Piece("text", line)] for line in article.body.split("\n")]
    return Printed(lines, exact=False)
