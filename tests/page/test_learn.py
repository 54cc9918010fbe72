"""Learning a layout from a site's pages."""

from __future__ import annotations

from datetime import date

import pytest

from newscrawl.demo.content import bundled_stories
from newscrawl.demo.shapes import shape_site
from newscrawl.demo.site import PortalSite, Site
from newscrawl.page import Layout, read_page
from newscrawl.page.learn import SamplePage, learn_layout
from tests.page.pages import PARAGRAPHS, article_page

BASE = "https://portal.example"


def pages_of(site: Site, count: int = 8) -> list[SamplePage]:
    found = []
    for path in site.paths()[:: max(1, len(site.paths()) // count)][:count]:
        resource = site.get(path)
        assert resource is not None
        found.append(SamplePage(resource.body, BASE + path))
    return found


@pytest.mark.parametrize(
    ("shape", "body", "title", "meta_line"),
    [
        ("empire-ul", "#text", "h1.title_text", "div.info_text"),
        ("trs-div", "div.TRS_UEDITOR", "h2.xl_title", "div.xl_info"),
        ("founder-table", "td.content", "#Title", "td.hui12"),
        ("wordpress-cards", "div.entry-content", "h1.entry-title", "time.entry-date"),
        ("modern-cards", "div.rich-5e1", "h1.hd-91a", "p.sub-0cc"),
    ],
)
def test_the_layout_of_a_system_is_found(shape: str, body: str, title: str, meta_line: str) -> None:
    pages = pages_of(shape_site(shape)(BASE))
    layout = learn_layout(pages, name="2026-09", since=date(2026, 9, 1))
    assert layout == Layout("2026-09", body=body, title=title, meta_line=meta_line, since=date(2026, 9, 1))


def test_what_all_pages_share_may_stay_outside() -> None:
    pages = pages_of(PortalSite(bundled_stories(), BASE), 10)
    layout = learn_layout(pages, name="new")
    assert layout is not None
    assert layout.body == "#content"
    article = read_page(pages[0].html, pages[0].url, layouts=(layout,)).article
    assert article is not None
    assert "爱上新江南网" in read_page(pages[0].html, pages[0].url).article.body  # type: ignore[union-attr]
    assert "爱上新江南网" not in article.body


def page_with(name: str, number: int) -> SamplePage:
    text = "".join(f"<p>{line}第{number}回。</p>" for line in PARAGRAPHS)
    html = article_page(title=f"三河镇第{number}届花节开幕", body=f"<div class='{name}'>{text}</div>")
    return SamplePage(html, f"{BASE}/{number}.html")


def test_names_that_belong_to_one_page_and_too_few_pages_teach_nothing() -> None:
    assert learn_layout([page_with("text", number) for number in range(2)], name="x") is None
    assert learn_layout([], name="x") is None
    layout = learn_layout([page_with(f"text{number}9120", number) for number in range(6)], name="x")
    assert layout is not None
    assert layout.body == "div.content"


def test_what_some_pages_have_otherwise_is_passed_over() -> None:
    layout = learn_layout([page_with("alpha" if number % 2 else "omega", number) for number in range(6)], name="x")
    assert layout is not None
    assert layout.body == "div.content"
    strange = SamplePage(article_page(title="三河镇第九届花节开幕", body_class="other"), f"{BASE}/9.html")
    layout = learn_layout([*(page_with("omega", number) for number in range(6)), strange], name="x")
    assert layout is not None
    assert layout.body == "div.content"
    assert learn_layout([page_with("omega", 1), page_with("omega", 2), strange, strange], name="x") is None
