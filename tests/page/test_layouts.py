from __future__ import annotations

import pytest

from newscrawl.page import Layout, SiteProfile, read_page
from newscrawl.page.marks import family_of
from newscrawl.text.boilerplate_sites import SiteLines
from tests.page.pages import PARAGRAPHS, TITLE, article_page

URL = "https://www.yunling.example/news/2024-03-13/81001.html"
BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
OLD = Layout("2019", body="div.old-body", title="h2.old")
NEW = Layout("2023", body="div.content", title="h1", meta_line="div.info", drops=("p.ad",))


def test_first_layout_that_finds_its_body_is_used() -> None:
    html = article_page(body=BODY + "<p class=ad>花节期间，全场农资八折，欢迎选购。</p>")
    page = read_page(html, URL, layouts=(OLD, NEW))
    assert page.article is not None
    assert page.article.extractor.layout == "2023"
    assert page.article.body.split("\n") == list(PARAGRAPHS)
    assert page.article.title == TITLE
    assert page.notes == ["layout 2019 found no body"]
    assert page.article.candidates[0].text.startswith("2024-03-13 08:30")


def test_generic_way_where_no_layout_fits() -> None:
    page = read_page(article_page(), URL, layouts=(OLD,))
    assert page.article is not None
    assert page.article.extractor.layout == "generic"
    assert page.article.body.split("\n") == list(PARAGRAPHS)
    assert page.article.notes == ["layout 2019 found no body"]


def test_disagreement_with_the_generic_way_is_noted() -> None:
    page = read_page(article_page(), URL, layouts=(Layout("wrong", body="div.footer"),))
    assert any("wrong" in note and "share" in note for note in page.notes)


def test_layout_on_an_inline_element() -> None:
    html = article_page(body=f"<span id=text>{BODY}</span>")
    page = read_page(html, URL, layouts=(Layout("inline", body="#text"),))
    assert page.article is not None
    assert (page.article.extractor.layout, page.article.body.split("\n")) == ("inline", list(PARAGRAPHS))


@pytest.mark.parametrize("selector", ["p[", "::x", "//p[", "count(//p)", "(//p", "//x:p"])
def test_selector_that_cannot_be_read_is_named(selector: str) -> None:
    with pytest.raises(ValueError, match="layout broken"):
        read_page(article_page(), URL, layouts=(Layout("broken", body=selector),))


@pytest.mark.parametrize(
    "layout",
    [
        Layout("x", body="//div[@class='content']", title="//h1", drops=("//p[@class='ad']",)),
        Layout("x", body=".//div[contains(@class, 'content')]", title="//h1/text()", drops=("p.ad",)),
        Layout("x", body="(//div[@class='content'])[1]", title="h1", drops=("//p[contains(., '八折')]",)),
    ],
)
def test_selectors_in_xpath(layout: Layout) -> None:
    html = article_page(body=BODY + "<p class=ad>花节期间，全场农资八折，欢迎选购。</p>")
    page = read_page(html, URL, layouts=(layout,))
    assert page.article is not None
    assert page.article.extractor.layout == "x"
    assert page.article.title == TITLE
    assert page.article.body.split("\n") == list(PARAGRAPHS)


def test_xpath_that_finds_nothing_leaves_the_page_as_it_is() -> None:
    page = read_page(article_page(), URL, layouts=(Layout("old", body="//div[@class='old']"),))
    assert page.notes == ["layout old found no body"]
    assert page.article is not None
    assert page.article.body.split("\n") == list(PARAGRAPHS)


FOOT = "<p>云岭新闻网记者站常年征集新闻线索，欢迎来电提供，一经采用即付稿酬。</p>"


def learned(pages: int = 12) -> SiteProfile:
    profile = SiteProfile("yunling.example")
    for number in range(pages):
        body = (
            "".join(f"<p>{text}第{'一二三四五六七八九十甲乙'[number]}则消息，特此报道。</p>" for text in PARAGRAPHS[:3])
            + FOOT
        )
        profile.learn(
            read_page(article_page(body=body, title=f"云岭市第{number}次会议在三河镇举行"), f"{URL}?id={number}")
        )
    return profile


def test_profile_learns_repeated_lines_boxes_and_suffixes() -> None:
    profile = learned()
    assert profile.pages == 12
    assert profile.is_repeated("云岭新闻网记者站常年征集新闻线索，欢迎来电提供，一经采用即付稿酬。")
    assert not profile.is_repeated(PARAGRAPHS[0])
    assert profile.suffix_of("春耕开始了_云岭新闻网") == "_云岭新闻网"
    page = read_page(article_page(body=BODY + FOOT), URL, profile=profile)
    assert page.article is not None
    assert page.article.body.split("\n") == list(PARAGRAPHS)
    assert page.article.extractor.version.endswith(profile.version)


def test_profile_survives_a_file_and_its_version_follows_its_content() -> None:
    profile = learned()
    copy = SiteProfile.from_dict(profile.to_dict())
    assert copy.version == profile.version
    copy.learn(read_page(article_page(), URL))
    assert copy.version != profile.version


@pytest.mark.parametrize(
    "values", [{}, {"lines": 3}, {"pages": "x", "boxes": {"a": "b"}}, {"site": None, "suffixes": []}]
)
def test_broken_profile_is_empty(values: dict[str, object]) -> None:
    profile = SiteProfile.from_dict(values)
    assert (profile.pages, profile.lines, profile.boxes, profile.suffixes) == (0, SiteLines(), {}, {})


def test_page_without_article_teaches_nothing() -> None:
    profile = SiteProfile()
    profile.learn(read_page("", URL))
    assert profile.pages == 0


@pytest.mark.parametrize(
    ("names", "url", "expected"),
    [
        ("TRS_Editor", URL, "TRS"),
        ("", "http://a.example/xw/202403/t20240313_123456.html", "TRS"),
        ("", "http://a.example/2024-03/13/content_5566.htm", "Founder"),
        ("", "http://a.example/news/2024-03-13/81001.html", "EmpireCMS"),
        ("post entry-content", URL, "WordPress"),
        ("", "http://a.example/x", ""),
    ],
)
def test_family(names: str, url: str, expected: str) -> None:
    assert family_of(names, url) == expected
