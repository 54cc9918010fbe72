"""The pages in a real browser."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.corpus import id_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.web.conftest import Served

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "axe.min.js").read_text("utf-8")

PATHS = {
    "newest": "/",
    "search": "/?q=棉花&measure=million",
    "narrowed": "/?q=渡口&site=hexi&reporter=骆一川&since=2026-03-01&until=2026-06-30",
    "nothing": "/?q=查无此事",
    "wrong query": '/?q="棉花',
    "article": f"/articles/{id_of('cotton')}",
    "printed": f"/articles/{id_of('damaged')}/printed",
    "revisions": f"/articles/{id_of('changed')}/revisions",
    "story": f"/articles/{id_of('cotton')}/story",
    "compare": f"/articles/{id_of('cotton')}/compare/{id_of('cotton-copy', 'hexi')}",
    "archived": f"/articles/{id_of('attack')}/archived",
    "sites": "/sites",
    "runs": "/runs",
    "api": "/api",
    "missing": "/articles/none",
}


def test_search_facet_open(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Words to find").fill("棉花")
    page.get_by_role("button", name="Search").click()
    assert page.get_by_role("heading", name="5 articles found").is_visible()
    assert page.locator(".hits mark").first.inner_text() == "棉花"
    page.locator("#filters").get_by_role("link", name="hexi").click()
    assert page.get_by_role("heading", name="2 articles found").is_visible()
    assert page.get_by_label("Words to find").input_value() == "棉花"
    page.locator(".hits h3 a", has_text="临溪棉花开秤").click()
    assert page.locator("h1").inner_text() == "临溪棉花开秤"
    assert "首日收购籽棉四百吨" in page.locator("article.text").inner_text()
    page.go_back()
    page.locator(".chips a").click()
    assert page.get_by_role("heading", name="5 articles found").is_visible()


def test_timeline_narrows_by_a_click(page: Page) -> None:
    page.goto("/?q=渡口")
    bars = page.locator(".timeline svg a")
    assert bars.count() == 5
    bars.nth(2).click()
    assert page.get_by_label("From").input_value() == "2026-05-01"
    assert page.get_by_label("to", exact=True).input_value() == "2026-05-31"
    assert page.locator(".hits > li").count() == 7
    page.get_by_text("The numbers").click()
    assert page.locator(".timeline table").is_visible()


def test_versions_show_what_changed(page: Page) -> None:
    page.goto(f"/articles/{id_of('changed')}")
    page.get_by_role("link", name="Versions 2").click()
    assert page.locator(".difference ins").all_inner_texts() == ["正式", "五十", "咨询电话见门诊大厅。"]
    assert page.locator(".difference del").count() == 0


def test_story_shows_copies_and_their_changes(page: Page) -> None:
    page.goto(f"/articles/{id_of('cotton-copy', 'hexi')}")
    page.get_by_role("link", name="Copies 3").click()
    assert page.locator("svg.story circle").count() == 3
    assert page.locator(".members .about").all_inner_texts()[0].startswith("2026-03-02 09:30")
    page.get_by_role("link", name="See what differs").first.click()
    assert "本报讯 记者 顾青禾 " in page.locator(".difference ins").all_inner_texts()


def test_printed_text_shows_edits_and_what_was_removed(page: Page) -> None:
    page.goto(f"/articles/{id_of('damaged')}/printed")
    text = page.locator("article.text")
    assert text.locator("del.edit").all_inner_texts() == ["臨溪縣", "(xiàn)", "收購開", "(kāi)"]
    assert text.locator("ins.edit").all_inner_texts() == ["临溪县", "收购开"]
    assert text.locator("del.removed").all_inner_texts() == ["掃碼關注本報"]


def test_downloads(page: Page, tmp_path: Path) -> None:
    page.goto("/?q=渡口&site=linxi")
    with page.expect_download() as download:
        page.get_by_role("link", name="JSONL").click()
    download.value.save_as(tmp_path / "found.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "found.jsonl").read_text("utf-8").splitlines()]
    assert {line["site"] for line in lines} == {"linxi"}
    assert len(lines) == 10
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    download.value.save_as(tmp_path / "found.csv")
    with (tmp_path / "found.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == [line["id"] for line in lines]


def test_the_language_stays(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="中文").click()
    assert page.get_by_role("button", name="搜索").is_visible()
    page.get_by_role("link", name="站点").first.click()
    assert page.locator("h1").inner_text() == "站点"
    assert page.locator("html").get_attribute("lang") == "zh-Hans"


ATTACK_PATHS = ["/?q=棉花", *(f"/articles/{id_of('attack')}{view}" for view in ("", "/printed", "/revisions", "/story",
                "/archived")), f"/raw/{id_of('attack')}", "/runs", "/sites"]  # fmt: skip


@pytest.mark.parametrize("path", ATTACK_PATHS)
def test_stored_markup_stays_text(page: Page, path: str) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    page.goto(path)
    page.wait_for_load_state("load")
    # A sandboxed frame and a page without scripts: whatever ran would have set a title.
    assert "owned" not in page.title().replace("document.title='owned'", "")
    own = page.locator("main")
    assert own.locator("script, img, [onload], [onerror]").count() == 0
    hrefs = page.evaluate("[...document.links].map(link => link.protocol)")
    assert set(hrefs) <= {"http:", "https:"}
    assert dialogs == []
    assert page.url.endswith(path.split("?", maxsplit=1)[0]) or "?" in path
    if path.startswith("/raw/"):
        assert page.title() == "存档"


def test_the_archived_page_can_do_nothing(page: Page, served: Served) -> None:
    page.goto(f"/articles/{id_of('attack')}/archived")
    frame = page.frame_locator("iframe")
    assert frame.locator("h1").inner_text() == "存档的页面"
    frame.get_by_role("button", name="送").click()
    frame.get_by_role("link", name="上层").click()
    assert page.url == f"{served.url}articles/{id_of('attack')}/archived"
    assert frame.locator("h1").inner_text() == "存档的页面"


@pytest.fixture(scope="module", params=["laptop, light, English", "phone, dark, Chinese"])
def looking(request: pytest.FixtureRequest, browser: Browser, served: Served) -> Iterator[tuple[Page, dict[str, Any]]]:
    """A page of either kind, and what axe-core is to look at: all of it once, then what may differ in the other."""
    on_phone = request.param.startswith("phone")
    context = browser.new_context(
        base_url=served.url,
        viewport={"width": 390, "height": 844} if on_phone else {"width": 1280, "height": 900},
        color_scheme="dark" if on_phone else "light",
        locale="zh-CN" if on_phone else "en-US",
        bypass_csp=True,  # for axe alone
    )
    rules = ["color-contrast", "scrollable-region-focusable", "target-size", "label", "link-name"]
    options: dict[str, Any] = {"iframes": False, "resultTypes": ["violations"]}
    yield context.new_page(), options | ({"runOnly": {"type": "rule", "values": rules}} if on_phone else {})
    context.close()


@pytest.mark.parametrize("name", PATHS)
def test_pages_fit_and_are_accessible(looking: tuple[Page, dict[str, Any]], name: str, tmp_path: Path) -> None:
    page, options = looking
    page.goto(PATHS[name])
    picture = tmp_path / "page.png"
    page.screenshot(path=picture)
    assert picture.stat().st_size > 4000
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    faults = [
        (fault["id"], [node["html"][:200] for node in fault["nodes"][:3]])
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
    assert faults == []
