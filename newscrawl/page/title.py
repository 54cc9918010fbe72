"""The title of a page: headings, og:title and <title> checked against each other, the site's suffix cut."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newscrawl.page.marks import HINT_TITLE

if TYPE_CHECKING:
    from newscrawl.page.walk import Document

_SEPARATOR = re.compile(r"\s*[|｜]\s*|\s*_+\s*|\s+[-–—－]+\s*|\s*[-–—－]+\s+|\s*(?:--+|——)\s*|\s+[·•>»]\s+|[-－](?=[^-－]{2,16}$)")
_PLAIN = re.compile(r"[^\w]|_")


def plain(text: str) -> str:
    """Return a text without punctuation and white space, for comparing."""
    return _PLAIN.sub("", text).lower()


@dataclass(slots=True)
class Headline:
    """The title and the index of the block that shows it (-1 where only the head has it)."""

    text: str
    index: int = -1


def find_title(document: Document) -> Headline:
    """Find the title: the block that the head's titles agree with, else the head's title without the site's name."""
    social = document.metas.get("og:title", "")
    heads = [plain(text) for text in (document.title, social) if text]
    best, best_score = -1, 0.0
    for index, block in enumerate(document.blocks):
        size = len(block.text)
        if not 4 <= size <= 120:
            continue
        tag = document.box_tag[block.box]
        heading = 3.0 if tag == "h1" else 1.0 if tag in ("h2", "h3") else 0.0
        hinted = 1.0 if document.box_hint[block.box] & HINT_TITLE else 0.0
        score = heading + hinted
        text = plain(block.text)
        if len(text) >= 4:
            if any(whole.startswith(text) for whole in heads):
                score += 4.0 + len(text) / 20
            elif any(text in whole for whole in heads):
                score += 1.0 + len(text) / 20
        if block.linked * 2 > size:
            score -= 3.0
        if score > best_score:
            best, best_score = index, score
    if best_score >= 3.0:
        return Headline(document.blocks[best].text, best)
    return Headline(cut_site(social or document.title))


def cut_site(title: str) -> str:
    """Cut what follows the headline in a <title>: channel and site names behind a separator."""
    parts = _SEPARATOR.split(title)
    parts = [part.strip() for part in parts if part and part.strip()]
    if not parts:
        return title.strip()
    first = parts[0]
    if len(first) >= 6 or len(parts) == 1:
        return first
    longest = max(parts, key=len)
    return longest if len(longest) >= 8 else first
