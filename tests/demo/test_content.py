"""The articles and their truth: what the truth says has to stand on the page that is served."""

from __future__ import annotations

import gzip
import html
import re
from itertools import combinations
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

from newscrawl.demo import (
    SEED_PATH,
    ExpectedArticle,
    Portal,
    comparable,
    expected_articles,
    expected_drops,
    run_portal,
)
from newscrawl.demo.content import bundled_stories, channels, seed_lines
from newscrawl.demo.synthetic import synthetic_stories
from tests.demo.client import fetch

if TYPE_CHECKING:
    from collections.abc import Iterator


TRUTH = expected_articles()


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with run_portal() as running:
        yield running


def page_text(portal: Portal, path: str) -> str:
    """The text of a page, tags taken away; decoded as the section's pages are encoded."""
    reply = fetch(portal.url, path)
    assert reply.status == 200
    encoding = "utf-8" if path == SEED_PATH else channels()[path.split("/")[1]].encoding
    markup = re.sub(r"(?s)<(script|style).*?</\1>", "", reply.text(encoding))
    return html.unescape(re.sub(r"<[^>]+>", "\n", markup))


def whole_text(portal: Portal, truth: ExpectedArticle) -> str:
    """The text of all parts of an article."""
    story = next(story for story in bundled_stories() if story.path == truth.path)
    text = page_text(portal, truth.path)
    return text + page_text(portal, truth.path.replace(".html", "_2.html")) if story.split else text


def test_enough_articles_in_enough_sections() -> None:
    assert len(TRUTH) >= 60
    assert len({truth.channel for truth in TRUTH.values()}) >= 5
    assert {channels()[truth.channel].encoding for truth in TRUTH.values()} == {"utf-8", "gb18030"}


@pytest.mark.parametrize("path", TRUTH)
def test_truth_stands_on_the_page(portal: Portal, path: str) -> None:
    truth = TRUTH[path]
    text = whole_text(portal, truth)
    if path != SEED_PATH:
        place = -1
        for paragraph in truth.printed:
            place = text.find(paragraph, place + 1)
            assert place >= 0, paragraph
        assert truth.title in text
    squeezed = re.sub(r"\s", "", text)
    people = (truth.reporters, truth.correspondents, truth.photographers, truth.editors, truth.interns)
    if path != SEED_PATH:
        assert all(name in squeezed for group in people for name in group)
        assert truth.source in text
        assert all(caption in text for caption in truth.captions)
    assert f"/{truth.published_day}/" in path
    assert f"{truth.published:%Y-%m-%d}" == truth.published_day
    # no credit is left in the clean body
    assert not re.search(r"本报讯|（记者|通讯员 |责任编辑", truth.body)


def test_articles_have_the_length_of_news() -> None:
    reports = [len(truth.body) for truth in TRUTH.values() if "天气" not in truth.body]
    assert min(reports) >= 190
    assert max(reports) <= 1500


def test_seed_page_shows_no_date_but_in_its_address(portal: Portal) -> None:
    markup = fetch(portal.url, SEED_PATH).text()
    for line in seed_lines():
        assert html.escape(line, quote=False) in markup
    outside = re.sub(r'(href|title)="[^"]*"', "", markup)
    for line in seed_lines():
        outside = outside.replace(html.escape(line, quote=False), "")
    assert not re.search(r"20\d\d-\d|20\d\d年\d|\d\d:\d\d", outside)
    truth = TRUTH[SEED_PATH]
    assert truth.published_day == "2023-01-04"
    assert truth.reporters == ("魏宁",)
    assert "孙步乾" in truth.body
    assert "党（工）委" in truth.body
    assert not re.search(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]+\)|閱|統|loginbisa|声明", truth.body)
    assert len(truth.paragraphs) == 6


def test_reprints_repeat_their_original() -> None:
    kinds = {truth.duplicate_kind for truth in TRUTH.values() if truth.duplicate_of}
    assert kinds == {"exact", "near", "excerpt"}
    for truth in TRUTH.values():
        if truth.duplicate_of:
            original = TRUTH[truth.duplicate_of]
            assert original.published < truth.published
            assert set(truth.paragraphs) <= set(original.paragraphs)
            assert (truth.title == original.title) == (truth.duplicate_kind == "exact")


def test_weather_of_two_days_is_no_duplicate() -> None:
    weather = [truth for truth in TRUTH.values() if "气象台" in truth.body]
    assert len(weather) == 2
    assert not any(truth.duplicate_of for truth in weather)


def test_every_article_is_linked_from_the_lists(portal: Portal) -> None:
    found: set[str] = set()
    for slug, channel in channels().items():
        target: str | None = f"/{slug}/"
        for _ in range(20):
            if target is None:
                break
            markup = fetch(portal.url, target).text(channel.encoding)
            items = markup.partition('<ul class="newslist">')[2].partition("</ul>")[0]
            found |= set(re.findall(r'href="([^"]+)"', items))
            following = re.search(r'href="([^"]+)">下一页', markup)
            target = following[1] if following else None
        assert target is None
    assert found == set(TRUTH) | set(expected_drops())


def test_lists_print_the_date_beside_the_link(portal: Portal) -> None:
    markup = fetch(portal.url, "/minsheng/").text("gb18030")
    pairs = re.findall(r'\[(\d{4}-\d\d-\d\d)\]</span><a href="/minsheng/(\d{4}-\d\d-\d\d)/', markup)
    assert len(pairs) == 10
    assert all(listed == in_path for listed, in_path in pairs)


def locations(markup: bytes, tag: str) -> list[str]:
    tree = ET.fromstring(markup)  # noqa: S314 - our own portal made it
    return [urlsplit(node.text or "").path for node in tree.iter() if node.tag.endswith(tag)]


def test_feeds_and_sitemaps_lead_to_articles(portal: Portal) -> None:
    maps = locations(fetch(portal.url, "/sitemap.xml").body, "}loc")
    assert maps == ["/sitemap_sections.xml", "/sitemap_articles.xml.gz"]
    assert set(locations(gzip.decompress(fetch(portal.url, maps[1]).body), "}loc")) == set(TRUTH)
    assert set(locations(fetch(portal.url, maps[0]).body, "}loc")) == {"/", *(f"/{slug}/" for slug in channels())}
    news = locations(fetch(portal.url, "/sitemap_news.xml").body, "}loc")
    assert set(news) == set(TRUTH) - {SEED_PATH}
    newest = list(TRUTH)[:30]
    assert locations(fetch(portal.url, "/rss.xml").body, "link")[1:] == newest
    assert locations(fetch(portal.url, "/atom.xml").body, "}id")[1:] == newest
    assert set(locations(fetch(portal.url, "/rss/wenhua.xml").body, "link")[1:]) <= set(TRUTH)


def test_strays_are_no_articles(portal: Portal) -> None:
    assert set(expected_drops().values()) == {"error", "login", "empty", "404"}
    for path, kind in expected_drops().items():
        reply = fetch(portal.url, path)
        assert reply.status == (404 if kind == "404" else 200)
        assert path not in TRUTH


def test_images_and_attachments_are_served(portal: Portal) -> None:
    files = {file for truth in TRUTH.values() for file in (*truth.images, *truth.attachments)}
    assert len(files) > 15
    kinds = {fetch(portal.url, file).headers["content-type"] for file in files}
    assert kinds == {"image/gif", "application/pdf"}


def test_comparable_texts_differ_only_in_more_than_width() -> None:
    assert comparable("会上，各县（市、区）委 书记") == comparable("会上,各县(市、区)委书记")
    assert comparable("三点") != comparable("四点")


def test_forbidden_pages_are_linked_and_look_like_articles(portal: Portal) -> None:
    forbidden = portal.forbidden()
    linked: set[str] = set()
    for target in ("/", *(f"/{slug}/" for slug in channels())):
        encoding = "utf-8" if target == "/" else channels()[target.strip("/")].encoding
        linked |= set(re.findall(r'href="(/neibu/[^"]+)"', fetch(portal.url, target).text(encoding)))
    assert linked == set(forbidden)
    assert len(forbidden) == 50
    assert fetch(portal.url, forbidden[7]).status == 200
    assert "Disallow: /neibu/\n" in fetch(portal.url, "/robots.txt").text()


def test_generated_articles_are_the_same_every_time_and_not_alike() -> None:
    stories = synthetic_stories(240)
    assert stories[:100] == synthetic_stories(100)
    assert len({story.path for story in stories}) == 240

    def shingles(text: str) -> set[str]:
        return {text[place : place + 4] for place in range(len(text) - 3)}

    sets = [shingles("".join(story.paragraphs)) for story in stories]
    likeness = max(len(one & other) / len(one | other) for one, other in combinations(sets, 2))
    assert likeness < 0.35


def test_a_big_portal_holds_as_many_articles_as_asked() -> None:
    with run_portal(articles=400, per_page=20) as big:
        truth = big.expected()
        assert len(truth) == 400
        assert set(TRUTH) < set(truth)
        oldest = list(truth)[-2]
        text = page_text(big, oldest)
        assert all(paragraph in text for paragraph in truth[oldest].printed)
        named = [path for path in truth if truth[path].reporters][::9]
        assert all(truth[path].reporters[0] in page_text(big, path) for path in named if path not in TRUTH)
