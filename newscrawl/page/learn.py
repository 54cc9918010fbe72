"""Learn a layout from a site's pages: the selectors under which the generic way found body, title and meta line.

Only what holds on nearly all the pages is taken, and only where reading by it gives the same article as without.
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

#: So many pages are needed, and such a share of them has to agree.
LEAST_PAGES = 3
AGREED = 0.8
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
    found = [(page, result.article) for page, result in read if result.article is not None]
    if len(found) < LEAST_PAGES:
        return None
    furniture = _furniture([article for _, article in found])
    samples = [
        _Sample(page, article, LexborHTMLParser(harmless(decode(page.html, page.encoding).text)), furniture)
        for page, article in found
    ]
    body = _agreed(samples, _is_body)
    title, meta_line = _agreed(samples, _is_title), _agreed(samples, _is_meta)
    if not body:
        return None
    layout = Layout(name, body=body, since=since)
    for fuller in (replace(layout, title=title, meta_line=meta_line), replace(layout, meta_line=meta_line), layout):
        if sum(_reads_the_same(sample, fuller) for sample in samples) >= AGREED * len(samples):
            return fuller
    return None


@dataclass(slots=True)
class _Sample:
    """A page with its article as the generic way reads it, and the lines that it shares with the other pages."""

    page: SamplePage
    article: Article
    tree: LexborHTMLParser
    furniture: frozenset[str]

    @property
    def lines(self) -> list[str]:
        """The lines of the body that are its own."""
        lines = [_plain(line) for line in self.article.body.split("\n")]
        return [line for line in lines if line not in self.furniture]


def _furniture(articles: Sequence[Article]) -> frozenset[str]:
    """Return the lines that stand in the bodies of half the pages or more: a layout may leave them out."""
    counts = Counter(line for article in articles for line in {_plain(line) for line in article.body.split("\n")})
    return frozenset(line for line, count in counts.items() if count > 1 and 2 * count >= len(articles))


def _agreed(samples: Sequence[_Sample], test: Callable[[str, _Sample], bool]) -> str:
    """Return the selector whose one element passes a test on the pages; of several that with the least text."""
    sizes: Counter[str] = Counter()
    pages: Counter[str] = Counter()
    for sample in samples:
        found: dict[str, int] = {}
        for node in sample.tree.css(_ELEMENTS)[:MOST_ELEMENTS]:
            selectors = list(_selectors(node))
            if not selectors:
                continue
            text = _plain(node.text() or "")
            if test(text, sample):
                found.update((name, len(text)) for name in selectors if len(sample.tree.css(name)) == 1)
        pages.update(found.keys())
        sizes.update(found)
    agreed = [selector for selector, count in pages.items() if count >= AGREED * len(samples)]
    return min(agreed, key=lambda name: (sizes[name] // pages[name], -pages[name], name[0] != "#", name), default="")


def _selectors(node: LexborNode) -> Iterable[str]:
    """Yield CSS selectors for an element by its id and class names; names with long numbers belong to one page."""
    for attribute, mark in (("id", "#"), ("class", ".")):
        for name in (node.attributes.get(attribute) or "").split()[:6]:
            if _NAME.fullmatch(name) and not _NUMBER.search(name):
                yield f"{node.tag}{mark}{name}" if mark == "." else f"#{name}"


def _is_body(text: str, sample: _Sample) -> bool:
    lines = sample.lines
    size = sum(map(len, lines))
    return size <= len(text) <= size * (1 + MOST_EXTRA) + 200 and all(line in text for line in lines)


def _is_title(text: str, sample: _Sample) -> bool:
    return bool(text) and text == _plain(sample.article.title)


def _is_meta(text: str, sample: _Sample) -> bool:
    raw = _plain(sample.article.published_raw)
    return bool(raw) and len(text) <= 200 and raw in text and _plain(sample.article.title) not in text


def _reads_the_same(sample: _Sample, layout: Layout) -> bool:
    """Tell whether a page read by a layout gives what the generic way gives, but for what all the pages share."""
    page = sample.page
    ours = read_page(page.html, page.url, encoding=page.encoding, layouts=(layout,)).article
    if ours is None or ours.extractor.layout != layout.name or ours.title != sample.article.title:
        return False
    lines = [_plain(line) for line in ours.body.split("\n")]
    return [line for line in lines if line not in sample.furniture] == sample.lines


def _plain(text: str) -> str:
    return _SPACE.sub("", text)
