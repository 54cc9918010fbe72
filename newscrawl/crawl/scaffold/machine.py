"""What a portal offers to machines: feeds, sitemaps, and the JSON APIs that its own scripts ask."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from newscrawl.crawl.frontier.discovery import read_offer
from newscrawl.crawl.scaffold.families import recognise
from newscrawl.page.charset import decode
from newscrawl.page.sitemaps import SitemapError, parse_sitemap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newscrawl.crawl.scaffold.finding import Sample
    from newscrawl.crawl.scaffold.inquiry import Inquiry
    from newscrawl.crawl.scout import Fetched
    from newscrawl.page import Sitemap

#: Where feeds and sitemaps stand if nothing names them.
FEEDS = ("/rss.xml", "/feed/")
SITEMAPS = ("/sitemap.xml",)
#: API addresses, and feeds, and sitemaps that are tried, at most.
MOST_APIS = 12
MOST_FEEDS = 6
#: So many links make a list of an API's answer.
LEAST_LINKS = 2

_SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_FEED_ADDRESS = re.compile(r"rss|\.xml$|/feed/?$", re.IGNORECASE)
_STRING = re.compile(r"""["'(]((?:https?:)?/[^"'()<>\s\\]{3,300})["')]""")
_API = re.compile(
    r"/api/|/json/|\.json(?:\?|$)|[?&](?:page|pageno|pagesize|size)=|/(?:list|query)(?:data)?\?", re.IGNORECASE
)
_PAGE = re.compile(r"[?&](?:page|pageno|pagenum|pageindex|pn|p)=(\d{1,3})(?=&|$)", re.IGNORECASE)
_STATIC = re.compile(r"\.(?:js|css|png|jpe?g|gif|svg|ico|woff2?)(?:\?|$)", re.IGNORECASE)


async def find_apis(inquiry: Inquiry, pages: Sequence[Sample]) -> None:
    """Ask the addresses that the pages' scripts name; those that answer with a list of links are APIs."""
    tried: set[str] = set()
    for sample in pages:
        text = unescape(decode(sample.fetched.body, None).text)
        for reference in _STRING.findall(text):
            address = urljoin(sample.fetched.url, reference)
            if not _API.search(reference) or _STATIC.search(reference) or address in tried:
                continue
            if not inquiry.addresses.is_own(address) or len(tried) >= MOST_APIS:
                continue
            tried.add(address)
            fetched, links = await _read_list(inquiry, address)
            if links:
                inquiry.finding.answers.setdefault("api", fetched)
                inquiry.finding.apis.append(await _template(inquiry, address, links))
    if inquiry.finding.apis:
        inquiry.finding.lists_need_js = True


async def _template(inquiry: Inquiry, address: str, links: set[str]) -> str:
    """Return an API's address with {page} in the place of its page number, where another page brings other links."""
    match = _PAGE.search(address)
    if match is None:
        return address
    begin, number, end = address[: match.start(1)], int(match[1]), address[match.end(1) :]
    _, others = await _read_list(inquiry, f"{begin}{number + 1}{end}")
    if not others - links:
        return address
    return f"{begin}{{page}}{end}"


async def _read_list(inquiry: Inquiry, address: str) -> tuple[Fetched, set[str]]:
    """Return an answer and the links of the JSON list that it is, none for what is no such list."""
    fetched = await inquiry.fetch(address)
    inquiry.finding.pages += 1
    if not fetched.ok:
        return fetched, set()
    offer = read_offer(fetched.body, fetched.url, now=fetched.moment)
    links = [link for link in offer.links if inquiry.addresses.is_own(link.url)] if offer else []
    for link in links:
        inquiry.note(link.url, link.text, link.listed_date, fetched.url)
    return fetched, {link.url for link in links} if len(links) >= LEAST_LINKS else set()


async def find_feeds_and_sitemaps(inquiry: Inquiry, home: Sample) -> None:
    """Ask for what the pages and robots.txt name, and where it usually stands."""
    finding, addresses = inquiry.finding, inquiry.addresses
    root = finding.homepage
    robots = await inquiry.fetch(urljoin(root, "/robots.txt"), robots=False)
    announced = [url for sample in (home, *finding.lists[:3]) for url in sample.page.feeds]
    linked = [link.address for link in inquiry.links.values() if _FEED_ADDRESS.search(link.url)][:3]
    feeds: dict[str, str] = {}
    for url in (*announced, *linked, *(urljoin(root, path) for path in FEEDS)):
        feeds.setdefault(addresses.canonical(url), url)
    for url in [url for url in feeds.values() if addresses.is_own(url)][:MOST_FEEDS]:
        fetched = await inquiry.fetch(url)
        finding.pages += 1
        if fetched.ok and _is_feed(inquiry, fetched):
            finding.feeds.append(url)
            finding.answers.setdefault("feed", fetched)
    named = _SITEMAP_LINE.findall(robots.body.decode("utf-8", "replace")) if robots.ok else []
    usual = [urljoin(root, path) for path in (*SITEMAPS, *(("/wp-sitemap.xml",) if _is_wordpress(inquiry) else ()))]
    sitemaps = {addresses.canonical(url): inquiry.own_address(url) for url in (*named, *usual)}
    for url in [url for url in sitemaps.values() if addresses.is_own(url)][:MOST_FEEDS]:
        fetched = await inquiry.fetch(url)
        finding.pages += 1
        sitemap = _sitemap(fetched) if fetched.ok else None
        if sitemap is not None and any(entry.published for entry in sitemap.entries):
            finding.feeds.append(url)  # a news sitemap: the articles of two days, with their dates
        elif sitemap is not None:
            finding.sitemaps[url] = len(sitemap.entries) + len(sitemap.sitemaps)


def _is_wordpress(inquiry: Inquiry) -> bool:
    return recognise(inquiry.finding.articles) == "WordPress"


def _is_feed(inquiry: Inquiry, fetched: Fetched) -> bool:
    """Tell whether a feed links to articles of the portal; it may bring some that no list page showed."""
    offer = read_offer(fetched.body, fetched.url, now=fetched.moment)
    if offer is None:
        return False
    rule = inquiry.finding.article_url
    return any(inquiry.addresses.matches(link.url, rule) for link in offer.links)


def _sitemap(fetched: Fetched) -> Sitemap | None:
    """Return a sitemap or an index of them; None for what is none, or holds nothing."""
    start = fetched.body[:4000]
    if b"<url" not in start and b"<sitemap" not in start and start[:2] != b"\x1f\x8b":
        return None
    try:
        sitemap = parse_sitemap(fetched.body, fetched.url)
    except SitemapError:
        return None
    return sitemap if sitemap.entries or sitemap.sitemaps else None
