"""A portal's own addresses, and the ones that stand in for them."""

from __future__ import annotations

import pytest

from newscrawl.crawl.frontier.addresses import Addresses
from newscrawl.items import UrlState

LIVE = Addresses("portal", ("portal.example", "portal.test"))
DEMO = Addresses("portal", ("portal.example",), "http://127.0.0.1:8000")


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("portal.example", True),
        ("www.portal.example", True),
        ("news.portal.test", True),
        ("portal.example.evil.test", False),
        ("notportal.example", False),
        ("", False),
    ],
)
def test_hosts(host: str, *, own: bool) -> None:
    assert LIVE.owns_host(host) is own


def test_all_hosts_share_one_slot() -> None:
    assert LIVE.slot == "portal.example"
    assert DEMO.slot == "127.0.0.1"


@pytest.mark.parametrize("url", ["http://www.portal.test/a/1.html", "https://portal.example/a/1.html?from=timeline"])
def test_several_hosts_are_one(url: str) -> None:
    assert LIVE.canonical(url) == "https://portal.example/a/1.html"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("http://news.portal.example/a/1.html", "https://news.portal.example/a/1.html"),
        ("http://news.portal.test/a/1.html", "https://news.portal.example/a/1.html"),
        ("http://www.news.portal.test/a/1.html", "https://news.portal.example/a/1.html"),
        ("http://notportal.test/a/1.html", "https://notportal.test/a/1.html"),
    ],
)
def test_hosts_below_a_domain_stay_apart_and_move_along_with_it(url: str, canonical: str) -> None:
    assert LIVE.canonical(url) == canonical
    assert LIVE.canonical(canonical) == canonical
    assert LIVE.is_own(url) is ("notportal" not in url)


def test_a_rule_may_name_the_host() -> None:
    rule = r"^//sports\.portal\.example/\d+\.html$"
    assert LIVE.matches("http://sports.portal.test/1.html", rule)
    assert not LIVE.matches("http://portal.example/1.html", rule)
    assert not LIVE.matches("http://sports.portal.example.evil.test/1.html", rule)


def test_what_stands_in() -> None:
    assert DEMO.stand_in("https://www.portal.example/rss.php?id=3") == "http://127.0.0.1:8000/rss.php?id=3"
    assert DEMO.stand_in("http://127.0.0.1:8000/a") == "http://127.0.0.1:8000/a"
    assert DEMO.stand_ins(["https://portal.example", "", "https://www.portal.example/"]) == ["http://127.0.0.1:8000/"]
    assert DEMO.canonical("http://127.0.0.1:8000/a/1.html") == "https://portal.example/a/1.html"
    assert LIVE.stand_ins(["https://portal.example/rss"]) == ["https://portal.example/rss"]


@pytest.mark.parametrize(
    ("found_at", "asked"),
    [
        ("http://www.portal.test/a/1.html", "http://www.portal.test/a/1.html"),
        ("http://mirror.test/a/1.html", "https://portal.example/a/1.html"),
    ],
)
def test_a_url_is_asked_for_where_it_was_found_unless_that_is_elsewhere(found_at: str, asked: str) -> None:
    assert LIVE.fetchable(UrlState("https://portal.example/a/1.html", found_at, "portal")) == asked


@pytest.mark.parametrize(
    ("url", "meets"),
    [
        ("https://portal.example/a/1.html", True),
        ("https://portal.example/a/index.php?id=1.html", True),
        ("https://portal.example/b/", False),
        ("https://elsewhere.example/a/1.html", False),
    ],
)
def test_rules_are_searched_in_path_and_query_of_own_hosts(url: str, *, meets: bool) -> None:
    assert LIVE.matches(url, r"\d+\.html$") is meets
    assert not LIVE.matches(url, "")
