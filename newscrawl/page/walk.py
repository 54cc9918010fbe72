"""The one walk over a parsed page: blocks of text in their boxes, links, images, metadata.

A box is a block-level element; a block is a run of text between two box borders (or line breaks). Boxes are numbered
in document order and know the last box inside them, so that "everything within" is a slice.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newscrawl.page.marks import HINT_BODY, hint_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selectolax.lexbor import LexborHTMLParser

(
    _BLOCK,
    _INLINE,
    _TEXT,
    _BREAK,
    _SKIP,
    _LINK,
    _IMAGE,
    _SCRIPT,
    _META,
    _HEAD_LINK,
    _TITLE,
    _MEDIA,
    _INPUT,
    _TIME,
    _BASE,
    _PLAINTEXT,
) = range(16)

_ACTIONS = {"-text": _TEXT, "br": _BREAK, "hr": _BREAK, "a": _LINK, "img": _IMAGE, "script": _SCRIPT, "meta": _META}
_ACTIONS |= {
    "link": _HEAD_LINK,
    "title": _TITLE,
    "input": _INPUT,
    "time": _TIME,
    "base": _BASE,
    "plaintext": _PLAINTEXT,
}
_ELEMENTS: dict[str, list[str]] = json.loads((Path(__file__).parent / "data" / "elements.json").read_text("utf-8"))
_ACTIONS |= dict.fromkeys(_ELEMENTS["media"], _MEDIA)
_ACTIONS |= dict.fromkeys(_ELEMENTS["inline"], _INLINE)
_ACTIONS |= dict.fromkeys(_ELEMENTS["skip"], _SKIP)
#: Name and action by the parser's number of an element, which it tells twice as fast as the name; filled when first
#: met. Numbers from _OWN_NUMBERS on are a document's own (elements that HTML does not know).
_KNOWN: dict[int, tuple[str, int]] = {}
_OWN_NUMBERS = 256
_TEXT_NUMBER = 2

#: Elements with content that are looked at; a page of 5 MB has 100,000, one made to hurt has millions.
MAX_ELEMENTS = 500_000

_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|!|$)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)"
    r"|(?:left|top|right|text-indent|margin-left|margin-top)\s*:\s*-\d{3,}(?:px|pt|em|%)"
    r"|(?:^|[;\s])(?:max-)?(?:height|width)\s*:\s*[01](?:px)?\s*;.{0,120}?overflow\s*:\s*hidden"
    r"|overflow\s*:\s*hidden.{0,120}?(?:^|[;\s])(?:max-)?(?:height|width)\s*:\s*[01](?:px)?\s*(?:;|$)",
    re.DOTALL,
)
#: Longer styles are not remembered.
_SHORT_STYLE = 200
_COLOUR = re.compile(r"(?:^|[;\s])color\s*:\s*([#\w]{3,20})")
_BACKGROUND = re.compile(r"background(?:-color)?\s*:\s*([#\w]{3,20})")
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\uffef]")


class Block:
    """A run of text: the box it stands in, its text, and how many characters of it are link text."""

    __slots__ = ("box", "linked", "text")

    def __init__(self, text: str, box: int, linked: int) -> None:
        self.text = text
        self.box = box
        self.linked = linked


@dataclass(slots=True)
class Document:
    """What the walk saw. The `box_*` lists run in parallel; `box_first`/`box_last` bound its blocks (half-open)."""

    box_tag: list[str] = field(default_factory=list)
    box_parent: list[int] = field(default_factory=list)
    box_names: list[str] = field(default_factory=list)
    box_hint: list[int] = field(default_factory=list)
    box_first: list[int] = field(default_factory=list)
    box_last: list[int] = field(default_factory=list)
    box_end: list[int] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    anchors: list[tuple[str, str, int]] = field(default_factory=list)
    images: list[tuple[dict[str, str | None], int, int]] = field(default_factory=list)
    times: list[tuple[str, int]] = field(default_factory=list)
    metas: dict[str, str] = field(default_factory=dict)
    head_links: list[dict[str, str | None]] = field(default_factory=list)
    json_ld: list[str] = field(default_factory=list)
    marked: dict[int, str] = field(default_factory=dict)
    title: str = ""
    base: str = ""
    language: str = ""
    scripts: int = 0
    script_text: str = ""
    media: list[tuple[str, int]] = field(default_factory=list)
    passwords: int = 0
    hidden: int = 0
    plaintext: bool = False


def walk(tree: LexborHTMLParser, *, marks: Mapping[int, str] | None = None, show_hidden: bool = False) -> Document:
    """Walk over a parsed page once.

    marks: layout fields by `mem_id` of the elements that a layout's selectors found; they come back as `marked`.
    show_hidden: also go into elements that are not displayed (a second try on pages that show their text by script).
    """
    walker = _Walker(marks or {}, show_hidden)
    document = walker.document
    root = tree.root
    if root is not None:
        document.language = root.attributes.get("lang") or root.attributes.get("xml:lang") or ""
        walker.run(root)
    if 0 in document.box_end:  # the walk was broken off inside these boxes
        for box, end in enumerate(document.box_end):
            if not end:
                document.box_end[box], document.box_last[box] = len(document.box_tag), len(document.blocks)
    return document


def _known(number: int, node: Any) -> tuple[str, int]:
    """Return name and action of an element that is met for the first time."""
    name = node.tag
    found = (name, _ACTIONS.get(name, _BLOCK))
    if number < _OWN_NUMBERS:
        _KNOWN[number] = found
    return found


class _Walker:
    """The state of one walk; the walk is a loop with its own stack, since pages nest as deeply as they like."""

    def __init__(self, marks: Mapping[int, str], show_hidden: bool) -> None:
        self.document = Document()
        self.marks = marks
        self.show_hidden = show_hidden

    def run(self, root: Any) -> None:  # noqa: C901  one loop for speed: a call per node would double its cost
        """Visit every node in document order; what an element means is decided by `_ACTIONS`."""
        document, known, marks, show_hidden = self.document, _KNOWN, self.marks, self.show_hidden
        blocks, anchors, lasts, ends = document.blocks, document.anchors, document.box_last, document.box_end
        tags, parents, names = document.box_tag, document.box_parent, document.box_names
        hints, firsts = document.box_hint, document.box_first
        stack: list[tuple[Any, int, int]] = []
        parts: list[str] = []
        anchor: list[str] | None = None
        href = ""
        linked = box = shown_at = 0
        budget = MAX_ELEMENTS
        node = root
        while True:
            number = node.tag_id
            if number == _TEXT_NUMBER:
                if not node.is_empty_text_node:
                    text = node.text_content
                    parts.append(text)
                    if anchor is not None:
                        if not anchor:
                            shown_at = len(blocks)
                        anchor.append(text)
                        linked += len(text.strip())
                elif parts:
                    parts.append(" ")
                following = node.next
                if following is not None:
                    node = following
                    continue
            else:
                try:
                    tag, action = known[number]
                except KeyError:
                    tag, action = _known(number, node)
                if action == _SKIP:
                    pass
                elif action == _BREAK:
                    if parts:
                        _flush(blocks, parts, box, linked)
                        linked = 0
                else:
                    attributes = node.attributes
                    outside = box
                    if action <= _INLINE:
                        enter = True
                        if marks and node.mem_id in marks:
                            action = _BLOCK
                        if attributes and not show_hidden and ("style" in attributes or "hidden" in attributes):
                            enter = not _is_hidden(attributes)
                            document.hidden += not enter
                        if action == _BLOCK and enter:
                            if parts:
                                _flush(blocks, parts, box, linked)
                                linked = 0
                            name = ""
                            if attributes:
                                name = attributes.get("class") or ""
                                identifier = attributes.get("id")
                                if identifier:
                                    name = f"{name} {identifier}"
                            box = len(ends)
                            tags.append(tag)
                            parents.append(outside)
                            names.append(name)
                            hints.append(hint_of(name) if name else 0)
                            firsts.append(len(blocks))
                            lasts.append(0)
                            ends.append(0)
                            if marks and node.mem_id in marks:
                                document.marked[box] = marks[node.mem_id]
                    elif action == _LINK:
                        enter = show_hidden or "style" not in attributes or not _is_hidden(attributes)
                        if enter:
                            href = attributes.get("href") or ""
                            child = node.first_child
                            if child is not None and child.tag_id == _TEXT_NUMBER and child.next is None:
                                # most links: one text and nothing else
                                text = child.text_content
                                shown = " ".join(text.split())
                                anchors.append((href, shown, len(blocks)))
                                parts.append(text)
                                linked += len(shown)
                                enter = False
                            else:
                                anchor = []
                    else:
                        enter = self._enter_special(node, attributes, action, box)
                    if enter:
                        child = node.first_child
                        if child is not None:
                            budget -= 1
                            if budget < 0:
                                return
                            stack.append((node, action, outside))
                            node = child
                            continue
                        if action == _BLOCK:
                            lasts[box], ends[box] = len(blocks), len(ends)
                            box = outside
                        elif action == _LINK:
                            anchor = None
            following = node.next
            while following is None:
                if not stack:
                    return
                node, action, outside = stack.pop()
                if action == _BLOCK:
                    if parts:
                        _flush(blocks, parts, box, linked)
                        linked = 0
                    lasts[box], ends[box] = len(blocks), len(ends)
                    box = outside
                elif action == _LINK and anchor is not None:
                    anchors.append((href, " ".join("".join(anchor).split()), shown_at if anchor else len(blocks)))
                    anchor = None
                following = node.next
            node = following

    def _enter_special(self, node: Any, attributes: dict[str, str | None], action: int, box: int) -> bool:
        """Handle an element that is neither text, block, inline nor link; return whether to go into it."""
        document = self.document
        if action == _IMAGE:
            document.images.append((attributes, len(document.blocks), box))
        elif action == _META:
            _keep_meta(document.metas, attributes)
        elif action == _SCRIPT:
            self._script(node, attributes)
        elif action == _HEAD_LINK:
            document.head_links.append(attributes)
        elif action == _TITLE and not document.title:
            document.title = " ".join((node.text() or "").split())
        elif action == _MEDIA:
            document.media.append((attributes.get("src") or attributes.get("data") or node.tag, box))
        elif action == _INPUT and (attributes.get("type") or "").lower() == "password":
            document.passwords += 1
        elif action == _TIME:
            stamp = attributes.get("datetime")
            if stamp:
                document.times.append((stamp, len(document.blocks)))
            return True
        elif action == _BASE:
            document.base = document.base or attributes.get("href") or ""
        elif action == _PLAINTEXT:
            document.plaintext = True
        return False

    def _script(self, node: Any, attributes: dict[str, str | None]) -> None:
        self.document.scripts += 1
        if "ld+json" in (attributes.get("type") or "").lower():
            child = node.first_child
            if child is not None:
                self.document.json_ld.append(child.text_content or "")


def _keep_meta(metas: dict[str, str], attributes: Mapping[str, str | None]) -> None:
    name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
    content = attributes.get("content")
    name = name or attributes.get("http-equiv")
    if name and content:
        metas.setdefault(name.strip().lower(), content.strip())


def _flush(blocks: list[Block], parts: list[str], box: int, linked: int) -> None:
    """End the run of text that is being collected and keep it as a block."""
    text = "".join(parts)
    parts.clear()
    text = _in_one_line(text) if "\n" in text else " ".join(text.split())
    if text:
        blocks.append(Block(text, box, linked))


def _in_one_line(text: str) -> str:
    """Join lines; a line break between two characters of Chinese, Japanese or Korean is no space."""
    lines = list(filter(None, map(" ".join, map(str.split, text.split("\n")))))
    if len(lines) < 2:
        return lines[0] if lines else ""
    joined = [lines[0]]
    for before, line in pairwise(lines):
        joined.append(line if _CJK.match(before[-1]) and _CJK.match(line) else f" {line}")
    return "".join(joined)


def _is_hidden(attributes: Mapping[str, str | None]) -> bool:
    """Tell whether an element is not displayed; bodies with a known mark are shown by script, and count as shown."""
    style = attributes.get("style")
    hidden = "hidden" in attributes
    if style and not hidden:
        hidden = _hides(style) if len(style) <= _SHORT_STYLE else _hides.__wrapped__(style)
    if not hidden:
        return False
    return not hint_of(f"{attributes.get('class') or ''} {attributes.get('id') or ''}") & HINT_BODY


@lru_cache(maxsize=4096)
def _hides(style: str) -> bool:
    """Tell whether a style makes an element unseen; the pages of a site have few styles, again and again."""
    style = style.lower()
    return _HIDDEN_STYLE.search(style) is not None or ("color" in style and _same_colour(style))


def _same_colour(style: str) -> bool:
    colour, background = _COLOUR.search(style), _BACKGROUND.search(style)
    return bool(colour and background and colour.group(1) == background.group(1))
