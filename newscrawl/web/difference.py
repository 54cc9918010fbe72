"""What changed between two texts: paragraphs first, then clauses, then characters; bounded at each step."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newscrawl.items import Article

Kind = Literal["same", "added", "removed"]
Piece = tuple[Kind, str]

#: Longer lists are compared as one whole.
MOST_PARTS = 1500
#: Pairs of equal parts that a comparison may look at (difflib takes time by them, a second for about so many); what is
#: left after that is compared as one whole.
MOST_PAIRS = 4_000_000
#: Clauses of up to so many characters are compared character by character.
LONGEST_CLAUSE = 200
#: Paragraphs that stayed are shown so many before and after a change.
CONTEXT = 1
_CLAUSES = re.compile(r"[^，。！？；：、,.!?;:\s]*[，。！？；：、,.!?;:\s]*")

#: Fields that readers see, beside title and body.
FIELDS = (
    *("title", "subtitle", "published_day", "source", "agency", "dateline_place"),
    *("reporters", "correspondents", "photographers", "editors", "interns"),
)


@dataclass(slots=True, frozen=True)
class Block:
    """A paragraph in pieces, or (without pieces) `skipped` paragraphs that stayed as they were."""

    pieces: tuple[Piece, ...] = ()
    skipped: int = 0


@dataclass(slots=True)
class Difference:
    """fields: name -> pieces, of those that changed. blocks: the body. added, removed: characters of the body."""

    fields: dict[str, list[Piece]]
    blocks: list[Block]
    added: int = 0
    removed: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether readers see no difference."""
        return not (self.fields or self.added or self.removed)


@dataclass(slots=True)
class _Work:
    """What a comparison may still cost, in pairs of equal parts."""

    left: int = MOST_PAIRS

    def afford(self, before: Sequence[str], after: Sequence[str]) -> bool:
        """Pay for the comparison of two lists; False where it is too dear."""
        if len(before) > MOST_PARTS or len(after) > MOST_PARTS:
            return False
        counts = Counter(before)
        cost = len(before) + sum(counts[part] for part in after)
        if cost > self.left:
            return False
        self.left -= cost
        return True


def compare(before: Article, after: Article) -> Difference:
    """Return what readers see changed between two articles or versions."""
    fields = {}
    work = _Work()
    for name in FIELDS:
        old, new = (_shown(getattr(article, name)) for article in (before, after))
        if old != new:
            fields[name] = compare_lines(old, new, work)
    paragraphs = compare_paragraphs(before.body.split("\n"), after.body.split("\n"), work)
    pieces = [piece for paragraph in paragraphs for piece in paragraph]
    return Difference(
        fields,
        collapse(paragraphs),
        added=sum(len(text) for kind, text in pieces if kind == "added"),
        removed=sum(len(text) for kind, text in pieces if kind == "removed"),
    )


def _shown(value: object) -> str:
    return "、".join(value) if isinstance(value, list) else str(value)


def compare_paragraphs(before: Sequence[str], after: Sequence[str], work: _Work | None = None) -> list[list[Piece]]:
    """Return the paragraphs of both texts in pieces, in their order."""
    work = work or _Work()
    found: list[list[Piece]] = []
    for kind, old, new in _opcodes(before, after, work):
        if kind == "same":
            found += [[("same", text)] for text in old]
            continue
        for index in range(max(len(old), len(new))):
            if index < min(len(old), len(new)):
                found.append(compare_lines(old[index], new[index], work))
            elif index < len(old):
                found.append([("removed", old[index])])
            else:
                found.append([("added", new[index])])
    return [paragraph for paragraph in found if any(text for _, text in paragraph)]


def compare_lines(before: str, after: str, work: _Work | None = None) -> list[Piece]:
    """Return two paragraphs as one line of pieces."""
    work = work or _Work()
    pieces: list[Piece] = []
    old_clauses, new_clauses = (_CLAUSES.findall(text) for text in (before, after))
    for kind, old, new in _opcodes(old_clauses, new_clauses, work):
        old_text, new_text = "".join(old), "".join(new)
        if kind == "same":
            pieces.append(("same", old_text))
        elif max(len(old_text), len(new_text)) <= LONGEST_CLAUSE:
            pieces += _compare_characters(old_text, new_text, work)
        else:
            pieces += [("removed", old_text), ("added", new_text)]
    return _joined(pieces)


def _compare_characters(before: str, after: str, work: _Work) -> list[Piece]:
    pieces: list[Piece] = []
    for kind, old, new in _opcodes(before, after, work):
        if kind == "same":
            pieces.append(("same", "".join(old)))
        else:
            pieces += [("removed", "".join(old)), ("added", "".join(new))]
    same = sum(len(text) for kind, text in pieces if kind == "same")
    # Single characters that two different clauses happen to share make a rag rug.
    if 2 * same < min(len(before), len(after)):
        return [("removed", before), ("added", after)]
    return pieces


def _opcodes(
    before: Sequence[str], after: Sequence[str], work: _Work
) -> Iterable[tuple[str, Sequence[str], Sequence[str]]]:
    if not work.afford(before, after):
        yield ("same" if before == after else "changed"), before, after
        return
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        yield ("same" if kind == "equal" else "changed"), before[i:j], after[k:m]


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    found: list[Piece] = []
    for kind, text in pieces:
        if not text:
            continue
        if found and found[-1][0] == kind:
            found[-1] = (kind, found[-1][1] + text)
        else:
            found.append((kind, text))
    return found


def collapse(paragraphs: Sequence[Sequence[Piece]]) -> list[Block]:
    """Return the paragraphs that changed, with CONTEXT around them; the others are only counted."""
    changed = [index for index, pieces in enumerate(paragraphs) if any(kind != "same" for kind, _ in pieces)]
    shown = {index + shift for index in changed for shift in range(-CONTEXT, CONTEXT + 1)}
    blocks: list[Block] = []
    skipped = 0
    for index, pieces in enumerate(paragraphs):
        if index not in shown:
            skipped += 1
            continue
        if skipped:
            blocks.append(Block(skipped=skipped))
            skipped = 0
        blocks.append(Block(tuple(pieces)))
    if skipped:
        blocks.append(Block(skipped=skipped))
    return blocks
