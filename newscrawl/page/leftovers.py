"""What the page shows in and right behind the article and the body leaves out: kept beside the text, for audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.items import Removed

if TYPE_CHECKING:
    from collections.abc import Collection

    from newscrawl.page.body import Body
    from newscrawl.page.walk import Document

#: Rules under which the pieces stand in Article.removed: inside the article's box, and right behind it.
INSIDE, BEHIND = "page-noise", "page-tail"
#: So many blocks behind the box are noted; what is further away is another part of the page.
MOST_BEHIND = 8
MOST_INSIDE = 200
LONGEST = 2000


def leftovers(document: Document, body: Body, kept: list[int], captions: Collection[str] = ()) -> list[Removed]:
    """Return the blocks of the body's box that are not in the body, from its first paragraph on, and the next few.

    captions: texts that went to the images; they are not lost.
    """
    if not kept:
        return []
    blocks, chosen = document.blocks, frozenset(kept)
    end = max(document.box_last[body.box], kept[-1] + 1)
    inside = [index for index in range(kept[0], end) if index not in chosen]
    found = [(INSIDE, index) for index in inside[-MOST_INSIDE:]]
    found += [(BEHIND, index) for index in range(end, min(end + MOST_BEHIND, len(blocks)))]
    return [
        Removed(rule, blocks[index].text[:LONGEST])
        for rule, index in found
        if blocks[index].text and blocks[index].text not in captions
    ]
