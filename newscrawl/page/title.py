"""The title of a page: headings, og:title and <title> checked against each other, the site's suffix cut."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.page.marks import HINT_TITLE

if TYPE_CHECKING:
    from newscrawl.page.walk import Document

_SEPARATOR = re.compile(r"\s*[|｜]\s*|\s*_+\s*|\s+[-–—－]+\s*|\s*[-–—－]+\s+|\s*(?:--+|——)\s*|\s+[·•>»]\s+|[-－](?=[^-－]{2,16}$)")
_PLAIN = re.compile(r"[^\w]|_")


def plain(text: str) -> str:
    """Return a text without punctuation and white space, for comparing."""
    return _PLAIN.sub("", text).lower()


def find_title(document: Document, until: int) -> tuple[str, int]:
    """Return the title and the index of the block that shows it (-1 where it is only in the head).

    until: index of the first block of the body; headings after it are no titles.
    """
    head = [text for text in (document.title, document.metas.get("og:title", "")) if text]
    plain_heads = [plain(text) for text in head]
    best, best_score, best_index = "", 0.0, -1
    for index, block in enumerate(document.blocks[: max(until, 0) + 3]):
        size = len(block.text)
        if size < 4 or size > 120:
            continue
        tag = document.box_tag[block.box]
        hint = document.box_hint[block.box]
        text = plain(block.text)
        if not text:
            continue
        score = 0.0
        if any(whole.startswith(text) for whole in plain_heads):
            score = 4.0 + len(text) / 50
        elif any(text in whole for whole in plain_heads):
            score = 2.0 + len(text) / 50
        if tag == "h1":
            score += 3.0
        elif tag in ("h2", "h3"):
            score += 1.0
        if hint & HINT_TITLE:
            score += 1.0
        if block.linked * 2 > size:
            score -= 3.0
        if score > best_score:
            best, best_score, best_index = block.text, score, index
    if best_score >= 3.0:
        return best, best_index
    for text in (document.metas.get("og:title", ""), document.title):
        if text:
            return cut_site(text), -1
    return best, best_index


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
