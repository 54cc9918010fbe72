"""The page room on portals of many shapes: those of the demo, whose truth is known, and small pages of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest

from newscrawl.demo.shapes import list_path, random_shape, shape_parts, shape_site, shapes
from newscrawl.page import read_page
from tests.page.pages import PARAGRAPHS, TITLE, article_page

if TYPE_CHECKING:
    from newscrawl.demo.shapesite import ShapeSite

BASE = "http://127.0.0.1:8000"
URL = "https://www.yunling.example/news/2024-03-13/81001.html"
SHAPES = {**shapes(), **{f"random-{seed}": random_shape(seed) for seed in (3, 10, 13, 23, 28)}}


def site_of(name: str) -> ShapeSite:
    return shape_site(SHAPES[name])(BASE)


def body_at(site: ShapeSite, path: str, variant: str = "") -> bytes:
    resource = site.get(path, "emptied" if variant else "")
    assert resource is not None
    return resource.body


@pytest.mark.parametrize("name", SHAPES)
def test_articles_of_a_shape(name: str) -> None:
    site = site_of(name)
    for path, expected in list(site.expected().items())[:6]:
        article = read_page(body_at(site, path), BASE + path).article
        assert article is not None
        assert article.title == expected.title
        assert "".join(article.body.split()) == "".join("".join(expected.printed).split())
        assert article.images == []
        dates = {"".join(filter(str.isdigit, entry.text))[:8] for entry in article.candidates if entry.field == "date"}
        assert expected.published_day.replace("-", "") in dates or "来源" in article.published_raw


@pytest.mark.parametrize("name", SHAPES)
def test_emptied_article_is_no_article(name: str) -> None:
    site = site_of(name)
    for path in site.paths()[:6]:
        page = read_page(body_at(site, path, "emptied"), BASE + path)
        assert (page.kind, page.article) == ("empty", None)


@pytest.mark.parametrize("name", [name for name, shape in SHAPES.items() if not shape.needs_js])
def test_lists_of_a_shape(name: str) -> None:
    site, style = site_of(name), shape_parts()["list"][SHAPES[name].style]
    truth = site.truth()
    times = site.times()
    for first, others in truth.list_pages.items():
        pages = (first, *others)
        listed: dict[str, str] = {}
        for place, path in enumerate(pages):
            page = read_page(body_at(site, path), BASE + path)
            assert page.kind == "list"
            assert page.next_list == (urljoin(BASE, pages[place + 1]) if place + 1 < len(pages) else "")
            listed |= {link.url: link.listed_date for link in page.links if link.listed_date}
        for path, article in truth.articles.items():
            if truth.sections[first] == article.section:
                assert listed[urljoin(BASE, path)] == times[path].strftime(style["date"])


def test_list_that_a_script_fills_is_a_shell() -> None:
    site = site_of("json-app")
    path = list_path(SHAPES["json-app"], 0, 1)
    assert read_page(body_at(site, path), BASE + path).kind == "js-shell"


@pytest.mark.parametrize(
    "item",
    [
        "<li><span>{date}</span><a href={href}>{text}</a></li>",
        "<li><a href={href}>{text}</a><span>{date}</span></li>",
        "<li><a href=/xw/>[新闻]</a> <a href={href}>{text}</a> {date}</li>",
        "<li><a href={href}><div>{text}</div></a><p>{date}</p></li>",
        "<div><em>{date}</em><h3><a href={href}>{text}</a></h3><p>8月15日，镇里开了会，会上说了许多事…</p></div>",
        "<div><a href={href}><img src=/a.jpg></a><a href={href}>{text}</a><p>8月15日…</p><span>{date}</span></div>",
        "<dt><a href={href}>{text}</a></dt><dd>镇里开了会，会上说了许多关于油菜花和民宿的事情。 {date}</dd>",
        "<tr><td>·</td><td><a href={href}>{text}</a></td><td>[{date}]</td></tr>",
    ],
)
def test_listed_date_goes_to_the_link_of_its_item(item: str) -> None:
    dates = [f"2024-03-{day}" for day in range(11, 19)]
    items = "".join(
        item.format(href=f"/n/{date}.html", text=f"三河镇{date[-2:]}号花田开园", date=date) for date in dates
    )
    wrap = {"<li": "ul", "<tr": "table", "<dt": "dl"}.get(item[:3], "section")
    page = read_page(f"<p>今天是2024年5月1日</p><{wrap}>{items}</{wrap}><p>2024-05-02 更新</p>", URL)
    assert [link.listed_date for link in page.links if "/n/" in link.url] == dates


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('createPageHTML(5, 0, "index", "html");', "https://www.yunling.example/news/index_1.html"),
        ("createPageHTML(5, 3, 'index', 'shtml');", "https://www.yunling.example/news/index_4.shtml"),
        ('createPageHTML(5, 4, "index", "html");', ""),
        ("createPageHTML(countPage, page);", ""),
    ],
)
def test_pager_that_a_trs_script_writes(script: str, expected: str) -> None:
    links = "".join(f"<li><a href=/n/{n}.html>三河镇{n}号花田今天开园迎客</a> 03-1{n}</li>" for n in range(8))
    page = read_page(f"<ul>{links}</ul><script>{script}</script>", "https://www.yunling.example/news/")
    assert (page.kind, page.next_list) == ("list", expected)


@pytest.mark.parametrize(
    ("head", "shown", "expected"),
    [
        ("三河镇花节开幕_云岭网", "<h3>云岭三河镇第七届花节开幕</h3>", "云岭三河镇第七届花节开幕"),
        ("云岭之窗", f"<td align=center><b>{TITLE}</b></td>", TITLE),
        (f"{TITLE} - 云岭网", f"<h2 class=news_title>{TITLE} 【11:25】</h2>", TITLE),
    ],
)
def test_title_as_the_page_words_it(head: str, shown: str, expected: str) -> None:
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    table = f"<table><tr>{shown}</tr><tr><td>2024-03-13 来源：云岭报</td></tr></table>"
    html = f"<title>{head}</title>{table}<div>{body}</div>"
    article = read_page(html, URL).article
    assert article is not None
    assert article.title == expected


def test_advertisement_is_no_image_of_the_article() -> None:
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    html = article_page(body=f"{body}<p><img src=/photo/1.jpg></p><div class='ad'><img src=/gg/3.jpg></div>")
    article = read_page(html, URL).article
    assert article is not None
    assert [image.url for image in article.images] == ["https://www.yunling.example/photo/1.jpg"]


@pytest.mark.parametrize(
    ("tail", "text"),
    [
        ("<div class=editor>编辑：纪冬 审核：米良</div>", "编辑：纪冬 审核：米良"),
        ("<p class=tip>本文来源：云岭日报 作者：柳絮</p><p>爱云岭，就上云岭网。</p>", "本文来源：云岭日报 作者：柳絮"),
    ],
)
def test_credits_that_are_cut_from_the_end_are_offered(tail: str, text: str) -> None:
    article = read_page(article_page(tail=tail), URL).article
    assert article is not None
    assert text in article.body or any(
        (entry.field, entry.text, entry.origin) == ("credit", text, "tail") for entry in article.candidates
    )


@pytest.mark.parametrize(("name", "offered"), [("林一舟", True), ("Anna Lin", True), ("admin", False)])
def test_linked_author_is_offered(name: str, offered: bool) -> None:
    article = read_page(article_page(meta=f"2024-03-13 <a href=/reporter/17.html>{name}</a>"), URL).article
    assert article is not None
    assert any(entry.field == "author" and entry.text == name for entry in article.candidates) is offered


def test_menu_link_on_the_meta_line_is_the_section() -> None:
    html = (
        article_page(meta="2024-03-13 记者：林一舟 <a href=/culture/>文化</a>")
        .replace("position", "x")
        .replace("当前位置", "")
    )
    article = read_page(html, URL).article
    assert article is not None
    assert article.section == "文化"
    assert "2024-03-13 记者：林一舟" in article.byline_raw
    assert "文化" not in article.byline_raw


def test_medium_without_a_label_is_offered_as_source() -> None:
    article = read_page(article_page(meta="云岭日报&nbsp;&nbsp;2024-03-13 08:30"), URL).article
    assert article is not None
    assert any((entry.field, entry.text) == ("source", "云岭日报") for entry in article.candidates)


def test_raw_date_is_never_the_address() -> None:
    body = "".join(f"<p>{text.replace('三月十二日', '那天')}</p>" for text in PARAGRAPHS)
    article = read_page(article_page(body=body, meta="来源：云岭日报"), URL).article
    assert article is not None
    assert article.published_raw == ""
    assert any((entry.field, entry.origin) == ("date", "url") for entry in article.candidates)


@pytest.mark.parametrize("lead", ["新华社云岭3月13日电 题：花开三河", "花开三河：记一个镇的春天，"])
def test_first_line_of_the_text_is_kept(lead: str) -> None:
    body = f"<p>{lead}</p>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    article = read_page(article_page(body=body), URL).article
    assert article is not None
    assert article.body.startswith(lead)


def test_excerpt_above_the_text_is_dropped() -> None:
    body = f"<div><div class=intro>{PARAGRAPHS[1][:40]}…</div></div><div><p>本报讯（记者 林一舟）{PARAGRAPHS[1]}</p>"
    article = read_page(article_page(body=body + f"<p>{PARAGRAPHS[2]}</p></div>"), URL).article
    assert article is not None
    assert article.body.startswith("本报讯（记者 林一舟）")
