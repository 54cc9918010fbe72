"""`read_page`: everything that one parse of a page gives."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from newscrawl.items import Article, Candidate, ExtractorRecord, Image, article_id
from newscrawl.page.body import Body, find_body
from newscrawl.page.charset import decode
from newscrawl.page.guard import harmless
from newscrawl.page.kind import page_kind
from newscrawl.page.links import absolute, find_feeds, find_links, find_next, is_part_of, site_of
from newscrawl.page.metadata import head_candidates, line_candidates, tail_candidates
from newscrawl.page.title import Headline, find_title
from newscrawl.page.trim import trim
from newscrawl.page.types import Layout, Page
from newscrawl.page.walk import Document, walk
from newscrawl.text.urls import CANONICAL_VERSION, canonicalize

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newscrawl.page.profile import SiteProfile

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

    html: the body of the response, bytes as they came or text.
    url: the address it came from; relative links are resolved against it.
    encoding: the charset of the HTTP header, a hint that the bytes may overrule.
    layouts: the site's own selectors, tried in order before the generic way.
    profile: what was learned of the site; never needed.
    fetched_at: when the page was fetched; kept with the article.
    Returns a Page; never raises on any input.
    """
    decoded = decode(html, encoding)
    text = harmless(decoded.text)
    # valid UTF-8 goes to the parser as it is: its own decoding and encoding would be the same
    native = isinstance(html, bytes) and decoded.encoding == "utf-8" and text is decoded.text and "\ufffd" not in text
    tree = LexborHTMLParser(html if native else text)
    document = walk(tree)
    headline, body = _read(document)
    if (body is None or body.weight < SHORT) and document.hidden:
        shown = walk(tree, show_hidden=True)
        second = _read(shown)
        if second[1] is not None and second[1].weight > 4 * (body.weight if body else 0.0) + SHORT:
            document, (headline, body) = shown, second
    page = Page(url=url, kind="article", find_links=partial(find_links, document, url), feeds=find_feeds(document, url))
    page.kind, page.reason = page_kind(document, headline, body, url, text)
    page.canonical_url = _canonical_link(document, url)
    if body is not None and page.kind in WITH_ARTICLE:
        page.article = _article(document, headline, body, page, fetched_at)
    next_url = find_next(document, url)
    if next_url and page.article is not None and is_part_of(next_url, url):
        page.next_part = next_url
    elif page.article is None:
        page.next_list = next_url
    return page


def _read(document: Document) -> tuple[Headline, Body | None]:
    """Find title and body; each helps to find the other."""
    headline = find_title(document)
    body = find_body(document, headline.index)
    if body is not None and body.kept and (headline.index >= body.kept[0] or headline.index < 0):
        headline = find_title(document, _first_prose(document, body.kept))
    return headline, body


def _article(document: Document, headline: Headline, body: Body, page: Page, fetched_at: datetime | None) -> Article:
    kept = trim(document, body.kept, headline)
    blocks = document.blocks
    url, canonical = page.url, page.canonical_url
    first, last = (kept[0], kept[-1]) if kept else (document.box_first[body.box], document.box_last[body.box] - 1)
    candidates = [
        *line_candidates(document, headline.index, first),
        *head_candidates(document),
        *tail_candidates(document, last + 1),
        Candidate("date", url, "url"),
    ]
    text = "\n".join(blocks[index].text for index in kept)
    return Article(
        url=url,
        canonical_url=canonical,
        id=article_id(canonical),
        canonical_version=CANONICAL_VERSION,
        page_kind=page.kind,
        title=headline.text,
        body=text,
        body_raw=text,
        published_raw=next((entry.text for entry in candidates if entry.field == "date"), ""),
        byline_raw=" ".join(entry.text for entry in candidates if entry.field == "credit"),
        images=_images(document, body, url),
        language=document.language,
        candidates=candidates,
        extractor=ExtractorRecord("generic", EXTRACTOR_VERSION),
        fetched_at=fetched_at,
    )


def _first_prose(document: Document, kept: list[int]) -> int:
    """Return the first kept block that is a paragraph, else the first kept block."""
    return next((index for index in kept if len(document.blocks[index].text) >= 60), kept[0])


def _images(document: Document, body: Body, url: str) -> list[Image]:
    first, end = body.box, document.box_end[body.box]
    found = []
    for attributes, _, box in document.images:
        if first <= box < end:
            address = absolute(url, attributes.get("data-original") or attributes.get("data-src") or attributes.get("src") or "")
            if address:
                found.append(Image(address, (attributes.get("alt") or "").strip()))
    return found


def _canonical_link(document: Document, url: str) -> str:
    for link in document.head_links:
        if (link.get("rel") or "").lower() == "canonical":
            address = absolute(url, link.get("href") or "")
            if address and site_of(address) == site_of(url):
                return canonicalize(address)
    return canonicalize(url)
