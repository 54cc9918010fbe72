"""Feeds, sitemaps and JSON lists as ways to articles."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from newscrawl.crawl.frontier.discovery import read_offer
from newscrawl.demo import run_portal
from tests.crawl.support import Crawls

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 9, 23, 4, 0, tzinfo=UTC)
URL = "https://portal.example/api/list"


@pytest.mark.parametrize(
    "value",
    [
        {"data": {"list": [{"title": "甲", "url": "/a/1.html", "publishTime": "2026-09-23 10:00"}]}},
        [{"docTitle": "甲", "doc_url": "https://portal.example/a/1.html", "docPubTime": "2026/09/23 10:00:00"}],
        {"items": [{"share_url": "/a/1.html", "name": "甲", "ctime": 1790128800}]},
    ],
)
def test_json_lists_in_several_shapes(value: object) -> None:
    offer = read_offer(json.dumps(value).encode(), URL, now=NOW)
    assert offer is not None
    assert [(link.url, link.text) for link in offer.links] == [("https://portal.example/a/1.html", "甲")]
    assert offer.links[0].listed_date.startswith("2026-09-23T10:00")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"<html><body>no list</body></html>", b"[" * 100_000, b"\x1f\x8b\x08broken"]
)
def test_what_is_no_list(body: bytes) -> None:
    offer = read_offer(body, URL, now=NOW)
    assert offer is None or not offer.links


def test_a_sitemap_says_when_a_page_was_touched_not_when_it_was_published() -> None:
    sitemap = b"<urlset><url><loc>https://portal.example/a/1.html</loc><lastmod>2026-09-20</lastmod></url></urlset>"
    offer = read_offer(sitemap, "https://portal.example/sitemap.xml", now=NOW)
    assert offer is not None
    assert [(link.url, link.listed_date) for link in offer.links] == [("https://portal.example/a/1.html", "")]


SPIDER = """
from newscrawl.spiders.xjnnet import XjnnetSpider

class IndexedSpider(XjnnetSpider):
    name = "xjnnet"
    homepage = ""
    sections = ()
    indexes = ("https://xjnnet.net/sitemap.xml", "https://xjnnet.net/rss.xml")
"""


def test_a_site_that_is_found_through_its_sitemap_alone(tmp_path: Path) -> None:
    (tmp_path / "indexed.py").write_text(SPIDER)
    with run_portal() as portal:
        crawls = Crawls(portal.url, tmp_path)
        assert crawls.run(SPIDER_MODULES="indexed") == 0
        assert set(crawls.articles()) == set(portal.expected())
        assert not [entry for entry in portal.log if entry.path.startswith("/baoliao/index")]


def test_an_address_is_made_of_an_entrys_fields() -> None:
    value = {"data": [{"id": 41, "listTitle": "甲", "operTime": "2026-09-23 10:00"}, {"id": None, "title": "乙"}]}
    offer = read_offer(json.dumps(value).encode(), URL, now=NOW, item_url="/detail?id={id}")
    assert offer is not None
    assert [(link.url, link.text) for link in offer.links] == [("https://portal.example/detail?id=41", "甲")]


@pytest.mark.parametrize("value", ["../../etc/passwd", "1&admin=1", "https://evil.example/", "{id}"])
def test_a_field_cannot_lead_elsewhere(value: str) -> None:
    body = json.dumps([{"id": value, "title": "甲"}]).encode()
    offer = read_offer(body, URL, now=NOW, item_url="https://portal.example/detail?id={id}")
    assert offer is not None
    assert offer.links[0].url.startswith("https://portal.example/detail?id=")
    assert not set(offer.links[0].url.partition("=")[2]) & set("/&=:{}")
