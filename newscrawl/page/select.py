"""Which blocks of the chosen box belong to the article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.page.marks import HINT_CAPTION, HINT_NOISE
from newscrawl.page.words import alternatives

if TYPE_CHECKING:
    from newscrawl.page.walk import Document

_SENTENCE = re.compile(r"[。！？!?]")
#: Longest caption of an image, in characters.
MAX_CAPTION = 150
PARAGRAPHS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre"))
#: The heading of a block of other articles: 相关阅读 (related reading), 延伸·推荐 (further, recommended).
_LABEL = re.compile(
    rf"^[\W_]{{0,6}}(?:{alternatives('label_heads')}).{{0,6}}?(?:{alternatives('label_tails')})[\W_]{{0,6}}$"
)


def is_label(text: str) -> bool:
    """Tell whether a line is the heading of a block of other articles or of comments."""
    return len(text) <= 16 and _LABEL.match(text) is not None


def select(document: Document, best: int, weights: list[float], values: list[float], noise: set[int]) -> list[int]:
    """Return the blocks of the chosen box that belong to the article."""
    first, last, end = document.box_first, document.box_last, document.box_end
    dropped: set[int] = set()
    box = best + 1
    while box < end[best]:
        if box in noise or (values[box] < -20 and _is_link_box(document, box)):
            dropped.update(range(first[box], last[box]))
            box = end[box]
            continue
        box += 1
    kept: list[int] = []
    done = 0.0
    for index in range(first[best], last[best]):
        if index in dropped:
            continue
        block = document.blocks[index]
        if done > 0.5 * values[best] and (is_label(block.text) or _starts_another(document, kept[-1], index)):
            break
        if block.linked * 2 > len(block.text) and len(block.text) < 60:
            continue
        if is_caption(document, index):
            continue
        done += max(weights[index], 0.0)
        kept.append(index)
    return _within_main(document, best, kept, weights)


def is_caption(document: Document, index: int) -> bool:
    """Tell whether a block is the caption of an image, by the tag or name of its box."""
    box = document.blocks[index].box
    for _ in range(2):
        if document.box_tag[box] == "figcaption" or document.box_hint[box] & HINT_CAPTION:
            return len(document.blocks[index].text) <= MAX_CAPTION
        box = document.box_parent[box]
    return False


def is_furniture(document: Document, box: int, best: int) -> bool:
    """Tell whether a box inside the body's box is, or stands in, one whose name says advertisement or the like."""
    while box > best:
        if document.box_hint[box] & HINT_NOISE:
            return True
        box = document.box_parent[box]
    return False


def _starts_another(document: Document, before: int, index: int) -> bool:
    """Tell whether a block is the heading of another article: an h1 that does not stand among the paragraphs."""
    box, other = document.blocks[index].box, document.blocks[before].box
    parents = document.box_parent
    return document.box_tag[box] == "h1" and parents[box] not in (parents[other], other)


def _within_main(document: Document, best: int, kept: list[int], weights: list[float]) -> list[int]:
    """Drop what stands outside the box of most of the prose, behind a gap: a second article, a footer, a teaser."""
    main = _main_box(document, best, kept, weights)
    if main == best:
        return kept
    first, last = document.box_first[main], document.box_last[main]
    before = [index for index in kept if index < first]
    inside = [index for index in kept if first <= index < last]
    after = [index for index in kept if index >= last]
    edge = inside[-1] if inside else last - 1
    for position, index in enumerate(after):
        if _is_gap(document, edge, index) or not _SENTENCE.search(document.blocks[index].text):
            del after[position:]
            break
        edge = index
    edge = inside[0] if inside else first
    for position in range(len(before) - 1, -1, -1):
        if _is_gap(document, before[position], edge):
            before = [index for index in before[: position + 1] if weights[index] >= 40] + before[position + 1 :]
            break
        edge = before[position]
    return before + inside + after


def _main_box(document: Document, best: int, kept: list[int], weights: list[float]) -> int:
    """Return the smallest box with more than half of the kept prose; what follows a gap counts half."""
    sums: dict[int, float] = {}
    parents = document.box_parent
    total, factor, before = 0.0, 1.0, -1
    for index in kept:
        weight = weights[index] * factor
        if weight <= 0:
            continue
        if before >= 0 and total > 60 and factor == 1.0 and _is_gap(document, before, index):
            factor = 0.5
            weight *= factor
        before = index
        total += weight
        box = document.blocks[index].box
        while box != best and box:
            sums[box] = sums.get(box, 0.0) + weight
            box = parents[box]
    holders = [box for box, weight in sums.items() if weight > 0.5 * total]
    main = max(holders, default=best)
    if main != best and document.box_tag[main] in PARAGRAPHS:
        main = parents[main]
    return main


def _is_gap(document: Document, before: int, after: int) -> bool:
    """Tell whether two blocks are parted by links, by much else, or by the heading of another article."""
    between = document.blocks[before + 1 : after]
    if len(between) >= 4 or sum(block.linked for block in between) >= 30:
        return True
    return document.box_tag[document.blocks[after].box] == "h1"


def _is_link_box(document: Document, box: int) -> bool:
    blocks = document.blocks[document.box_first[box] : document.box_last[box]]
    size = sum(len(block.text) for block in blocks)
    return sum(block.linked for block in blocks) * 2 > size
