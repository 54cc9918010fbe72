"""What the portal offers to machines: robots.txt, RSS, Atom, sitemaps (index, plain, gz) and the news sitemap."""

from __future__ import annotations

import gzip
from email.utils import format_datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from newscrawl.demo.content import channels, portal_facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newscrawl.demo.content import Story

SITEMAP_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS_SPACE = "http://www.google.com/schemas/sitemap-news/0.9"
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'


def robots_txt(base: str, *, crawl_delay: float = 0.0) -> str:
    """robots.txt: what is forbidden, the sitemaps, and a Crawl-delay in seconds where one is wanted."""
    lines = ["User-agent: *", "Disallow: /e/", "Disallow: /d/ad/", "Disallow: /neibu/", "Disallow: /search/"]
    if crawl_delay:
        lines.append(f"Crawl-delay: {crawl_delay:g}")
    lines += ["", f"Sitemap: {base}/sitemap.xml", f"Sitemap: {base}/sitemap_news.xml", ""]
    return "\n".join(lines)


def rss(base: str, title: str, stories: Sequence[Story]) -> str:
    """An RSS 2.0 feed."""
    items = "".join(
        f"<item><title>{escape(story.title)}</title><link>{base}{story.path}</link>"
        f'<guid isPermaLink="true">{base}{story.path}</guid><pubDate>{format_datetime(story.time)}</pubDate>'
        f"<source>{escape(story.source)}</source>"
        f"<description>{escape(story.paragraphs[0][:80] if story.paragraphs else '')}</description></item>\n"
        for story in stories
    )
    return (
        f'{DECLARATION}<rss version="2.0"><channel><title>{escape(title)}</title><link>{base}/</link>'
        f"<description>{escape(title)}</description><language>zh-cn</language>\n{items}</channel></rss>\n"
    )


def atom(base: str, title: str, stories: Sequence[Story]) -> str:
    """An Atom feed of the same articles."""
    entries = "".join(
        f'<entry><title>{escape(story.title)}</title><link href="{base}{story.path}"/><id>{base}{story.path}</id>'
        f"<published>{story.time.isoformat()}</published><updated>{story.time.isoformat()}</updated></entry>\n"
        for story in stories
    )
    updated = stories[0].time.isoformat() if stories else "2026-01-01T00:00:00+08:00"
    return (
        f'{DECLARATION}<feed xmlns="http://www.w3.org/2005/Atom"><title>{escape(title)}</title><id>{base}/</id>'
        f"<updated>{updated}</updated>\n{entries}</feed>\n"
    )


def sitemap_index(base: str, stories: Sequence[Story]) -> str:
    """The index that names the two sitemaps."""
    newest = stories[0].time.isoformat() if stories else "2026-01-01T00:00:00+08:00"
    names = ("sitemap_sections.xml", "sitemap_articles.xml.gz")
    maps = "".join(
        f"<sitemap><loc>{base}/{name}</loc><lastmod>{newest}</lastmod></sitemap>\n" for name in names
    )
    return f'{DECLARATION}<sitemapindex xmlns="{SITEMAP_SPACE}">\n{maps}</sitemapindex>\n'


def sitemap_sections(base: str) -> str:
    """The sitemap of section pages."""
    urls = "".join(f"<url><loc>{base}/{slug}/</loc></url>\n" for slug in channels())
    return f'{DECLARATION}<urlset xmlns="{SITEMAP_SPACE}">\n<url><loc>{base}/</loc></url>\n{urls}</urlset>\n'


def sitemap_articles(base: str, stories: Sequence[Story]) -> bytes:
    """The gzipped sitemap of all articles; the mirror's page has no lastmod."""
    urls = "".join(
        f"<url><loc>{base}{story.path}</loc>"
        + ("" if story.mirror else f"<lastmod>{story.time.isoformat()}</lastmod>")
        + "</url>\n"
        for story in stories
    )
    text = f'{DECLARATION}<urlset xmlns="{SITEMAP_SPACE}">\n{urls}</urlset>\n'
    return gzip.compress(text.encode("utf-8"), mtime=0)


def sitemap_news(base: str, stories: Sequence[Story]) -> str:
    """A news sitemap of the newest articles."""
    name = escape(portal_facts()["name"])
    urls = "".join(
        f"<url><loc>{base}{story.path}</loc><news:news><news:publication><news:name>{name}</news:name>"
        "<news:language>zh-cn</news:language></news:publication>"
        f"<news:publication_date>{story.time.isoformat()}</news:publication_date>"
        f"<news:title>{escape(story.title)}</news:title></news:news></url>\n"
        for story in stories
        if not story.mirror
    )
    return f'{DECLARATION}<urlset xmlns="{SITEMAP_SPACE}" xmlns:news="{NEWS_SPACE}">\n{urls}</urlset>\n'
