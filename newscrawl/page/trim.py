"""What stands at the head and the tail of a body and is no part of it: title, meta line, bars."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from newscrawl.page.metadata import DATE
from newscrawl.page.title import plain
from newscrawl.page.words import alternatives

if TYPE_CHECKING:
    from newscrawl.page.title import Headline
    from newscrawl.page.walk import Document

#: Signs of prose, or of a dateline on a line of its own (新华社…电, …讯, …报道：).
_PROSE = re.compile(r"[，。！？；…]|[”」』]$|(?:讯|訊|电|電|报道|報導|消息)[：:]?$|日[电電讯訊](?=[\s(（：:])")
#: Labels of a meta line; a line "本报记者 …" (by our reporter) is left to the chain, which reads it.
_LABEL = re.compile(r"(?:来源|來源|稿源|作者|编辑|編輯|责编|責編|发布|發布|时间|時間|日期)\s*[:：]|(?:来源|來源)于")
_DATELINE = re.compile(r"[^，。]{0,24}?(?:讯|訊|电|電|消息)\s*(?:[（(][^（()）]{0,40}[)）])?\s*")
_BAR = re.compile(alternatives("bars"))


def trim(document: Document, kept: list[int], headline: Headline) -> list[int]:
    """Return the kept blocks without title, meta line and bars before the first paragraph.

    A line with the punctuation of prose is never dropped, so that a lead survives.
    """
    title = plain(headline.text)
    start = bisect_right(kept, headline.index)
    for position, index in enumerate(kept[start : start + 12], start):
        text = document.blocks[index].text
        if (title and plain(text) == title and not text.endswith("，")) or (
            len(text) < 90
            and not _PROSE.search(text)
            and (DATE.search(text) or _LABEL.search(text) or _BAR.search(text))
        ):
            start = position + 1
        elif len(text) >= 30:
            break
    start += _is_excerpt(document, kept[start : start + 2])
    stop = len(kept)
    while stop > start and _is_bar(document.blocks[kept[stop - 1]].text):
        stop -= 1
    return kept[start:stop]


def _is_excerpt(document: Document, kept: list[int]) -> bool:
    """Tell whether the first of two blocks is an excerpt that the portal made: in a box of its own, and no more than
    how the next one begins after its dateline.
    """
    if len(kept) < 2:
        return False
    first, second = document.blocks[kept[0]], document.blocks[kept[1]]
    parents = document.box_parent
    if len(first.text) < 15 or first.box == second.box or parents[first.box] == parents[second.box]:
        return False
    dateline = _DATELINE.match(second.text)
    return second.text.startswith(first.text.rstrip("….。 "), dateline.end() if dateline else 0)


def _is_bar(text: str) -> bool:
    """Tell whether a line at the end is a bar of buttons."""
    return len(text) < 60 and not _PROSE.search(text) and _BAR.search(text) is not None
