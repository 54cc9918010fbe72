"""What feeds, sitemaps and JSON list APIs offer: article links with their dates, and further sitemaps."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin

from newscrawl.page import Link
from newscrawl.page.feeds import parse_feed
from newscrawl.page.json_page import DATE_NAMES
from newscrawl.page.sitemaps import SitemapError, parse_sitemap
from newscrawl.text.dates import parse_date

if TYPE_CHECKING:
    from datetime import datetime

#: A sitemap index that leads to an index that leads … ends here.
MAX_DEPTH = 3
#: Of a JSON answer so many objects are looked at.
MAX_OBJECTS = 20_000
_URL_KEYS = (
    *("url", "link", "href", "shareurl", "docurl", "linkurl", "articleurl", "weburl", "puburl", "pcurl", "detailurl"),
    *("titleurl", "jsonurl"),
)
_TITLE_KEYS = ("title", "doctitle", "headline", "listtitle", "name")
_DATE_KEYS = (*DATE_NAMES, "date", "time", "createtime", "ctime")
#: A field of an entry in the address of its article: "/detail?id={id}".
_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(slots=True)
class Offer:
    """What a machine-readable list offers: links to pages, and addresses of further lists."""

    links: list[Link] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)


def read_offer(
    body: bytes, url: str, *, encoding: str | None = None, now: datetime | None = None, item_url: str = ""
) -> Offer | None:
    """Read a feed, a sitemap (gzipped or not, plain, news or index) or a JSON list; None for what is none of them.

    now: the time of fetching, for dates such as "3小时前" (3 hours ago). item_url: address of an entry of a JSON list,
    filled with the entry's fields ("https://portal.example/detail?id={id}"), in place of one that the entry names.
    """
    start = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in (b"{", b"["):
        return _read_json(body, url, now, item_url)
    feed = parse_feed(body, url, encoding=encoding)
    if feed is not None:
        return Offer([Link(entry.url, entry.title, _day(entry.published, now)) for entry in feed.entries])
    try:
        sitemap = parse_sitemap(body, url)
    except SitemapError:
        return None
    # lastmod is when the page was touched, not when the article was published: only a news sitemap dates it
    links = [Link(entry.url, entry.title, _day(entry.published, now)) for entry in sitemap.entries]
    return Offer(links, [entry.url for entry in sitemap.sitemaps])


def _day(text: str, now: datetime | None) -> str:
    found = parse_date(text, reference=now) if text else None
    return found.value.isoformat() if found is not None else ""


def _read_json(body: bytes, url: str, now: datetime | None, item_url: str) -> Offer | None:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    offer = Offer()
    waiting: list[Any] = [value]
    for _ in range(MAX_OBJECTS):
        if not waiting:
            break
        entry = waiting.pop()
        if isinstance(entry, dict):
            link = _link_of(entry, url, now, item_url)
            if link is not None:
                offer.links.append(link)
            waiting.extend(child for child in entry.values() if isinstance(child, dict | list))
        elif isinstance(entry, list):
            waiting.extend(reversed(entry))
    return offer


def _link_of(entry: dict[str, Any], base: str, now: datetime | None, item_url: str) -> Link | None:
    """Return the link that a JSON object describes: an address (or what one is made of) beside a title."""
    plain = {key.lower().replace("_", ""): value for key, value in entry.items()}
    if item_url:
        address = _filled(item_url, entry)
    else:
        address = next((plain[key] for key in _URL_KEYS if isinstance(plain.get(key), str) and plain[key]), "")
    title = next((plain[key] for key in _TITLE_KEYS if isinstance(plain.get(key), str)), "")
    if not address or not title:
        return None
    dated = next((str(plain[key]) for key in _DATE_KEYS if isinstance(plain.get(key), str | int)), "")
    try:
        return Link(urljoin(base, address), title, _day(dated, now))
    except ValueError:
        return None


def _filled(template: str, entry: dict[str, Any]) -> str:
    """Fill an address with the fields of an entry, quoted; "" where the entry lacks one."""
    values = {name: entry.get(name) for name in _FIELD.findall(template)}
    if not all(isinstance(value, str | int) and str(value) for value in values.values()):
        return ""
    return _FIELD.sub(lambda match: quote(str(values[match[1]]), safe=""), template)
