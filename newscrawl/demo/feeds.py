"""What the portal offers to machines: robots.txt, RSS, Atom, sitemaps (index, plain, gz) and the news sitemap."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from newscrawl.demo.content import channels, portal_facts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newscrawl.demo.content import Story


@dataclass(slots=True, frozen=True)
class FeedEntry:
    """An article as feeds and sitemaps tell of it; dated is False where no machine is to learn the time."""

    path: str
    title: str
    time: datetime
    source: str = ""
    summary: str = ""
    dated: bool = True


def feed_entry(story: Story, path: str = "") -> FeedEntry:
    """The entry of a story at its own path or at another; the mirror's page is not dated."""
    summary = story.paragraphs[0][:80] if story.paragraphs else ""
    return FeedEntry(path or story.path, story.title, story.time, story.source, summary, dated=not story.mirror)


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


def rss(base: str, title: str, entries: Sequence[FeedEntry]) -> str:
    """An RSS 2.0 feed."""
    items = "".join(
        f"<item><title>{escape(entry.title)}</title><link>{base}{entry.path}</link>"
        f'<guid isPermaLink="true">{base}{entry.path}</guid><pubDate>{format_datetime(entry.time)}</pubDate>'
        f"<source>{escape(entry.source)}</source>"
        f"<description>{escape(entry.summary)}</description></item>\n"
        for entry in entries
    )
    return (
        f'{DECLARATION}<rss version="2.0"><channel><title>{escape(title)}</title><link>{base}/</link>'
        f"<description>{escape(title)}</description><language>zh-cn</language>\n{items}</channel></rss>\n"
    )


def atom(base: str, title: str, entries: Sequence[FeedEntry]) -> str:
    """An Atom feed of the same articles."""
    listed = "".join(
        f'<entry><title>{escape(entry.title)}</title><link href="{base}{entry.path}"/><id>{base}{entry.path}</id>'
        f"<published>{entry.time.isoformat()}</published><updated>{entry.time.isoformat()}</updated></entry>\n"
        for entry in entries
    )
    updated = entries[0].time.isoformat() if entries else "2026-01-01T00:00:00+08:00"
    return (
        f'{DECLARATION}<feed xmlns="http://www.w3.org/2005/Atom"><title>{escape(title)}</title><id>{base}/</id>'
        f"<updated>{updated}</updated>\n{listed}</feed>\n"
    )


def sitemap_index(base: str, entries: Sequence[FeedEntry]) -> str:
    """The index that names the two sitemaps."""
    newest = entries[0].time.isoformat() if entries else "2026-01-01T00:00:00+08:00"
    names = ("sitemap_sections.xml", "sitemap_articles.xml.gz")
    maps = "".join(f"<sitemap><loc>{base}/{name}</loc><lastmod>{newest}</lastmod></sitemap>\n" for name in names)
    return f'{DECLARATION}<sitemapindex xmlns="{SITEMAP_SPACE}">\n{maps}</sitemapindex>\n'


def sitemap_sections(base: str) -> str:
    """The sitemap of section pages."""
    urls = "".join(f"<url><loc>{base}/{slug}/</loc></url>\n" for slug in channels())
    return f'{DECLARATION}<urlset xmlns="{SITEMAP_SPACE}">\n<url><loc>{base}/</loc></url>\n{urls}</urlset>\n'


def sitemap_articles(base: str, entries: Sequence[FeedEntry]) -> str:
    """The sitemap of all articles; what is not dated has no lastmod."""
    urls = "".join(
        f"<url><loc>{base}{entry.path}</loc>"
        + (f"<lastmod>{entry.time.isoformat()}</lastmod>" if entry.dated else "")
        + "</url>\n"
        for entry in entries
    )
    return f'{DECLARATION}<urlset xmlns="{SITEMAP_SPACE}">\n{urls}</urlset>\n'


def sitemap_news(base: str, entries: Sequence[FeedEntry]) -> str:
    """A news sitemap of the newest articles."""
    name = escape(portal_facts()["name"])
    urls = "".join(
        f"<url><loc>{base}{entry.path}</loc><news:news><news:publication><news:name>{name}</news:name>"
        "<news:language>zh-cn</news:language></news:publication>"
        f"<news:publication_date>{entry.time.isoformat()}</news:publication_date>"
        f"<news:title>{escape(entry.title)}</news:title></news:news></url>\n"
        for entry in entries
        if entry.dated
    )
    return f'{DECLARATION}<urlset xmlns="{SITEMAP_SPACE}" xmlns:news="{NEWS_SPACE}">\n{urls}</urlset>\n'
