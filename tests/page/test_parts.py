from __future__ import annotations

import pytest

from newscrawl.page import join_parts, read_page
from newscrawl.page.links import is_part_of
from tests.page.pages import PARAGRAPHS, article_page

URL = "https://www.yunling.example/news/2024-03-13/81001.html"


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        (
            "<div class=page><b>1</b><a href=81001_2.html>2</a><a href=81001_2.html>下一页</a></div>",
            "81001_2",
        ),
        ("<div><b>1</b><a href=81001_2.html>2</a><a href=81001_3.html>3</a></div>", "81001_2"),
        ("<div>下一篇：<a href=81002.html>下一页</a></div>", ""),
        ("<a href=/news/index_2.html>下一页</a>", ""),
    ],
)
def test_next_part(tail: str, expected: str) -> None:
    page = read_page(article_page(tail=tail), URL)
    assert page.next_part == (f"https://www.yunling.example/news/2024-03-13/{expected}.html" if expected else "")
    assert page.next_list == ""


@pytest.mark.parametrize(
    ("url", "following", "expected"),
    [
        ("https://a.example/x/123.html", "https://a.example/x/123_2.html", True),
        ("https://a.example/x/123_2.html", "https://a.example/x/123_3.html", True),
        ("https://a.example/x/123_2.html", "https://a.example/x/123.html", False),
        ("https://a.example/x/123.html", "https://a.example/x/124.html", False),
        ("https://a.example/x?id=7", "https://a.example/x?id=7&page=2", True),
        ("https://a.example/x?id=7&page=2", "https://a.example/x?id=7&page=3", True),
        ("https://a.example/x?id=7", "https://a.example/x?id=8&page=2", False),
        ("https://a.example/t20260115_85.html", "https://a.example/t20260115_86.html", False),
        ("https://a.example/x/123.html", "https://b.example/x/123_2.html", False),
        ("http://[", "http://[_2", False),
    ],
)
def test_is_part_of(url: str, following: str, expected: bool) -> None:
    assert is_part_of(following, url) is expected


def test_parts_are_joined_in_order_and_once() -> None:
    first = read_page(article_page(body="".join(f"<p>{text}</p>" for text in PARAGRAPHS[:2])), URL).article
    second = read_page(
        article_page(body="".join(f"<p>{text}</p>" for text in PARAGRAPHS[1:])), URL.replace(".html", "_2.html")
    ).article
    assert first is not None
    assert second is not None
    joined = join_parts(first, second)
    assert joined.body.split("\n") == list(PARAGRAPHS)
    assert joined.body_raw == joined.body
    assert joined.url == URL
    assert joined.url_aliases == [URL.replace(".html", "_2.html")]
