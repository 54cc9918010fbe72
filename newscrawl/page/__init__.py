"""HTML to Article: layouts, generic body, metadata, links, feeds, charset."""

from __future__ import annotations

from newscrawl.page.feeds import Feed, FeedEntry, parse_feed
from newscrawl.page.parts import join_parts
from newscrawl.page.profile import SiteProfile
from newscrawl.page.read import read_page
from newscrawl.page.sitemaps import Sitemap, SitemapEntry, SitemapError, parse_sitemap
from newscrawl.page.types import Layout, Link, Page, PageKind

__all__ = [
    "Feed",
    "FeedEntry",
    "Layout",
    "Link",
    "Page",
    "PageKind",
    "SiteProfile",
    "Sitemap",
    "SitemapEntry",
    "SitemapError",
    "join_parts",
    "parse_feed",
    "parse_sitemap",
    "read_page",
]
