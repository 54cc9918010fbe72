"""Links of a page: absolute addresses of the same site, the date beside each, next list page, next article part."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from newscrawl.page.types import Link

if TYPE_CHECKING:
    from newscrawl.page.walk import Document

_LISTED = re.compile(
    r"(?<![\d:.-])(?:(?:19|20)\d\d\s*[-/.年]\s*)?(?:0?[1-9]|1[0-2])\s*[-/.月]\s*(?:[12]\d|3[01]|0?[1-9])(?!\d)日?"
    r"(?:\s+\d{1,2}:\d\d(?::\d\d)?)?"
)
_NEXT = re.compile(
    r"^[\s\[【(（]*(?:下一?页|下一頁|后一页|下页|下頁|next(?:\s*page)?|[>\u203a»]+|下一页\s*[>\u203a»]+|余下全文)[\s\]】)）>\u203a»]*$",
    re.IGNORECASE,
)
#: Last characters of what `_NEXT` matches; a test of one character spares most of the matching.
_NEXT_ENDS = frozenset("页頁eE文>\u203a»]】)）")
#: What follows a date that is part of a sentence.
_IN_PROSE = re.compile(r"[，。；,…]|\.\.|[\u3400-\u9fff]{2}")
#: Shortest text of a link that is a headline of its own; deepest and longest item of a list, longest block in it.
HEADLINE = 6
MAX_ITEM_DEPTH = 5
MAX_ITEM_BLOCKS = 12
MAX_ITEM_TEXT = 400
_HAS_DIGIT = re.compile(r"\d")
#: TRS: number of pages, number of this one (from 0), file name and ending.
_TRS_PAGER = re.compile(
    r"""createPageHTML\w*\s*\(\s*["']?(\d{1,5})["']?\s*,\s*["']?(\d{1,5})["']?\s*,\s*["']([\w-]{1,40})["']\s*,\s*["'](\w{1,6})["']"""
)
_PART = re.compile(r"[_-](\d{1,3})(?=\.\w{3,5}$|$)")
_MOBILE_AGENT = re.compile(r"url\s*=\s*([^\s;]+)", re.IGNORECASE)
_ITEMS = frozenset(("li", "tr", "dt"))
_PAGE_NAMES = frozenset(("page", "p", "pageno", "pagenum", "curpage", "pn"))
#: A name that is a date: what follows it is an article's number, not a part's (TRS: t20260115_85.html).
_DATE_NAME = re.compile(r"/[a-z]?(?:19|20)\d{6}$")
_PLAIN_PATH = re.compile(r"[\w-][\w/-]*\.s?html?$", re.ASCII)
_SUFFIX2 = frozenset({"com", "net", "org", "gov", "edu", "co", "ac"})


def site_of(url: str) -> str:
    """Return the registrable part of a URL's host, near enough: two labels, three under names such as com.cn."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
    labels = host.split(".")
    if labels[-1].isdigit() or len(labels) < 3:
        return host
    return ".".join(labels[-3:] if labels[-2] in _SUFFIX2 else labels[-2:])


def absolute(base: str, href: str) -> str:
    """Return the http(s) address that an href means, without its fragment; "" where it is none."""
    href = href.strip()
    if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "data:", "void")):
        return ""
    try:
        url = href if href.startswith(("http://", "https://")) else urljoin(base, href)
    except ValueError:
        return ""
    return url.partition("#")[0] if url.startswith(("http://", "https://")) else ""


class _Resolver:
    """Resolves the links of one page; most are plain enough to need no parsing."""

    def __init__(self, document: Document, url: str) -> None:
        self.base = absolute(url, document.base) or url
        self.site = site_of(url)
        scheme, separator, rest = self.base.partition("://")
        host, _, path = rest.partition("/")
        self.origin = f"{scheme}://{host}" if separator else ""
        self.scheme = scheme
        self.folder = f"{self.origin}/{path.partition('?')[0].rpartition('/')[0]}".rstrip("/") + "/"
        self.same: dict[str, bool] = {}

    def resolve(self, href: str) -> str:
        """Return the absolute address of a link of the page's own site, "" for all others."""
        href = href.strip()
        if href.startswith(("http://", "https://")):
            address = href
        elif self.origin and href[:1] == "/" and href[1:2] != "/" and "/." not in href:
            address = self.origin + href
        elif self.origin and _PLAIN_PATH.match(href):
            address = self.folder + href
        else:
            address = absolute(self.base, href)
            if not address:
                return ""
        address = address.partition("#")[0]
        host = address.split("/", 3)[2]
        same = self.same.get(host)
        if same is None:
            same = self.same[host] = not self.site or site_of(address) == self.site
        return address if same else ""


def find_links(document: Document, url: str) -> list[Link]:
    """Return the links of the page's own site, in page order, each address once (with its longest text)."""
    resolver = _Resolver(document, url)
    found: dict[str, Link] = {}
    resolved: dict[str, str] = {}
    dates = _ListedDates(document)
    for position, (href, text, _) in enumerate(document.anchors):
        address = resolved.get(href)
        if address is None:
            address = resolved[href] = resolver.resolve(href)
        if not address:
            continue
        known = found.get(address)
        if known is None or len(text) > len(known.text):
            listed = known.listed_date if known else ""
            found[address] = Link(address, text, listed or dates.beside(position, text))
    return list(found.values())


class _ListedDates:
    """Finds the date that a list shows for a link: in the link's own block, else in the item that holds no other link.

    An item is the largest box around the link without another headline; a <dd> after the link's <dt> belongs to it.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.before: list[int] = []
        self.after: list[int] = []
        self._bound()

    def _bound(self) -> None:
        """For every link, note the blocks of the nearest other headlines before and after it."""
        anchors = self.document.anchors
        self.before, self.after = [-1] * len(anchors), [len(self.document.blocks)] * len(anchors)
        for bounds, order in ((self.before, range(len(anchors))), (self.after, range(len(anchors) - 1, -1, -1))):
            last = other = ("", bounds[0] if bounds else 0)  # the last headline, and the last with another address
            for position in order:
                href, text, index = anchors[position]
                bounds[position] = last[1] if last[0] != href else other[1]
                if len(text) >= HEADLINE:
                    if last[0] != href:
                        other = last
                    last = (href, index)

    def beside(self, position: int, text: str) -> str:
        """Return the date of the link at a position of the document's anchors, "" where none is listed."""
        index = self.document.anchors[position][2]
        if index >= len(self.document.blocks):
            return ""
        first, last = self._item(position, index, len(text) >= HEADLINE)
        loose = ""
        for near in (index, *range(index + 1, last), *range(index - 1, first - 1, -1)):
            rest = self.document.blocks[near].text
            if near == index and text:
                rest = rest.replace(text, " ", 1)
            date = listed_date(rest)
            if date and len(rest) < len(date) + 24:
                return date
            loose = loose or date  # at the end of an excerpt; it may be one of the excerpt
        return loose

    def _item(self, position: int, index: int, is_headline: bool) -> tuple[int, int]:
        """Return the blocks (half-open) of a link's item."""
        document = self.document
        firsts, lasts, parents = document.box_first, document.box_last, document.box_parent
        before, after = self.before[position], self.after[position]
        first, last, box = index, index + 1, document.blocks[index].box
        for _ in range(MAX_ITEM_DEPTH):
            if not box or firsts[box] <= before or lasts[box] > after or lasts[box] - firsts[box] > MAX_ITEM_BLOCKS:
                break
            tag = document.box_tag[box]
            if is_headline or tag in _ITEMS:
                first, last = min(first, firsts[box]), max(last, lasts[box])
            if tag == "dt":
                following = document.box_end[box]
                if following < len(parents) and document.box_tag[following] == "dd":
                    last = max(last, min(lasts[following], after))
            if tag in _ITEMS:
                break
            box = parents[box]
        return first, last


def listed_date(text: str) -> str:
    """Return the date of a block that shows little else, or that ends with it; dates inside prose are none."""
    if len(text) > MAX_ITEM_TEXT or not _HAS_DIGIT.search(text):
        return ""
    for match in _LISTED.finditer(text):
        rest = text[match.end() :]
        if len(text) - len(match.group()) < 24 or (len(rest) < 12 and not _IN_PROSE.search(rest)):
            return match.group() if not _IN_PROSE.match(rest) else ""
    return ""


def find_next(document: Document, url: str, source: str = "") -> str:
    """Return the address behind the page's "下一页" (next page) link, "" where there is none.

    source: the page's text, for the script with which TRS writes the links between list pages.
    """
    base = absolute(url, document.base) or url
    for href, text, _ in document.anchors:
        if len(text) < 12 and text and text[-1] in _NEXT_ENDS and _NEXT.match(text):
            address = absolute(base, href)
            if address and address != url.partition("#")[0]:
                return address
    for link in document.head_links:
        if (link.get("rel") or "").lower() == "next":
            return absolute(base, link.get("href") or "")
    match = _TRS_PAGER.search(source) if "createPageHTML" in source else None
    if match:
        count, current, name, ending = int(match[1]), int(match[2]), match[3], match[4]
        return absolute(base, f"{name}_{current + 1}.{ending}") if current + 1 < count else ""
    return ""


def find_numbered_part(document: Document, url: str) -> str:
    """Return the next part of an article among the page numbers (2, 3, …), "" where there is none."""
    base = absolute(url, document.base) or url
    for href, text, _ in document.anchors:
        if len(text) <= 4 and not text.isalpha() and text.strip("[]（）() 第页").isdigit():
            address = absolute(base, href)
            if address and is_part_of(address, url):
                return address
    return ""


def is_part_of(next_url: str, url: str) -> bool:
    """Tell whether an address is the next part of the same article (`id_2.html` of `id.html`), not another article."""
    try:
        (ours, number), (theirs, following) = _stem(url), _stem(next_url)
    except ValueError:
        return False
    return ours == theirs and following == number + 1


def _stem(address: str) -> tuple[str, int]:
    """Split an address into what all parts of an article share and the number of the part."""
    split = urlsplit(address)
    query = parse_qsl(split.query)
    number = next(
        (int(value) for name, value in query if name.lower() in _PAGE_NAMES and value.isdigit() and len(value) < 4), 0
    )
    shared = urlencode([(name, value) for name, value in query if name.lower() not in _PAGE_NAMES])
    path = split.path
    match = _PART.search(path)
    if match and not number and not _DATE_NAME.search(path[: match.start()]):
        number = int(match.group(1))
        path = path[: match.start()] + path[match.end() :]
    return f"{split.netloc.lower()}{path}?{shared}", number or 1


def find_doubles(document: Document, url: str) -> list[str]:
    """Return the addresses of the page's AMP and mobile doubles."""
    found = [
        link.get("href") or ""
        for link in document.head_links
        if (link.get("rel") or "").lower() == "amphtml"
        or ((link.get("rel") or "").lower() == "alternate" and "max-width" in (link.get("media") or ""))
    ]
    found.extend(_MOBILE_AGENT.findall(document.metas.get("mobile-agent", "")))
    addresses = (absolute(url, href) for href in found)
    return list(dict.fromkeys(address for address in addresses if address))


def find_feeds(document: Document, url: str) -> list[str]:
    """Return the feeds that the head announces."""
    feeds = []
    for link in document.head_links:
        kind = (link.get("type") or "").lower()
        if ("rss" in kind or "atom" in kind) and (address := absolute(url, link.get("href") or "")):
            feeds.append(address)
    return list(dict.fromkeys(feeds))
