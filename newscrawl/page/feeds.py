"""RSS and Atom feeds: what they announce, read forgivingly and without Scrapy."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape, unescape
from urllib.parse import urljoin

from newscrawl.page.charset import decode

_ITEM = re.compile(r"<(item|entry)\b[^>]*>(.*?)(?=</\1\s*>|<\1\b|\Z)", re.DOTALL | re.IGNORECASE)
_ELEMENT = re.compile(r"<([\w:.-]{1,40})((?:\s[^<>]*)?)>([^<]*)")
_TAGS = re.compile(r"<[^<>]*>")
_HREF = re.compile(r"""href\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_REL = re.compile(r"""rel\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
#: Feeds of portals have tens of entries; what has more is an archive or an attack.
MAX_ENTRIES = 5000


@dataclass(slots=True, frozen=True)
class FeedEntry:
    """One announced article; `published` is the raw string of pubDate, published, updated or dc:date."""

    url: str
    title: str = ""
    published: str = ""
    author: str = ""
    summary: str = ""


@dataclass(slots=True)
class Feed:
    """A feed: its title and entries in the order of the document, each address once."""

    title: str = ""
    entries: list[FeedEntry] = field(default_factory=list)


def parse_feed(document: bytes | str, url: str, *, encoding: str | None = None) -> Feed | None:
    """Read an RSS 0.9x to 2.0, RDF or Atom feed.

    document: the body of the response; url: its address, for relative links; encoding: the HTTP header's charset.
    Returns None for what is no feed. Broken XML is read as far as it goes; entities are never expanded from a DTD.
    """
    text = _open_cdata(decode(document, encoding).text)
    start = text[:2000].lower()
    if not any(mark in start for mark in ("<rss", "<feed", "<rdf:rdf", "<channel")):
        return None
    feed = Feed()
    known: set[str] = set()
    position = 0
    for match in _ITEM.finditer(text):
        if not feed.entries and not position:
            head = _fields(text[: match.start()])
            feed.title = head.get("title", "")
        position = match.end()
        entry = _entry(match.group(2), url)
        if entry is not None and entry.url not in known:
            known.add(entry.url)
            feed.entries.append(entry)
            if len(feed.entries) >= MAX_ENTRIES:
                break
    if not position:
        feed.title = _fields(text[:5000]).get("title", "")
    return feed


def _open_cdata(text: str) -> str:
    """Return the document with its CDATA sections as escaped text; one that is cut off goes to the end."""
    if "<![CDATA[" not in text:
        return text
    pieces: list[str] = []
    for part in text.split("]]>"):
        before, mark, inside = part.partition("<![CDATA[")
        pieces.append(before)
        if mark:
            pieces.append(escape(inside, quote=False))
    return "".join(pieces)


def _entry(body: str, base: str) -> FeedEntry | None:
    fields = _fields(body)
    link = fields.get("link") or fields.get("guid") or fields.get("id") or ""
    try:
        address = urljoin(base, link)
    except ValueError:
        return None
    if not link or not address.startswith(("http://", "https://")):
        return None
    published = next(
        (fields[name] for name in ("pubdate", "published", "dc:date", "date", "updated") if fields.get(name)), ""
    )
    author = fields.get("dc:creator") or fields.get("author") or fields.get("name") or ""
    summary = fields.get("description") or fields.get("summary") or ""
    return FeedEntry(address, fields.get("title", ""), published, author, summary[:2000])


def _fields(body: str) -> dict[str, str]:
    """Return the text of the elements, the first of each name; a link may stand in its href (Atom)."""
    fields: dict[str, str] = {}
    for match in _ELEMENT.finditer(body):
        name, attributes, text = match.group(1).lower(), match.group(2), match.group(3)
        value = _plain(text)
        if name == "link" and not value:
            rel, href = _REL.search(attributes), _HREF.search(attributes)
            if href and (rel is None or rel.group(1).lower() == "alternate"):
                value = unescape(href.group(1))
        if value:
            fields.setdefault(name, value)
    return fields


def _plain(text: str) -> str:
    text = unescape(text)
    return " ".join(_TAGS.sub(" ", text).split()) if "<" in text else " ".join(text.split())
