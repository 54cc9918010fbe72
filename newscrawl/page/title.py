"""The title of a page: headings, og:title and <title> checked against each other, the site's suffix cut."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newscrawl.page.marks import HINT_TITLE
from newscrawl.page.metadata import CREDIT, DATE

if TYPE_CHECKING:
    from newscrawl.page.walk import Block, Document

_SEPARATOR = re.compile(
    r"\s*[|｜]\s*|\s*_+\s*|\s+[-–—－]+\s*|\s*[-–—－]+\s+|\s*--+\s*|\s+[·•>»]\s+|[-－](?=[^-－]{2,16}$)"
)
_NO_TITLE = re.compile(r"copyright|all rights reserved|版权所有|版權所有|ICP备", re.IGNORECASE)
_NO_HEADING = re.compile(
    r"[。；]|[，、]$|\d{4}[-/.年]\s?\d|来源|來源|作者|编辑|分享|字号|评论|首页|>>|»|打印|记者|http"
)
_HEADINGS = frozenset(("h1", "h2", "h3"))
_WORD = re.compile(r"[^\W\d_]{2}")
_SITE_NAME = re.compile(
    r"^.{2,10}(?:网|網|网站|網站|首页|首頁|频道|頻道|日报|日報|晚报|晚報|在线|在線|电视台|電視台|广播|正文)$"
)
#: The time of publication in brackets behind the title: 【11:25】.
_CLOCK = re.compile(r"\s*[【\[(（]\s*\d{1,2}[:：]\d\d\s*[】\])）]\s*$")


def plain(text: str) -> str:
    """Return a text without punctuation and white space, for comparing."""
    return (text if text.isalnum() else "".join(filter(str.isalnum, text))).lower()


@dataclass(slots=True)
class Headline:
    """The title and the index of the block that shows it (-1 where only the head has it)."""

    text: str
    index: int = -1


def find_title(document: Document, stop: int | None = None) -> Headline:
    """Find the title: the block that the head's titles agree with, else the head's title without the site's name.

    stop: only blocks before this one are looked at (the title does not follow the body).
    """
    social = document.metas.get("og:title", "")
    heads = [plain(text) for text in (document.title, social) if text]
    squeezed = f"{document.title}\n{social}".replace(" ", "")
    tags, hints = document.box_tag, document.box_hint
    best, best_score = -1, 0.0
    for index, block in enumerate(document.blocks[:stop]):
        text = block.text
        if not 4 <= len(text) <= 120:
            continue
        if (
            tags[block.box] in _HEADINGS
            or hints[block.box] & HINT_TITLE
            or text[:3] in squeezed
            or text[-3:] in squeezed
        ):
            score = _score(document, block, heads)
            if score > best_score and not _NO_TITLE.search(text):
                best, best_score = index, score
    if best_score >= 3.0:
        return Headline(_completed(document, best, heads), best)
    named = cut_site(social or document.title)
    if stop is not None:
        nearest = _nearest_heading(document, stop)
        if nearest.text and (not named or _is_better(document, nearest, named, stop)):
            return nearest
    return Headline(named)


def _completed(document: Document, index: int, heads: list[str]) -> str:
    """Return a title block with its second line, where the head's title goes on with it (副题, subtitle)."""
    text = _CLOCK.sub("", document.blocks[index].text)
    if index + 1 < len(document.blocks):
        following = document.blocks[index + 1].text
        joined = plain(text + following)
        if 4 <= len(following) <= 60 and _WORD.search(following) and any(whole.startswith(joined) for whole in heads):
            return f"{text}{following}" if following.startswith(("—", "：", ":")) else f"{text} {following}"
    return text


def _is_better(document: Document, nearest: Headline, named: str, stop: int) -> bool:
    """Tell whether the line above the body is a better title than what the head says, which may be the site's name."""
    prose = "".join(block.text for block in document.blocks[stop : stop + 12])
    ours, theirs = _echo(nearest.text, prose), _echo(named, prose)
    tag = document.box_tag[document.blocks[nearest.index].box]
    if tag in ("h1", "h2", "h3", "h4", "h5") and len(named) <= 12:
        return True
    if _SITE_NAME.search(named):
        return True
    if tag in _HEADINGS and _echo(named, nearest.text) >= 0.6:
        return True  # the page's own wording of the head's title
    if len(named) <= 8 and 2 * len(named) < len(nearest.text) and nearest.index + 1 < stop:
        below = document.blocks[nearest.index + 1].text
        return DATE.search(below) is not None or CREDIT.search(below) is not None
    return ours >= 0.4 and ours > theirs + 0.2


def _echo(title: str, prose: str) -> float:
    """Share of a title's character pairs that the body's beginning repeats; a site's name has few of them."""
    text = plain(title)
    pairs = [text[at : at + 2] for at in range(len(text) - 1)]
    return sum(pair in prose for pair in pairs) / len(pairs) if pairs else 0.0


def _score(document: Document, block: Block, heads: list[str]) -> float:
    tag = document.box_tag[block.box]
    score = 3.0 if tag == "h1" else 1.0 if tag in ("h2", "h3") else 0.0
    if document.box_hint[block.box] & HINT_TITLE:
        score += 1.0
    text = plain(block.text)
    share = 0.0
    if len(text) >= 4:
        if any(whole.startswith(text) for whole in heads):
            score += 4.0 + len(text) / 20
            share = len(text) / max(len(whole) for whole in heads)
        elif len(text) >= 8 and any(whole.endswith(text) for whole in heads):
            score += 3.0 + len(text) / 20
        elif any(text in whole for whole in heads):
            score += 1.0 + len(text) / 20
    if block.linked * 2 > len(block.text):
        score -= 1.0 if share > 0.5 else 3.0
    return score


def _nearest_heading(document: Document, stop: int) -> Headline:
    """Return the line before the body that could be a title, for pages whose head names none.

    Of the last ten lines a heading is preferred, else the last one.
    """
    found = Headline("")
    for index in range(stop - 1, max(stop - 11, -1), -1):
        block = document.blocks[index]
        if 8 <= len(block.text) <= 60 and not block.linked and not _NO_HEADING.search(block.text):
            if document.box_tag[block.box] in _HEADINGS or document.box_hint[block.box] & HINT_TITLE:
                return Headline(_CLOCK.sub("", block.text), index)
            found = found if found.text else Headline(block.text, index)
    return found


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
