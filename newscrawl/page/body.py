"""The generic body: the box of greatest weight, without what is no part of the article inside it."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newscrawl.page.marks import HINT_BODY, HINT_NOISE
from newscrawl.page.select import PARAGRAPHS, select
from newscrawl.page.words import alternatives

if TYPE_CHECKING:
    from newscrawl.page.profile import SiteProfile
    from newscrawl.page.walk import Block, Document

#: Marks of prose in the scripts of Chinese portals. A full stop counts at the end of a word only.
_MARKS = "，。！？；、“,،؛؟།༎\u1802\u1803"
# They begin with one set of characters, so that the search runs from one of them to the next.
_PROSE = re.compile(rf"[{_MARKS}.](?:(?<!\.)|(?=\s|$))")
_PUNCTUATION = re.compile(rf"[：{_MARKS}.](?:(?<!\.)|(?=\s|$))")
#: Prose that every page of a site carries: rights, rules for comments. Two of these words make a block no evidence.
_LEGAL = re.compile(alternatives("legal"))
_COLON = re.compile(r"[:：]\s*\S")
_NUMBERS = re.compile(r"\d+")
_NOISE_TAGS = frozenset(("aside", "nav", "footer", "menu"))
_NEVER_NOISE = frozenset(("html", "body", "article", "main"))


@dataclass(slots=True)
class Body:
    """The chosen box, the blocks kept of it (their indexes, in order), and the weight that made it win."""

    box: int
    kept: list[int]
    weight: float
    total: float
    path: str = ""


def block_weight(block: Block) -> float:
    """Return how much a block speaks for its box being the article: characters of prose less those of links."""
    text = block.text
    size, linked = len(text), block.linked
    if linked * 2 > size:
        return -(8.0 + 0.6 * size)
    punctuation = len(_PUNCTUATION.findall(text))
    if punctuation == 0:
        return -4.0 if size < 30 else 2.0
    if size < 10 or (punctuation <= 2 and size < 60 and not _PROSE.search(text) and _COLON.search(text)):
        return 0.0
    if size < 600 and len(set(_LEGAL.findall(text))) >= 2:
        return -6.0
    return min(float(size - linked), 20.0 * punctuation) + 5.0 * punctuation - 1.5 * linked


def find_body(document: Document, title_index: int = -1, profile: SiteProfile | None = None) -> Body | None:
    """Choose the box that holds the article and the blocks of it that belong to the article; None where there is none.

    title_index: the block that shows the title; prose before it is not of the article.
    profile: what is known of the site: a box where its bodies stood is preferred, its repeated lines are dropped.
    """
    weights = [block_weight(block) for block in document.blocks]
    before = sum(weight for weight in weights[: title_index + 1] if weight > 0)
    if before < 3 * sum(weight for weight in weights[title_index + 1 :] if weight > 0):
        for index in range(title_index + 1):
            weights[index] = min(weights[index], 0.0)
    _silence_excerpts(document, weights)
    total = sum(weight for weight in weights if weight > 0)
    if total <= 0:
        return None
    noise = _silence_noise(document, weights, total, title_index)
    values = _values(document, weights)
    highest = max(values)
    best = values.index(highest)
    if highest <= 0:
        return None
    while document.box_tag[best] in PARAGRAPHS and values[document.box_parent[best]] > 0.6 * highest:
        best = document.box_parent[best]  # one paragraph is not the body of its siblings
    if profile is not None and profile.boxes:
        known = [
            box
            for box, value in enumerate(values)
            if value > 0.6 * highest and profile.is_body_box(box_path(document, box))
        ]
        best = max(known, key=values.__getitem__, default=best)
    kept = select(document, best, weights, values, noise)
    if profile is not None and profile.lines.pages:
        kept = [index for index in kept if not profile.is_repeated(document.blocks[index].text)]
    return Body(best, kept, values[best], total, box_path(document, best))


def box_path(document: Document, box: int) -> str:
    """Return where a box stands: tags and class names of it and its two nearest ancestors, numbers taken out."""
    parts = []
    for _ in range(3):
        parts.append(f"{document.box_tag[box]}.{document.box_names[box].strip()[:60]}")
        if not box:
            break
        box = document.box_parent[box]
    return _NUMBERS.sub("0", " < ".join(parts))


def _values(document: Document, weights: list[float]) -> list[float]:
    """Return the weight of every box with its worthless parts cut out, each cut at a price.

    The price keeps a wrapper of the whole page from winning; it is bounded, since a body with a long list of
    recommendations in its middle is still the body.
    """
    values = [0.0] * len(document.box_tag)
    worthless = values[:]
    for block, weight in zip(document.blocks, weights, strict=True):
        box = block.box
        if weight < 0:
            worthless[box] += weight
        elif weight:
            values[box] += weight
            if worthless[box]:
                values[box] += _cut_out(worthless, box)
    parents = document.box_parent
    for box in range(len(values) - 1, 0, -1):
        value = values[box]
        if worthless[box]:
            value = values[box] = value + _cut_out(worthless, box)
        if value < 0:
            worthless[parents[box]] += value
        elif value:
            parent = parents[box]
            values[parent] += value
            if worthless[parent]:
                values[parent] += _cut_out(worthless, parent)
    if worthless[0]:
        values[0] += _cut_out(worthless, 0)
    return values


def _cut_out(worthless: list[float], box: int) -> float:
    """Return what it costs (below 0) to cut a run of neighbouring worthless parts out of a box."""
    run = worthless[box]
    worthless[box] = 0.0
    priced = 0.08 * run - 20.0
    return max(run, priced)


def _silence_excerpts(document: Document, weights: list[float]) -> None:
    """Take the weight of excerpts: paragraphs that each stand alone under a linked headline, in a list of such."""
    blocks = document.blocks
    alone = [
        index
        for index in range(1, len(blocks) - 1)
        if weights[index] > 0 >= weights[index + 1] and _is_link_line(blocks[index - 1])
    ]
    if len(alone) >= 4 or (len(alone) >= 2 and len(alone) == sum(weight > 0 for weight in weights)):
        for index in alone:
            weights[index] = 0.0


def _is_link_line(block: Block) -> bool:
    return len(block.text) >= 8 and block.linked >= 6 and block.linked * 5 > len(block.text) * 2


def _silence_noise(document: Document, weights: list[float], total: float, title_index: int) -> set[int]:
    """Take the weight of boxes whose names say noise; a box with much of the page's prose is not believed to be."""
    noise: set[int] = set()
    first, last, hints, tags = document.box_first, document.box_last, document.box_hint, document.box_tag
    named = [box for box, hint in enumerate(hints) if hint & HINT_NOISE or tags[box] in _NOISE_TAGS]
    bodies = [box for box, hint in enumerate(hints) if hint & HINT_BODY or tags[box] == "article"]
    covered = -1
    for box in named:
        if box < covered or tags[box] in _NEVER_NOISE or first[box] <= title_index < last[box]:
            continue
        end = document.box_end[box]
        following = bisect_left(bodies, box)
        if following < len(bodies) and bodies[following] < end:
            continue
        positive = [index for index in range(first[box], last[box]) if weights[index] > 0]
        if positive and sum([weights[index] for index in positive]) > 0.7 * total:
            continue
        noise.add(box)
        covered = end
        for index in positive:
            weights[index] = 0.0
    return noise
