"""No input makes the reader raise or lose the article beside it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.page import Page, read_page
from newscrawl.page.guard import MAX_DEPTH, harmless
from tests.page.pages import PARAGRAPHS, TITLE, article_page

URL = "https://www.yunling.example/news/2024-03-13/81001.html"
BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
MANY = 100_000

NESTED = {
    "div": "<div>" * MANY,
    "closed div": "<div>" * MANY + "</div>" * MANY,
    "list": "<ul><li>" * (MANY // 2),
    "table": "<table><tr><td>" * (MANY // 3),
    "formatting": "".join(f"<b id=b{n}><p>" for n in range(MANY // 10)),
    "formatting closed late": "".join(f"<b id=b{n}>" for n in range(20_000)) + "<p></p>" * 20_000 + "</b>" * 20_000,
    "end tags": "</div>" * MANY,
    "less-than": "<" * MANY,
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(MANY)) + ">",
    "misnested": "<b><i></b></i>" * (MANY // 4),
    "svg": "<svg>" * MANY + "</svg>" * MANY,
    "line breaks": "<p>镇" + "\n" * MANY + "x</p>",
}


@pytest.mark.parametrize("name", NESTED)
def test_deep_nesting_before_the_page_is_survived(name: str) -> None:
    page = read_page(f"<html><title>{TITLE}</title><body>{NESTED[name]}<h1>{TITLE}</h1>{BODY}", URL)
    assert isinstance(page, Page)
    assert page.links == []
    assert name == "svg" or page.article is None or PARAGRAPHS[1] in page.article.body


def test_flattening_keeps_the_text_and_bounds_the_depth() -> None:
    flat = harmless("<div>" * MANY + BODY)
    assert flat.endswith(BODY)
    assert flat.count("<div>") <= MAX_DEPTH


def test_large_flat_page_is_left_alone() -> None:
    html = "<div><p>三河镇</p></div>" * 10_000
    assert harmless(html) == html
    unclosed = "<ul>" + "<li>三河镇<p>花开" * 10_000
    assert harmless(unclosed) == unclosed


HIDDEN = [
    "<div style='display:none'>{}</div>",
    "<div style='visibility: hidden'>{}</div>",
    "<p style='font-size:0'>{}</p>",
    "<span style='font-size:0px;'>{}</span>",
    "<div style='position:absolute;left:-9999px'>{}</div>",
    "<p style='text-indent:-5000px'>{}</p>",
    "<div style='height:0;overflow:hidden'>{}</div>",
    "<div style='overflow:hidden;width:1px'>{}</div>",
    "<div style='opacity:0'>{}</div>",
    "<div hidden>{}</div>",
    "<p style='color:#FFF;background:#fff'>{}</p>",
    "<a style='display:none' href=/x>{}</a>",
    "<template>{}</template>",
    "<noscript>{}</noscript>",
    "<!-- {} -->",
]


@pytest.mark.parametrize("wrapper", HIDDEN)
def test_hidden_spam_is_not_in_the_body(wrapper: str) -> None:
    spam = wrapper.format("云顶平台，注册即送，天天返利，月月有奖。")
    article = read_page(
        article_page(body=f"<p>{PARAGRAPHS[0]}</p>{spam}" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS[1:])), URL
    ).article
    assert article is not None
    assert article.body.replace("\n", "") == "".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "style",
    [
        "text-indent:-2em",
        "left:-5px",
        "font-size:0.9em",
        "opacity:0.8",
        "color:#fff;background:#000",
        "margin-left:-10px",
    ],
)
def test_visible_text_is_not_taken_for_hidden(style: str) -> None:
    article = read_page(article_page(body=f"<div style='{style}'>{BODY}</div>"), URL).article
    assert article is not None
    assert article.body.replace("\n", "") == "".join(PARAGRAPHS)


def test_body_that_is_shown_by_script_is_read() -> None:
    article = read_page(article_page(body=f"<div id=js_content style='visibility:hidden'>{BODY}</div>"), URL).article
    assert article is not None
    assert article.body.replace("\n", "") == "".join(PARAGRAPHS)
    page = read_page(f"<title>{TITLE}</title><h1>{TITLE}</h1><div style='display:none'>{BODY}</div>", URL)
    assert page.article is not None


def test_plaintext_hides_nothing() -> None:
    article = read_page(f"<title>{TITLE}</title><h1>{TITLE}</h1><PLAINTEXT><div>{BODY}</div>", URL).article
    assert article is not None
    assert PARAGRAPHS[2] in article.body


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7, 0.9, 0.99])
def test_truncated_page(share: float) -> None:
    html = article_page(body=BODY * 3).encode("gb18030", "replace")
    assert isinstance(read_page(html[: int(len(html) * share)], URL), Page)


@pytest.mark.parametrize(
    "url", ["", "http://[", "x", "http://", "//", "http://a.example:99999/x", "\0", "http://例え.テスト/新闻"]
)
def test_any_address(url: str) -> None:
    page = read_page(article_page(), url)
    assert page.article is not None
    assert isinstance(page.links, list)


@pytest.mark.parametrize(
    "script",
    [
        "{",
        "[" * 5000,
        '{"@graph":[[[[1]]]]}',
        "null",
        '{"datePublished":5}',
        '{"author":{"name":["a"]}}',
        '{"headline":"a\nb"}',
        '"\\ud800"',
    ],
)
def test_any_json_ld(script: str) -> None:
    page = read_page(article_page(head=f'<script type="application/ld+json">{script}</script>'), URL)
    assert page.article is not None


def test_nul_bytes_and_surrogates() -> None:
    page = read_page(article_page().replace("花节", "花\0节").replace("民宿", "民\ud800宿"), URL)
    assert page.article is not None
    page.article.body.encode("utf-8")


TOKENS = [
    "<div>",
    "</div>",
    "<p>",
    "</p>",
    "<a href=/x>",
    "</a>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<br>",
    "<h1>",
    "<b>",
    "</b>",
    "<form>",
]
TOKENS += [
    "<style>",
    "</style>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "<title>",
    "<select>",
    "<textarea>",
    "<frameset>",
    "<svg>",
    "<li>",
    "\0",
]
TOKENS += ['<div style="', '">', "&nbsp;", "&#xD800;", "2024-03-13 08:30", "来源：云岭日报", "相关阅读", *PARAGRAPHS]


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(TOKENS), max_size=60))
def test_any_mixture_of_tags_is_read(pieces: list[str]) -> None:
    page = read_page("".join(pieces), URL)
    assert (page.article is None) or page.article.body.isprintable() or "\n" in page.article.body
    assert isinstance(page.links, list)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.integers(0, 4000), st.integers(0, 400), st.binary(max_size=20))
def test_mutations_of_a_page_are_read(start: int, length: int, insertion: bytes) -> None:
    html = article_page(body=BODY).encode()
    assert isinstance(read_page(html[:start] + insertion + html[start + length :], URL), Page)
