"""`read_page`: everything that one parse of a page gives."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from newscrawl.items import ExtractorRecord
from newscrawl.page.assemble import assemble, canonical_link
from newscrawl.page.body import Body, box_path, find_body
from newscrawl.page.charset import decode
from newscrawl.page.guard import harmless, without_plaintext
from newscrawl.page.json_page import page_of_json
from newscrawl.page.kind import page_kind
from newscrawl.page.layouts import AGREEMENT, BODY, TITLE, agreement, choose_layout, marked_blocks
from newscrawl.page.links import find_doubles, find_feeds, find_links, find_next, find_numbered_part, is_part_of
from newscrawl.page.marks import family_of
from newscrawl.page.profile import Observation, SiteProfile
from newscrawl.page.select import is_caption
from newscrawl.page.title import Headline, find_title, plain
from newscrawl.page.trim import trim
from newscrawl.page.types import Layout, Page
from newscrawl.page.walk import Document, walk

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

#: Version of the extraction rules, kept with every article.
EXTRACTOR_VERSION = "1"
#: Kinds of pages that carry an article.
WITH_ARTICLE = frozenset(("article", "gallery", "video"))
#: Weight of prose under which text that is not displayed gets a second look.
SHORT = 60.0


def read_page(
    html: bytes | str,
    url: str,
    *,
    encoding: str | None = None,
    layouts: Sequence[Layout] = (),
    profile: SiteProfile | None = None,
    fetched_at: datetime | None = None,
) -> Page:
    """Read a page: its kind, its article with raw strings, its links.

    html: the body of the response, bytes as they came or text; HTML, or the JSON with which an app's API answers.
    url: the address it came from; relative links are resolved against it.
    encoding: the charset of the HTTP header, a hint that the bytes may overrule.
    layouts: the site's own selectors, tried in order before the generic way.
    profile: what was learned of the site; never needed.
    fetched_at: when the page was fetched; kept with the article.
    Returns a Page. Raises ValueError for a layout whose selector is neither CSS nor XPath, nothing else.
    """
    decoded = decode(html, encoding)
    text = harmless(page_of_json(decoded.text) or decoded.text)
    # valid UTF-8 goes to the parser as it is: its own decoding and encoding would be the same
    tree = LexborHTMLParser(html if decoded.valid_utf8 and text is decoded.text else text)
    layout, marks, notes = choose_layout(tree, layouts) if layouts else (None, {}, [])
    document = walk(tree, marks=marks)
    if document.plaintext:
        tree = LexborHTMLParser(without_plaintext(text))
        document = walk(tree)
    headline, body = _read(document, profile)
    if (body is None or body.weight < SHORT) and document.hidden:
        shown = walk(tree, marks=marks, show_hidden=True)
        second = _read(shown, profile)
        if second[1] is not None and second[1].weight > 4 * (body.weight if body else 0.0) + SHORT:
            document, (headline, body) = shown, second
    if layout is not None:
        headline, body = _by_layout(document, layout, headline, body, notes)
    page = Page(url=url, kind="article", find_links=partial(find_links, document, url), feeds=find_feeds(document, url))
    page.doubles = find_doubles(document, url)
    page.notes = notes
    page.kind, page.reason = page_kind(document, headline, body, url, text)
    page.canonical_url = canonical_link(document, url)
    if body is not None and page.kind in WITH_ARTICLE:
        kept = trim(document, body.kept, headline)
        page.observation = _observe(document, headline, body, kept)
        page.family = family_of(" ".join(document.box_names[box] for box in _around(document, body.box)), url)
        page.article = assemble(document, headline, body, kept, page, text, fetched_at)
        name = layout.name if layout is not None else "generic"
        version = EXTRACTOR_VERSION if profile is None else f"{EXTRACTOR_VERSION}+{profile.version}"
        page.article.extractor = ExtractorRecord(name, version)
        page.article.notes.extend(notes)
    _find_followers(document, page, text)
    return page


def _read(document: Document, profile: SiteProfile | None) -> tuple[Headline, Body | None]:
    """Find title and body; each helps to find the other."""
    tail = profile.suffix_of(document.title) if profile is not None and document.title else ""
    if tail:
        document.title = document.title.removesuffix(tail)
    headline = find_title(document)
    body = find_body(document, headline.index, profile)
    if body is not None and body.kept:
        prose = _first_prose(document, body.kept, headline)
        if headline.index >= prose or headline.index < 0:
            headline = find_title(document, prose)
    return headline, body


def _by_layout(
    document: Document, layout: Layout, headline: Headline, body: Body | None, notes: list[str]
) -> tuple[Headline, Body | None]:
    """Put what the layout found in the place of the generic title and body; disagreement is noted."""
    titles = marked_blocks(document, TITLE)
    if titles:
        headline = Headline(" ".join(document.blocks[index].text for index in titles)[:300], titles[-1])
    kept = [index for index in marked_blocks(document, BODY) if not is_caption(document, index)]
    if not kept:
        return headline, body
    generic = body.kept if body else []
    shared = agreement(document, kept, generic)
    if shared < AGREEMENT:
        notes.append(f"layout {layout.name} and the generic way share {shared:.0%} of the body")
    box = min(box for box, mark in document.marked.items() if mark == BODY)
    weight = float(sum(len(document.blocks[index].text) for index in kept))
    return headline, Body(box, kept, weight, weight, box_path(document, box))


def _observe(document: Document, headline: Headline, body: Body, kept: list[int]) -> Observation:
    """Note what the page can teach a site profile."""
    title, shown = document.title, headline.text
    suffix = title[len(shown) :] if shown and title.startswith(shown) and 1 < len(title) - len(shown) <= 60 else ""
    return Observation(tuple(document.blocks[index].text for index in kept), body.path, suffix)


def _around(document: Document, box: int) -> list[int]:
    boxes: list[int] = []
    while box and len(boxes) < 4:
        boxes.append(box)
        box = document.box_parent[box]
    return boxes


def _find_followers(document: Document, page: Page, source: str) -> None:
    """Set the next part of an article, or the next page of a list."""
    next_url = find_next(document, page.url, source if page.article is None else "")
    if page.article is None:
        page.next_list = next_url
    elif next_url and is_part_of(next_url, page.url):
        page.next_part = next_url
    else:
        page.next_part = find_numbered_part(document, page.url)


def _first_prose(document: Document, kept: list[int], headline: Headline) -> int:
    """Return the first kept block that is a paragraph, else the first kept block; the title is neither."""
    title, first = plain(headline.text), -1
    for index in kept:
        text = document.blocks[index].text
        if index == headline.index or (len(text) <= 2 * len(headline.text) and plain(text) == title):
            continue
        if len(text) >= 30 and "，" in text and ("。" in text or len(text) >= 50):
            return index
        if first < 0:
            first = index
    return first if first >= 0 else kept[-1] + 1
