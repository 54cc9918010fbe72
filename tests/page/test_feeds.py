from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.page import SitemapError, parse_feed, parse_sitemap

URL = "https://www.yunling.example/feed.xml"
RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="x"><channel><title>云岭新闻</title><link>https://www.yunling.example/</link>
<item><title><![CDATA[花节 & 市集<b>开幕</b>]]></title><link>/news/1.html</link>
<pubDate>Wed, 13 Mar 2024 08:30:00 +0800</pubDate><dc:creator>林一舟</dc:creator>
<description>&lt;p&gt;三河镇&lt;/p&gt;</description></item>
<item><title>二</title><guid>https://www.yunling.example/news/2.html</guid></item>
<item><title>重复</title><link>/news/1.html</link></item><item><title>没有地址</title></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>云岭</title><entry><title>一</title>
<link rel="self" href="/self"/><link rel="alternate" href="/news/1.html?a=1&amp;b=2"/>
<published>2024-03-13T08:30:00+08:00</published>
<author><name>林一舟</name></author></entry></feed>"""


def test_rss() -> None:
    feed = parse_feed(RSS, URL)
    assert feed is not None
    assert feed.title == "云岭新闻"
    first, second = feed.entries
    assert (first.url, first.title, first.author) == (
        "https://www.yunling.example/news/1.html",
        "花节 & 市集 开幕",
        "林一舟",
    )
    assert (first.published, first.summary) == ("Wed, 13 Mar 2024 08:30:00 +0800", "三河镇")
    assert second.url == "https://www.yunling.example/news/2.html"


def test_atom() -> None:
    feed = parse_feed(ATOM.encode(), URL)
    assert feed is not None
    (entry,) = feed.entries
    assert (entry.url, entry.title) == ("https://www.yunling.example/news/1.html?a=1&b=2", "一")
    assert (entry.published, entry.author) == ("2024-03-13T08:30:00+08:00", "林一舟")


@pytest.mark.parametrize("document", [b"", b"<html><body>x", "云岭", b"\xff\xfe\x00"])
def test_what_is_no_feed(document: bytes | str) -> None:
    assert parse_feed(document, URL) is None


def test_feed_that_is_cut_off_gives_what_there_is() -> None:
    feed = parse_feed(RSS[: RSS.index("<guid>")], URL)
    assert feed is not None
    assert [entry.title for entry in feed.entries] == ["花节 & 市集 开幕"]


def test_feed_in_gb18030() -> None:
    feed = parse_feed(RSS.replace("utf-8", "gb2312").encode("gb18030"), URL)
    assert feed is not None
    assert feed.title == "云岭新闻"


SITEMAP = """<?xml version="1.0"?><urlset xmlns:news="n"><url><loc>https://www.yunling.example/news/1.html</loc><lastmod>2024-03-13</lastmod>
<news:news><news:publication_date>2024-03-13T08:30+08:00</news:publication_date>
<news:title>花节 &amp; 市集</news:title></news:news></url>
<url><loc>/news/2.html</loc></url><url><loc></loc></url><url><loc>ftp://a/b</loc></url></urlset>"""


def test_news_sitemap() -> None:
    found = parse_sitemap(SITEMAP, URL)
    assert [entry.url for entry in found.entries] == [f"https://www.yunling.example/news/{n}.html" for n in (1, 2)]
    first = found.entries[0]
    assert (first.lastmod, first.published, first.title) == ("2024-03-13", "2024-03-13T08:30+08:00", "花节 & 市集")
    assert found.sitemaps == []


def test_sitemap_index_and_text() -> None:
    index = "<sitemapindex><sitemap><loc>https://a.example/1.xml.gz</loc><lastmod>2024-03-13</lastmod></sitemap></sitemapindex>"
    assert [entry.url for entry in parse_sitemap(index, URL).sitemaps] == ["https://a.example/1.xml.gz"]
    text = b"https://a.example/1.html\nhttps://a.example/2.html\nno address\n"
    assert [entry.url for entry in parse_sitemap(text, URL).entries] == [
        "https://a.example/1.html",
        "https://a.example/2.html",
    ]


def test_gzipped_sitemap_also_cut_off() -> None:
    packed = gzip.compress(SITEMAP.encode() * 1)
    assert len(parse_sitemap(packed, URL).entries) == 2
    assert parse_sitemap(packed[:-9], URL).entries


def test_sitemap_bomb_is_refused() -> None:
    packed = gzip.compress(b"<url>" + b" " * 3_000_000)
    with pytest.raises(SitemapError, match="more than 1000000 bytes"):
        parse_sitemap(packed, URL, max_bytes=1_000_000)
    with pytest.raises(SitemapError, match="larger than"):
        parse_sitemap(b"<url>" * 100, URL, max_bytes=100)
    with pytest.raises(SitemapError, match="no valid gzip"):
        parse_sitemap(b"\x1f\x8b" + zlib.compress(b"x"), URL)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(
    st.lists(
        st.sampled_from(
            [
                "<rss>",
                "<item>",
                "</item>",
                "<link>",
                "http://a.example/",
                "<![CDATA[",
                "]]>",
                "<url>",
                "<loc>",
                "</loc>",
                "&amp;",
                "<",
                "花",
            ]
        )
    )
)
def test_any_mixture_is_read(pieces: list[str]) -> None:
    text = "<rss>" + "".join(pieces)
    feed = parse_feed(text, URL)
    assert feed is not None
    assert all(entry.url.startswith("http") for entry in feed.entries)
    assert all(entry.url.startswith("http") for entry in parse_sitemap("<url>" + text, URL).entries)
