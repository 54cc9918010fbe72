"""Portal shapes: their truth stands on the pages, lists lead to every article, and the rules tell articles apart."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import urljoin, urlsplit

import pytest

from newscrawl.demo import run_portal
from newscrawl.demo.shapes import find_shape, matches_rule, random_shape, shapes
from newscrawl.demo.shapesite import ShapeSite
from tests.demo.client import fetch

NAMES = [*shapes(), "random-0", "random-1", "random-2"]


def links(base: str, here: str, markup: str) -> set[str]:
    """The addresses a page links to, as paths with query."""
    found = set()
    for href in re.findall(r'href="([^"]+)"', markup):
        parts = urlsplit(urljoin(base.rstrip("/") + here, html.unescape(href)))
        found.add(parts.path + (f"?{parts.query}" if parts.query else ""))
    return found


def test_at_least_ten_shapes_of_five_families() -> None:
    assert len(shapes()) >= 10
    assert len({shape.family for shape in shapes().values()}) >= 5
    assert {shape.encoding for shape in shapes().values()} == {"utf-8", "gb18030"}
    assert {"ul", "table", "div", "cards"} <= {shape.style for shape in shapes().values()}


@pytest.mark.parametrize("name", NAMES)
def test_articles_carry_their_truth(name: str) -> None:
    with run_portal(shape=name) as portal:
        assert isinstance(portal.site, ShapeSite)
        truth = portal.site.truth()
        assert len(truth.articles) == 48
        for path, article in truth.articles.items():
            reply = fetch(portal.url, path)
            assert reply.status == 200
            text = html.unescape(re.sub(r"<[^>]+>", "\n", reply.text(truth.encoding)))
            assert all(paragraph in text for paragraph in (article.title, *article.printed))
            assert all(reporter in text for reporter in article.reporters)
            assert article.source in text
            digits = re.sub(r"\D+", "-", text)
            assert f"{article.published:%Y-%m-%d-%H-%M}" in digits


@pytest.mark.parametrize("name", NAMES)
def test_lists_lead_to_every_article_and_the_rule_finds_them(name: str) -> None:
    shape = find_shape(name)
    with run_portal(shape=shape) as portal:
        assert isinstance(portal.site, ShapeSite)
        truth = portal.site.truth()
        home = links(portal.url, "/", fetch(portal.url, "/").text(truth.encoding))
        assert set(truth.sections) <= home
        seen = set(home)
        for first, others in truth.list_pages.items():
            assert others
            for target in (first, *others):
                reply = fetch(portal.url, target)
                assert reply.status == 200
                if reply.headers["content-type"].startswith("application/json"):
                    seen |= {row["url"] for row in json.loads(reply.body)["data"]["list"]}
                else:
                    seen |= links(portal.url, target, reply.text(truth.encoding))
        if truth.needs_js:
            for number in range(3, 7):
                reply = fetch(portal.url, f"/api/news/list?channelId={number}&page=1&size=10")
                seen |= {row["url"] for row in json.loads(reply.body)["data"]["list"]}
        assert {target for target in seen if matches_rule(shape, target)} == set(truth.articles)


@pytest.mark.parametrize("name", NAMES)
def test_feeds_are_there_as_the_truth_says(name: str) -> None:
    with run_portal(shape=name) as portal:
        assert isinstance(portal.site, ShapeSite)
        truth = portal.site.truth()
        for target in ("/rss.xml", "/feed/", "/sitemap.xml", "/wp-sitemap.xml"):
            there = target in truth.feeds or target == truth.sitemap
            assert fetch(portal.url, target).status == (200 if there else 404)


def test_faults_work_on_shapes_too() -> None:
    with run_portal(shape="trs-ul", articles=30, held_back=1) as portal:
        path = next(iter(portal.expected()))
        portal.fault(path, "changed", text="后续情况将继续报道。")
        assert portal.expected()[path].paragraphs[-1] == "后续情况将继续报道。"
        assert "后续情况将继续报道。" in fetch(portal.url, path).text()
        portal.fault(path, "vanished")
        assert path not in portal.expected()
        assert len(portal.expected()) == 28
        portal.release()
        assert len(portal.expected()) == 29


def test_random_shapes_are_the_same_for_the_same_seed_and_many() -> None:
    assert random_shape(5) == random_shape(5) == find_shape("random-5")
    combinations = {(shape.family, shape.style, shape.encoding) for shape in map(random_shape, range(60))}
    assert len(combinations) >= 30


def test_unknown_shape_is_told() -> None:
    with pytest.raises(ValueError, match="trs-ul"):
        find_shape("hexagon")


@pytest.mark.parametrize(
    "target", ["/api/news/list?channelId=x&page=1", "/api/news/list?channelId=99&page=1", "/?hop=" + "9" * 5000]
)
def test_odd_targets_are_no_error(target: str) -> None:
    with run_portal(shape="json-app") as portal:
        assert fetch(portal.url, target).status in {200, 404}
