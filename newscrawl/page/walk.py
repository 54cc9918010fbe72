"""The one walk over a parsed page: blocks of text in their boxes, links, images, metadata.

A box is a block-level element; a block is a run of text between two box borders (or line breaks). Boxes are numbered
in document order and know the last box inside them, so that "everything within" is a slice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newscrawl.page.marks import HINT_BODY, hint_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selectolax.lexbor import LexborHTMLParser

_TEXT, _INLINE, _BREAK, _SKIP, _LINK, _IMAGE, _SCRIPT, _META, _HEAD_LINK, _TITLE, _MEDIA, _INPUT, _TIME, _BASE = range(1, 15)
_BLOCK = 0

_ACTIONS = {"-text": _TEXT, "br": _BREAK, "hr": _BREAK, "a": _LINK, "img": _IMAGE, "script": _SCRIPT, "meta": _META}
_ACTIONS |= {"link": _HEAD_LINK, "title": _TITLE, "input": _INPUT, "time": _TIME, "base": _BASE}
_ACTIONS |= dict.fromkeys(("video", "audio", "iframe", "embed", "object"), _MEDIA)
_ACTIONS |= dict.fromkeys(
    "span font b strong i em u s small big sub sup label abbr mark code cite q bdi bdo wbr ruby rb ins del tt kbd var "
    "nobr acronym strike dfn samp data".split(),
    _INLINE,
)
_ACTIONS |= dict.fromkeys(
    "style noscript textarea select svg math template button plaintext xmp noembed noframes canvas map datalist rp rt "
    "-comment !doctype -document progress meter dialog".split(),
    _SKIP,
)

_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|!|$)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)"
    r"|(?:left|top|right|text-indent|margin-left|margin-top)\s*:\s*-\d{3,}(?:px|pt|em|%)"
    r"|(?:^|[;\s])(?:max-)?(?:height|width)\s*:\s*[01](?:px)?\s*;.{0,120}?overflow\s*:\s*hidden"
    r"|overflow\s*:\s*hidden.{0,120}?(?:^|[;\s])(?:max-)?(?:height|width)\s*:\s*[01](?:px)?\s*(?:;|$)",
    re.IGNORECASE | re.DOTALL,
)
_COLOUR = re.compile(r"(?:^|[;\s])color\s*:\s*([#\w]{3,20})", re.IGNORECASE)
_BACKGROUND = re.compile(r"background(?:-color)?\s*:\s*([#\w]{3,20})", re.IGNORECASE)
_CJK_LINE_BREAK = re.compile(r"(?<=[\u2e80-\u9fff\uf900-\uffef])\s*\n\s*(?=[\u2e80-\u9fff\uf900-\uffef])")


class Block:
    """A run of text: the box it stands in, its text, and how many characters of it are link text."""

    __slots__ = ("box", "linked", "strong", "text")

    def __init__(self, text: str, box: int, linked: int, strong: int) -> None:
        self.text = text
        self.box = box
        self.linked = linked
        self.strong = strong


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


def walk(tree: LexborHTMLParser, *, marks: Mapping[int, str] | None = None, show_hidden: bool = False) -> Document:
    """Walk over a parsed page once.

    marks: layout fields by `mem_id` of the elements that a layout's selectors found; they come back as `marked`.
    show_hidden: also go into elements that are not displayed (a second try on pages that show their text by script).
    """
    walker = _Walker(marks or {}, show_hidden)
    root = tree.root
    if root is not None:
        walker.run(root)
    return walker.document


class _Walker:
    """The state of one walk; the walk is a loop with its own stack, since pages nest as deeply as they like."""

    def __init__(self, marks: Mapping[int, str], show_hidden: bool) -> None:
        self.document = Document()
        self.marks = marks
        self.show_hidden = show_hidden
        self.parts: list[str] = []
        self.linked = 0
        self.strong = 0
        self.box = 0
        self.anchor: list[str] | None = None
        self.anchor_href = ""
        self.stack: list[tuple[Any, int]] = []

    def run(self, root: Any) -> None:
        """Visit every node in document order; what an element means is decided by `_ACTIONS`."""
        actions, stack, parts = _ACTIONS, self.stack, self.parts
        self._open_box("html", "", 0)
        node = root
        while node is not None:
            tag = node.tag
            action = actions.get(tag, _BLOCK)
            if action == _TEXT:
                text = node.text_content
                parts.append(text)
                if self.anchor is not None:
                    self.anchor.append(text)
                    self.linked += len(text.strip())
            elif action == _BREAK:
                self._flush()
            elif action != _SKIP and self._enter(node, tag, action):
                child = node.first_child
                if child is not None:
                    stack.append((node, action))
                    node = child
                    continue
                self._leave(action)
            following = node.next
            while following is None and stack:
                node, action = stack.pop()
                self._leave(action)
                following = node.next
            node = following
        self._flush()
        self._leave(_BLOCK)

    def _enter(self, node: Any, tag: str, action: int) -> bool:
        """Handle the start of an element; return whether to go into it."""
        attributes = node.attributes
        if action == _BLOCK or action == _INLINE:
            if attributes:
                if not self.show_hidden and self._is_hidden(attributes):
                    self.document.hidden += 1
                    return False
                names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".strip()
            else:
                names = ""
            if action == _BLOCK:
                self._flush()
                self._open_box(tag, names, hint_of(names) if names else 0)
                if self.marks:
                    mark = self.marks.get(node.mem_id)
                    if mark:
                        self.document.marked[self.box] = mark
                if tag == "html":
                    self.document.language = attributes.get("lang") or attributes.get("xml:lang") or ""
            return True
        return self._enter_special(node, attributes, action)

    def _enter_special(self, node: Any, attributes: dict[str, str | None], action: int) -> bool:
        document = self.document
        if action == _LINK:
            if not self.show_hidden and attributes.get("style") and self._is_hidden(attributes):
                return False
            self.anchor = []
            self.anchor_href = attributes.get("href") or ""
            return True
        if action == _IMAGE:
            document.images.append((attributes, len(document.blocks), self.box))
        elif action == _META:
            name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
            content = attributes.get("content")
            if name and content:
                document.metas.setdefault(name.strip().lower(), content.strip())
        elif action == _SCRIPT:
            self._script(node, attributes)
        elif action == _HEAD_LINK:
            document.head_links.append(attributes)
        elif action == _TITLE:
            document.title = document.title or " ".join((node.text() or "").split())
        elif action == _MEDIA:
            document.media.append((attributes.get("src") or attributes.get("data") or node.tag, self.box))
        elif action == _INPUT:
            document.passwords += (attributes.get("type") or "").lower() == "password"
        elif action == _TIME:
            stamp = attributes.get("datetime")
            if stamp:
                document.times.append((stamp, len(document.blocks)))
            return True
        elif action == _BASE:
            document.base = document.base or attributes.get("href") or ""
        return False

    def _script(self, node: Any, attributes: dict[str, str | None]) -> None:
        self.document.scripts += 1
        if "ld+json" in (attributes.get("type") or "").lower():
            child = node.first_child
            if child is not None:
                self.document.json_ld.append(child.text_content or "")

    def _is_hidden(self, attributes: dict[str, str | None]) -> bool:
        style = attributes.get("style")
        if style:
            hidden = _HIDDEN_STYLE.search(style) is not None
            if not hidden and "olor" in style:
                hidden = _same_colour(style)
        else:
            hidden = False
        if not hidden and "hidden" not in attributes:
            return False
        return not hint_of(f"{attributes.get('class') or ''} {attributes.get('id') or ''}") & HINT_BODY

    def _leave(self, action: int) -> None:
        """Handle the end of an element that was entered."""
        if action == _BLOCK:
            self._flush()
            document = self.document
            document.box_last[self.box] = len(document.blocks)
            document.box_end[self.box] = len(document.box_tag)
            self.box = document.box_parent[self.box]
        elif action == _LINK and self.anchor is not None:
            text = " ".join("".join(self.anchor).split())
            self.document.anchors.append((self.anchor_href, text, len(self.document.blocks)))
            self.anchor = None

    def _open_box(self, tag: str, names: str, hint: int) -> None:
        document = self.document
        document.box_parent.append(self.box)
        self.box = len(document.box_tag)
        document.box_tag.append(tag)
        document.box_names.append(names)
        document.box_hint.append(hint)
        document.box_first.append(len(document.blocks))
        document.box_last.append(0)
        document.box_end.append(0)

    def _flush(self) -> None:
        """End the run of text that is being collected and keep it as a block."""
        if not self.parts:
            return
        text = "".join(self.parts)
        self.parts.clear()
        linked, self.linked = self.linked, 0
        if "\n" in text:
            text = _CJK_LINE_BREAK.sub("", text)
        text = " ".join(text.split())
        if text:
            self.document.blocks.append(Block(text, self.box, linked, self.strong))


def _same_colour(style: str) -> bool:
    colour, background = _COLOUR.search(style), _BACKGROUND.search(style)
    return bool(colour and background and colour.group(1).lower() == background.group(1).lower())
