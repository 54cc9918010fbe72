"""`newscrawl check` on demo portals: what is well, what wants a look, what is dead, and proposals that mend it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl.demo import Portal, run_portal
from tests.sites.support import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Shortly after the newest articles of the demo portal.
NOW = "2026-09-24T08:00:00+08:00"
SECTIONS = 'sections = ("https://{0}.example/baoliao/", "https://{0}.example/minsheng/")'


@pytest.fixture
def portal() -> Iterator[Portal]:
    with run_portal() as running:
        yield running


def desk_of(home: Path, portals: dict[str, Portal], *lines: str) -> Desk:
    """Return a desk with a spider for every portal."""
    desk = Desk(home, portals, {"NEWSCRAWL_BROWSER": False})
    for name in portals:
        desk.spider(name, f'homepage = "https://{name}.example/"', SECTIONS.format(name), *lines)
    return desk


def checked(desk: Desk, *words: str) -> tuple[int, list[dict[str, Any]]]:
    done = desk("check", *words, "--json", NEWSCRAWL_NOW=NOW)
    assert "Traceback" not in done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return done.returncode, found


def test_a_site_that_is_well_is_green_and_nothing_is_stored(tmp_path: Path, portal: Portal) -> None:
    desk = desk_of(tmp_path, {"well": portal})
    code, (found,) = checked(desk, "well")
    assert (code, found["light"], found["reasons"]) == (0, "green", [])
    assert len(found["articles"]) == 5
    assert all(entry["title"] and entry["published"] for entry in found["articles"])
    assert [entry["url"] for entry in found["lists"]][:2] == [
        "https://well.example/baoliao/",
        "https://well.example/minsheng/",
    ]
    assert not (tmp_path / "newscrawl.db").exists()
    assert not any("neibu" in entry.target for entry in portal.log)
    assert len(portal.log) <= 12
    shown = desk("check", "well", NEWSCRAWL_NOW=NOW)
    assert shown.returncode == 0
    assert all(entry["title"][:8] in shown.stdout for entry in found["articles"])


@pytest.mark.parametrize(
    ("path", "fault", "code", "told"),
    [
        ("*", {"kind": "reset"}, 12, "cannot be reached"),
        ("*", {"kind": "status", "status": 403}, 12, "HTTP 403"),
        ("/robots.txt", {"kind": "status", "status": 500}, 12, "robots.txt"),
        ("/baoliao/", {"kind": "status", "status": 404}, 1, "1 of 3 lists fail"),
    ],
)
def test_what_the_portal_does_is_told(
    tmp_path: Path, portal: Portal, path: str, fault: dict[str, Any], code: int, told: str
) -> None:
    portal.fault(path, **fault)
    exit_code, (found,) = checked(desk_of(tmp_path, {"ill": portal}), "ill")
    assert exit_code == found["exit_code"] == code
    assert any(told in reason for reason in found["reasons"]), found["reasons"]


def test_a_rule_that_misses_the_articles_is_told_and_another_proposed(tmp_path: Path, portal: Portal) -> None:
    desk = desk_of(tmp_path, {"moved": portal}, r'article_url = r"^/news/\d+\.html$"')
    code, (found,) = checked(desk, "moved", "--propose")
    assert code == 10
    assert "none links to an article" in found["reasons"][0]
    assert "article_url misses" in found["reasons"][1]
    (line,) = found["proposal"]
    desk.spider("moved", 'homepage = "https://moved.example/"', SECTIONS.format("moved"), line)
    assert checked(desk, "moved")[0] == 0


def test_a_layout_that_matches_no_more_is_told_and_the_proposed_one_pasted(tmp_path: Path, portal: Portal) -> None:
    lines = ('homepage = "https://old.example/"', SECTIONS.format("old"))
    desk = Desk(tmp_path, {"old": portal}, {"NEWSCRAWL_BROWSER": False})
    path = desk.spider("old", *lines, 'layouts = (Layout("2019", body="#gone"),)')
    head = "from datetime import date\n\nfrom newscrawl.page import Layout\n"
    path.write_text(head + path.read_text("utf-8"), "utf-8")
    code, (found,) = checked(desk, "old")
    assert code == 1
    assert found["reasons"] == ["layout 2019 matches 0 of 5 articles; the others are read the generic way"]
    assert all(entry["title"] for entry in found["articles"])
    assert desk("crawl", "old", "--max-articles", "8").returncode == 0
    (state,) = json.loads(desk("health", "old", "--json").stdout)
    assert state["light"] == "yellow"
    assert "newscrawl check old --propose" in state["reasons"][0]
    printed = desk("check", "old", "--propose", NEWSCRAWL_NOW=NOW).stdout
    pasted = printed.partition("from today's pages:\n\n")[2]
    assert 'name="2026-09"' in pasted
    text = re.sub(r"    layouts = .*\n", lambda _: pasted, path.read_text("utf-8"))
    path.write_text(text, "utf-8")
    code, (found,) = checked(desk, "old")
    assert (code, found["reasons"]) == (0, [])
    assert {entry["layout"] for entry in found["articles"]} == {"2026-09"}


def test_what_the_fixtures_had_and_today_lacks_is_drift(tmp_path: Path, portal: Portal) -> None:
    desk = desk_of(tmp_path, {"drift": portal})
    for number, (name, wanted) in enumerate(list(portal.expected().items())[:2]):
        page = tmp_path / f"{number}.html"
        resource = portal.site.get(name)
        assert resource is not None
        page.write_bytes(resource.body)
        words = ("add", "drift", f"article-{number}", "--url", f"https://drift.example{name}", "--file", str(page))
        assert desk("fixture", *words).returncode == 0, wanted.title
        expected = desk.sites / "fixtures" / "drift" / f"article-{number}" / "expected.json"
        values = json.loads(expected.read_text("utf-8"))
        expected.write_text(json.dumps({**values, "section": "要闻", "interns": ["甲"]}), "utf-8")
    assert checked(desk, "drift")[0] == 0
    desk.spider("drift", 'homepage = ""', SECTIONS.format("drift"), "def complete(self, article, state):",
                "    article = super().complete(article, state)", "    article.section = ''",
                "    return article")  # fmt: skip
    code, (found,) = checked(desk, "drift")
    assert code == 1
    assert found["reasons"] == ["section: on all 2 fixtures, on none of today's 5 articles"]


def test_all_sites_side_by_side_in_groups(tmp_path: Path) -> None:
    with run_portal() as well, run_portal() as dead, run_portal() as stale:
        desk = desk_of(tmp_path, {"well": well, "dead": dead, "stale": stale})
        desk.spider("well", 'homepage = ""', SECTIONS.format("well"), 'status = "inferred"')
        desk.spider("stale", 'homepage = ""', SECTIONS.format("stale"), r'article_url = r"^/gone/\d+$"')
        desk.spider("broken", 'homepage = "https://broken.example/"', "sections = ()", "def start_pages(self):",
                    "    raise RuntimeError('a mistake of the file')")  # fmt: skip
        dead.fault("*", kind="reset")
        desk.settings["SPIDER_MODULES"] = [f"newscrawl.spiders.{name}" for name in ("well", "dead", "stale", "broken")]
        done = desk("check", "--all", NEWSCRAWL_NOW=NOW)
    assert done.returncode == 12
    assert "Traceback" not in done.stdout + done.stderr
    order = [done.stdout.index(mark) for mark in ("dead: nothing comes (1)", "these want a look (2)", "green (1)")]
    assert order == sorted(order)
    assert "a mistake of the file" in done.stdout
    assert "4 sites: 1 dead, 2 look, 1 green" in done.stdout
    assert "still marked as inferred (status, evidence): well\n" in done.stdout
    assert "twisted" not in done.stdout


def test_where_nothing_can_be_reached_the_network_is_named(tmp_path: Path) -> None:
    with run_portal() as one, run_portal() as two:
        desk = desk_of(tmp_path, {"one": one, "two": two})
        for portal in (one, two):
            portal.fault("*", kind="status", status=403)
        done = desk("check", "one", "two", NEWSCRAWL_NOW=NOW)
    assert done.returncode == 12
    assert "2 sites: 2 dead, 0 look, 0 green" in done.stdout
    assert "look at this machine's network first" in done.stdout


def test_what_cannot_be_meant_is_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for words in (("check",), ("check", "xjnnet", "--all"), ("check", "nosuchsite")):
        assert desk(*words).returncode == 2
