"""Whether the quotation marks and brackets of a filling fit those around it: “ wants its ”, and 《 its 》."""

from __future__ import annotations

from typing import NamedTuple

_PAIRS = (("“", "”"), ("《", "》"), ("‘", "’"), ("「", "」"), ("『", "』"))
_REACH = 300
#: A quotation of so few characters is a name or a word, and no sentence ends in it.
_SHORT = 6
_UNPAIRED = -4.0
_SENTENCE_WITHIN_WORD = -4.0
#: A quotation may go on in the next paragraph.
_UNCLOSED_LINE = -2.0
_OPEN_TITLE_LINE = -5.0


class Surroundings(NamedTuple):
    """What stands in the line before and after an island: for each kind of pair, whether it is open and since how
    many characters, and the next mark to come ("" for none, "?" where damage hides it)."""

    opened: tuple[int | None, ...]
    following: tuple[str, ...]


def surroundings(left: str, right: str) -> Surroundings:
    """Look at the line before an island, without readings, and at the one after it."""
    before = left[-_REACH:].rpartition("\n")[2]
    after = right[:_REACH].partition("\n")[0]
    opened: list[int | None] = []
    following: list[str] = []
    for first, last in _PAIRS:
        place = before.rfind(first)
        opened.append(len(before) - place - 1 if place > before.rfind(last) else None)
        marks = [after.find(mark) for mark in (first, last, "?")]
        nearest = min((mark for mark in marks if mark >= 0), default=-1)
        following.append("" if nearest < 0 else after[nearest])
    return Surroundings(tuple(opened), tuple(following))


def misfit(filling: str, around: Surroundings) -> float:
    """Return the log probability, 0 or less, by which a filling is less likely for the pairs that it leaves open."""
    total = 0.0
    ends_line = filling.endswith("\n")
    for kind, (first, last) in enumerate(_PAIRS):
        since = around.opened[kind]
        following = around.following[kind]
        if since is None and first not in filling and last not in filling and following != last:
            continue
        for place, sign in enumerate(filling):
            if sign == first:
                total += _UNPAIRED if since is not None else 0.0
                since = -place - 1
            elif sign == last:
                if since is None:
                    total += _UNPAIRED
                elif kind == 0 and place and filling[place - 1] in "。！？" and since + place <= _SHORT:
                    total += _SENTENCE_WITHIN_WORD
                since = None
        if since is not None and (ends_line or following == ""):
            total += _OPEN_TITLE_LINE if kind else _UNCLOSED_LINE
        elif following == (last if since is None else first) and not ends_line:
            total += _UNPAIRED
    return total
