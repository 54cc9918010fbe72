"""Exact doubles: a hash of the text that does not see script, width, case, punctuation or layout."""

from __future__ import annotations

import hashlib

from newscrawl.dedup.normalise import letters

#: A folded body shorter than this says too little by itself (flash news, picture captions): the title is
#: hashed too.
SHORT_BODY = 40


def content_hash(title: str, body: str) -> str:
    """Return 40 hex digits, the same for articles with the same text; "" where there is no text at all.

    title, body: restored text. The body decides, since portals change headlines; the title counts only where
    the body has fewer than SHORT_BODY characters.
    """
    text = letters(body)
    if len(text) < SHORT_BODY:
        text = f"{letters(title)}\n{text}"
        if text == "\n":
            return ""
    return hashlib.sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
