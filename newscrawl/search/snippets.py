"""Snippets: the piece of the stored text around what was found, with the places to mark."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newscrawl.text.folding import fold_with_offsets

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Sequence

#: Beyond this many places a text is not searched for more of them.
MOST_PLACES = 2000
_BREAKS = "。！？；!?;\n"


@dataclass(slots=True, frozen=True)
class Snippet:
    """A piece of text and the places in it to mark, as (start, end) in order and not overlapping."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()

    def marked(self, before: str = "[", after: str = "]") -> str:
        """Return the text with every mark put between `before` and `after`. Escape first where it goes into HTML."""
        return "".join(before + piece + after if mark else piece for piece, mark in self.pieces())

    def pieces(self) -> list[tuple[str, bool]]:
        """Return the text cut at the marks: (piece, whether it is marked)."""
        found: list[tuple[str, bool]] = []
        place = 0
        for start, end in self.marks:
            found += [(self.text[place:start], False), (self.text[start:end], True)]
            place = end
        found.append((self.text[place:], False))
        return [piece for piece in found if piece[0]]


def find_places(text: str, patterns: Iterable[re.Pattern[str]]) -> list[tuple[int, int]]:
    """Return where patterns for folded text match in the original `text`, merged where they overlap, in order."""
    folded, offsets = fold_with_offsets(text)
    found: list[tuple[int, int]] = []
    for pattern in patterns:
        for count, match in enumerate(pattern.finditer(folded)):
            if count >= MOST_PLACES:
                break
            found.append(match.span())
    if offsets is not None:
        # The end is where the last matched character ends, not where the next one begins: invisible ones may follow.
        found = [(offsets[start], offsets[end - 1] + 1) for start, end in found]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def mark(text: str, patterns: Sequence[re.Pattern[str]]) -> Snippet:
    """Return a whole text with its marks."""
    return Snippet(text, tuple(find_places(text, patterns)))


def cut(text: str, patterns: Sequence[re.Pattern[str]], *, length: int = 120) -> Snippet:
    """Return the piece of about `length` characters that holds most marks; the beginning where there are none.

    The piece begins after a sentence's end where one is near; "…" stands where text was left out.
    """
    places = find_places(text, patterns)
    start = _best_start(places, length, len(text))
    if start:
        head = max((text.rfind(sign, max(0, start - length // 4), start + 1) for sign in _BREAKS), default=-1)
        start = head + 1 if head >= 0 else start
    end = min(len(text), start + length)
    piece = text[start:end]
    lead = "…" if start else ""
    shift = len(lead) - start
    marks = tuple(
        (max(first, start) + shift, min(last, end) + shift) for first, last in places if first < end and last > start
    )
    return Snippet(lead + piece.replace("\n", " ").replace("\u3000", " ") + ("…" if end < len(text) else ""), marks)


def _best_start(places: list[tuple[int, int]], length: int, whole: int) -> int:
    if not places or whole <= length:
        return 0
    starts = [start for start, _ in places]
    best, most = starts[0], 0
    for index, start in enumerate(starts[:200]):
        count = bisect_left(starts, start + length * 3 // 4) - index
        if count > most:
            best, most = start, count
    return max(0, best - length // 4)
