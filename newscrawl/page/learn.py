"""Learn a layout from a site's pages: the selectors under which the generic way found body, title and meta line.

Only what holds on all the pages is taken, and only where reading by it gives the same article as reading without.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from newscrawl.page.charset import decode
from newscrawl.page.guard import harmless
from newscrawl.page.read import read_page
from newscrawl.page.types import Layout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from selectolax.lexbor import LexborNode

    from newscrawl.items import Article

#: So many pages have to agree.
LEAST_PAGES = 3
#: Elements of a page that are looked at.
MOST_ELEMENTS = 20_000
#: Share of the body's text that its element may have beyond it: what trimming takes off, but no whole page.
MOST_EXTRA = 1.0

_ELEMENTS = "div,td,section,article,main,span,p,h1,h2,h3,font,strong,ul,dl,header,time,em,i"
_NAME = re.compile(r"[A-Za-z_][\w-]{0,60}", re.ASCII)
_NUMBER = re.compile(r"\d{3,}")
_SPACE = re.compile(r"\s+")


@dataclass(slots=True, frozen=True)
class SamplePage:
    """A page of an article: its body as it came, its address, the charset of the HTTP header."""

    html: bytes | str
    url: str
    encoding: str | None = None


def learn_layout(pages: Sequence[SamplePage], *, name: str, since: date | None = None) -> Layout | None:
    """Return the layout that articles of one site share, None where they share none.

    pages: articles of different days and sections; pages that carry no article are passed over. name, since: those of
    the layout. Fields that the pages do not agree on stay empty.
    """
    read = [(page, read_page(page.html, page.url, encoding=page.encoding)) for page in pages]
    samples = [(page, found.article) for page, found in read if found.article is not None]
    if len(samples) < LEAST_PAGES:
        return None
    trees = [LexborHTMLParser(harmless(decode(page.html, page.encoding).text)) for page, _ in samples]
    articles = [article for _, article in samples]
    body = _agreed(trees, articles, _is_body)
    if not body:
        return None
    layout = Layout(name, body=body, since=since)
    if not _reads_the_same(samples, layout):
        return None
    title, meta_line = _agreed(trees, articles, _is_title), _agreed(trees, articles, _is_meta)
    for fuller in (replace(layout, title=title, meta_line=meta_line), replace(layout, meta_line=meta_line)):
        if _reads_the_same(samples, fuller):
            return fuller
    return layout


def _agreed(
    trees: Sequence[LexborHTMLParser], articles: Sequence[Article], test: Callable[[str, Article], bool]
) -> str:
    """Return the selector whose one element passes a test on every page; of several that with the least text."""
    sizes: Counter[str] = Counter()
    pages: Counter[str] = Counter()
    for tree, article in zip(trees, articles, strict=True):
        found: dict[str, int] = {}
        for node in tree.css(_ELEMENTS)[:MOST_ELEMENTS]:
            selectors = list(_selectors(node))
            if not selectors:
                continue
            text = _plain(node.text() or "")
            if test(text, article):
                for selector in selectors:
                    if len(tree.css(selector)) == 1:
                        found[selector] = len(text)
        pages.update(found.keys())
        sizes.update(found)
    everywhere = [selector for selector, count in pages.items() if count == len(trees)]
    return min(everywhere, key=lambda selector: (sizes[selector], selector[0] != "#", selector), default="")


def _selectors(node: LexborNode) -> Iterable[str]:
    """Yield CSS selectors for an element by its id and class names; names with long numbers belong to one page."""
    for attribute, mark in (("id", "#"), ("class", ".")):
        for name in (node.attributes.get(attribute) or "").split()[:6]:
            if _NAME.fullmatch(name) and not _NUMBER.search(name):
                yield f"{node.tag}{mark}{name}" if mark == "." else f"#{name}"


def _is_body(text: str, article: Article) -> bool:
    lines = [_plain(line) for line in article.body.split("\n")]
    size = sum(map(len, lines))
    return size <= len(text) <= size * (1 + MOST_EXTRA) + 200 and all(line in text for line in lines)


def _is_title(text: str, article: Article) -> bool:
    return bool(text) and text == _plain(article.title)


def _is_meta(text: str, article: Article) -> bool:
    raw = _plain(article.published_raw)
    return bool(raw) and len(text) <= 200 and raw in text and _plain(article.title) not in text


def _reads_the_same(samples: Sequence[tuple[SamplePage, Article]], layout: Layout) -> bool:
    for page, article in samples:
        ours = read_page(page.html, page.url, encoding=page.encoding, layouts=(layout,)).article
        if ours is None or ours.extractor.layout != layout.name:
            return False
        if _plain(ours.body) != _plain(article.body) or ours.title != article.title:
            return False
    return True


def _plain(text: str) -> str:
    return _SPACE.sub("", text)
