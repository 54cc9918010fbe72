"""Reading a page by a site's own selectors, and checking that against the generic way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from selectolax.lexbor import SelectolaxError

from newscrawl.page.xpath import XPathTree, is_xpath

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selectolax.lexbor import LexborHTMLParser

    from newscrawl.page.types import Layout
    from newscrawl.page.walk import Document

BODY, TITLE, META, DROP = "body", "title", "meta", "drop"
#: Shortest text, in characters, of an element that counts as a body.
MIN_BODY = 20
#: Share of common text under which a layout and the generic way disagree.
AGREEMENT = 0.5


def choose_layout(tree: LexborHTMLParser, layouts: Sequence[Layout]) -> tuple[Layout | None, dict[int, str], list[str]]:
    """Return the first layout that finds its body, the marks of its elements, and notes on those that failed.

    A layout without a body selector counts as found where its title is. Raises ValueError, naming the layout, for a
    selector that is neither CSS nor XPath.
    """
    notes: list[str] = []
    paths = XPathTree(tree)
    for layout in layouts:
        marks: dict[int, str] = {}
        for selector in layout.drops:
            marks.update((node.mem_id, DROP) for node in _nodes(tree, paths, layout, selector))
        for selector, mark in ((layout.meta_line, META), (layout.title, TITLE)):
            marks.update((node.mem_id, mark) for node in _nodes(tree, paths, layout, selector)[:3])
        found = _nodes(tree, paths, layout, layout.body)
        bodies = [node for node in found if len((node.text() or "").strip()) >= MIN_BODY]
        marks.update((node.mem_id, BODY) for node in bodies)
        if bodies or (not layout.body and TITLE in marks.values()):
            return layout, marks, notes
        notes.append(f"layout {layout.name} found no {'body' if layout.body else 'title'}")
    return None, {}, notes


def marked_blocks(document: Document, mark: str) -> list[int]:
    """Return the blocks inside the boxes that a layout marked, in page order, without dropped ones."""
    inside: set[int] = set()
    for box, name in document.marked.items():
        if name == mark:
            inside.update(range(document.box_first[box], document.box_last[box]))
    for box, name in document.marked.items():
        if name == DROP:
            inside.difference_update(range(document.box_first[box], document.box_last[box]))
    return sorted(inside)


def agreement(document: Document, ours: list[int], theirs: list[int]) -> float:
    """Return how much of the text two choices of blocks share: 0 to 1."""

    def size(indexes: set[int]) -> int:
        return sum(len(document.blocks[index].text) for index in indexes)

    union = size(set(ours) | set(theirs))
    return size(set(ours) & set(theirs)) / union if union else 1.0


def _nodes(tree: LexborHTMLParser, paths: XPathTree, layout: Layout, selector: str) -> list[Any]:
    if not selector:
        return []
    try:
        return paths.find(selector) if is_xpath(selector) else list(tree.css(selector))
    except (SelectolaxError, ValueError) as error:
        raise ValueError(f"layout {layout.name}: the selector {selector!r} cannot be read: {error}") from error
