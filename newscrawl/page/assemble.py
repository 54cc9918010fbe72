"""The Article of a page from what title, body and metadata gave: raw strings, images, attachments, section."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.items import Article, Candidate, Image, article_id
from newscrawl.page.foreign import foreign_body, is_foreign
from newscrawl.page.layouts import META, marked_blocks
from newscrawl.page.leftovers import leftovers
from newscrawl.page.links import absolute, site_of
from newscrawl.page.marks import HINT_CRUMB
from newscrawl.page.metadata import (
    CREDIT,
    DATE,
    anchors_between,
    author_links,
    head_candidates,
    line_candidates,
    section_links,
    tail_candidates,
)
from newscrawl.page.select import is_caption, is_furniture
from newscrawl.page.title import plain
from newscrawl.text.urls import CANONICAL_VERSION, canonicalize

if TYPE_CHECKING:
    from datetime import datetime

    from newscrawl.page.body import Body
    from newscrawl.page.title import Headline
    from newscrawl.page.types import Page
    from newscrawl.page.walk import Document

_ATTACHMENT = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|zip|rar|7z|ofd|csv)(?:$|\?)", re.IGNORECASE)
#: Of a breadcrumb's label; scraper mirrors write 當(dāng)前, with the reading behind the character.
_CRUMB_HEAD = re.compile(
    r"^.{0,8}?(?:[当當](?:\(\w{1,6}\))?前的?|目前|您的|你的|所在的?|[现現](?:\(\w{1,6}\))?在的?)位置(?:是)?\s*[:：]?\s*"
)
_CRUMB_PART = re.compile(r"\s*(?:>+|»|\u203a|→|＞+|/|\\|::|·|-)\s*")
#: Parts of a breadcrumb that name no section: home page, text.
_CRUMB_IDLE = frozenset(
    ("首页", "首頁", "正文", "内容", "內容", "网站首页", "主页", "新闻详情", "详情", "home", "文章")
)
#: Where the home page is, by its name or by that of the portal.
_HOME = re.compile(r"^(?:/|(?:https?:)?//www\.[^/]+/?)$")
_SECTION_METAS = ("article:section", "og:article:section", "columnname")
_SUBTITLE_NAMES = re.compile(r"sub-?_?tit|subhead|futi|fubiaoti|fu_?title|deck|standfirst", re.IGNORECASE)
_ICON = re.compile(
    r"(?:icon|logo|qrcode|erweima|weixin|share|blank|spacer|loading|avatar|btn|button|arrow|dot)"
    r"[\w.-]{0,60}\.(?:png|gif|jpe?g|svg)"
)
_IMAGE_SOURCES = ("data-original", "data-src", "data-lazy-src", "data-echo", "src")


def assemble(
    document: Document,
    headline: Headline,
    body: Body,
    kept: list[int],
    page: Page,
    source: str,
    fetched_at: datetime | None,
) -> Article:
    """Make the Article; source is the whole page, for the extractor of pages that are not Chinese."""
    blocks = document.blocks
    first, last = (kept[0], kept[-1]) if kept else (document.box_first[body.box], document.box_last[body.box] - 1)
    candidates = _candidates(document, headline, kept or [first, last], page.url)
    text = "\n".join(blocks[index].text for index in kept)
    if is_foreign(text):
        text = foreign_body(source, page.url) or text
    images = _images(document, body, first, last, page.url)
    return Article(
        url=page.url,
        canonical_url=page.canonical_url,
        id=article_id(page.canonical_url),
        canonical_version=CANONICAL_VERSION,
        page_kind=page.kind,
        section=_section(document, headline, first),
        title=headline.text,
        subtitle=_subtitle(document, headline, first),
        body=text,
        body_raw=text,
        published_raw=next((entry.text for entry in candidates if entry.field == "date" and entry.origin != "url"), ""),
        byline_raw=" ".join(dict.fromkeys(entry.text for entry in candidates if entry.field == "credit")),
        images=images,
        removed=leftovers(document, body, kept, {image.caption for image in images}),
        attachments=_attachments(document, first, last, page.url),
        language=document.language,
        candidates=candidates,
        fetched_at=fetched_at,
    )


def canonical_link(document: Document, url: str) -> str:
    """Return the canonical address: of rel=canonical where that is on the site and no home page, else of the URL."""
    for link in document.head_links:
        if (link.get("rel") or "").lower() == "canonical":
            address = absolute(url, link.get("href") or "")
            if address and site_of(address) == site_of(url) and address.rstrip("/").count("/") > 2:
                return canonicalize(address)
    return canonicalize(url)


def _candidates(document: Document, headline: Headline, kept: list[int], url: str) -> list[Candidate]:
    first, last = kept[0], kept[-1]
    found: list[Candidate] = []
    if document.marked:
        for index in marked_blocks(document, META):
            text = document.blocks[index].text
            if DATE.search(text):
                found.append(Candidate("date", text, "line"))
            if CREDIT.search(text):
                found.append(Candidate("credit", text, "line"))
    found.extend(line_candidates(document, headline.index, first))
    found.extend(head_candidates(document))
    found.extend(author_links(document, headline.index, first, last))
    found.extend(tail_candidates(document, kept))
    found.append(Candidate("date", url, "url"))
    return found


def _section(document: Document, headline: Headline, first: int) -> str:
    """Return the breadcrumb without home page, "正文" (text) and the title itself, joined by " > ".

    Pages without one may name the section in a meta element or by a link on the meta line.
    """
    for index, block in enumerate(document.blocks[: max(first, 0)]):
        text = block.text
        if len(text) > 120:
            continue
        head = _CRUMB_HEAD.match(text) if "位置" in text else None
        if not head and not (document.box_hint[block.box] & HINT_CRUMB and block.linked):
            continue
        text = text[head.end() :] if head else text
        for href, name, _ in anchors_between(document, index, index + 1):
            if name and _HOME.match(href.strip()):
                text = text.replace(name, "首页", 1)
        parts = [part.strip(" 　:：") for part in _CRUMB_PART.split(text)]
        title = plain(headline.text)
        wanted = [
            part
            for part in parts
            if part and part.lower() not in _CRUMB_IDLE and plain(part) != title and len(part) <= 20
        ]
        if wanted:
            return " > ".join(wanted)
    named = next((document.metas[name] for name in _SECTION_METAS if name in document.metas), "")
    if named or headline.index < 0:
        return named[:20]
    return next(iter(section_links(document, headline.index + 1, first).values()), "")


def _subtitle(document: Document, headline: Headline, first: int) -> str:
    """Return the second line of the headline (副题), where the page marks it by a dash or a name."""
    for index in range(headline.index + 1, min(headline.index + 3, first)):
        if headline.index < 0:
            return ""
        block = document.blocks[index]
        marked = block.text.startswith(("—", "--")) or _SUBTITLE_NAMES.search(document.box_names[block.box])
        if marked and 4 <= len(block.text) <= 80 and plain(block.text) not in plain(headline.text):
            return block.text.strip("—- ")
    return ""


def _images(document: Document, body: Body, first: int, last: int, url: str) -> list[Image]:
    """Return the images between the first and the last paragraph, with the caption that stands by."""
    found: dict[str, Image] = {}
    captions = [index for index in range(max(first - 1, 0), last + 2) if _is_caption_at(document, index)]
    start, end = body.box, document.box_end[body.box]
    for attributes, index, box in document.images:
        if not (start <= box < end and first - 1 <= index <= last + 1) or is_furniture(document, box, start):
            continue
        source = next(
            (value for name in _IMAGE_SOURCES if (value := attributes.get(name)) and not value.startswith("data:")), ""
        )
        address = absolute(url, source)
        if address and not _ICON.search(address.lower()):
            near = next((caption for caption in captions if index <= caption <= index + 1), -1)
            shown = document.blocks[near].text if near >= 0 else attributes.get("alt") or attributes.get("title") or ""
            found.setdefault(address, Image(address, shown.strip()))
    return list(found.values())


def _is_caption_at(document: Document, index: int) -> bool:
    return index < len(document.blocks) and is_caption(document, index)


def _attachments(document: Document, first: int, last: int, url: str) -> list[str]:
    """Return the addresses of documents that the body, or what follows it closely, links to."""
    found = [
        absolute(url, href) for href, _, _ in anchors_between(document, first, last + 7) if _ATTACHMENT.search(href)
    ]
    return list(dict.fromkeys(address for address in found if address))
