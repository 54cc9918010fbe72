"""`newscrawl new`: from an address to a spider that crawls, on portals of shapes that it has never seen."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from newscrawl.demo import run_portal
from newscrawl.demo.shapesite import ShapeSite
from newscrawl.store import open_store
from tests.sites.support import PROJECT, TIMEOUT, Desk

if TYPE_CHECKING:
    from pathlib import Path

#: Of different systems, list styles and charsets; the benchmark has many more.
SHAPES = ["empire-table", "founder-table", "wordpress-cards", "json-app", "asp-bare", "random-200", "random-201"]


def test_every_field_is_found_on_portals_of_many_shapes() -> None:
    child = f"import json; from tests.sites.shapes import look_at; print(json.dumps(look_at({SHAPES!r})))"
    done = subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-c", child], cwd=PROJECT, capture_output=True, text=True, check=False, timeout=TIMEOUT
    )
    assert done.returncode == 0, done.stderr
    scores = json.loads(done.stdout.splitlines()[-1])
    assert list(scores) == SHAPES
    wrong = {
        shape: result if isinstance(result, str) else [name for name, right in result.items() if not right]
        for shape, result in scores.items()
    }
    assert {shape: names for shape, names in wrong.items() if names} == {}


def test_from_an_address_to_a_crawl(tmp_path: Path) -> None:
    with run_portal(shape="trs-div") as portal:
        desk = Desk(tmp_path, {"caoqiao": portal})
        made = desk("new", "https://www.caoqiao.example/", "--name", "caoqiao", "--into", str(desk.sites))
        assert made.returncode == 0, made.stderr
        assert "草桥发布" in made.stdout
        assert "TRS" in made.stdout
        written = sorted(str(path.relative_to(desk.sites)) for path in desk.sites.rglob("*") if path.is_file())
        folders = ("article-1", "article-2", "article-3", "list")
        files = [f"fixtures/caoqiao/{folder}/{name}" for folder in folders
                 for name in ("case.json", "expected.json", "page.html")]  # fmt: skip
        assert written == ["caoqiao.py", *files]
        asked = {entry.target for entry in portal.log}
        assert "/robots.txt" in asked
        assert len(asked) < 40

        shown = desk("fixture", "show", "caoqiao")
        assert shown.returncode == 1
        assert "newscrawl fixture confirm caoqiao article-1" in shown.stdout
        assert desk("fixture", "confirm", "caoqiao", "--by", "编辑").returncode == 0
        assert desk("fixture", "show", "caoqiao").returncode == 0

        crawled = desk("crawl", "caoqiao", "--json")
        assert crawled.returncode == 0, crawled.stdout + crawled.stderr
        store = open_store(desk.store_uri)
        stored = {re.sub(r"^https://[^/]+", "", article.canonical_url): article for article in store.articles()}
        store.close()
        assert isinstance(portal.site, ShapeSite)
        truth = portal.site.truth().articles
        assert set(stored) == set(truth)
        assert all(stored[path].title == article.title for path, article in truth.items())
        assert all(stored[path].source == article.source for path, article in truth.items())
        assert {article.extractor.layout for article in stored.values()} != {"generic"}

        again = desk("new", "https://www.caoqiao.example/", "--name", "caoqiao", "--into", str(desk.sites))
        assert again.returncode == 1
        assert "--force" in again.stderr
        asked_before = len(portal.log)
        other = desk("new", "https://caoqiao.example/", "--name", "another", "--into", str(desk.sites))
        assert other.returncode == 1
        assert "caoqiao" in other.stderr
        assert len(portal.log) == asked_before
        anew = desk("new", "https://www.caoqiao.example/", "--name", "caoqiao", "--into", str(desk.sites), "--force")
        assert anew.returncode == 0, anew.stderr
        assert json.loads((desk.sites / "fixtures/caoqiao/list/case.json").read_text("utf-8"))["confirmed"] == ""


def test_odd_pages_do_not_lead_astray(tmp_path: Path) -> None:
    """Articles with titles of four characters, forbidden links in lists, two charsets, a news sitemap."""
    with run_portal() as portal:
        desk = Desk(tmp_path, {"jiangnan": portal})
        done = desk("new", "https://www.jiangnan.example/", "--dry-run", "--json")
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        paths = ["/baoliao/", "/xuzhou/", "/jiangsu/", "/minsheng/", "/wenhua/", "/jiaoyu/"]
        assert list(found["sections"]) == [f"https://jiangnan.example{path}" for path in paths]
        assert (found["title"], found["region"], found["base_class"]) == ("新江南网", "江苏", "EmpireCmsSpider")
        assert [url.rpartition("/")[2] for url in (found["feeds"][0], found["feeds"][-1])] == [
            "rss.xml",
            "sitemap_news.xml",
        ]
        assert found["layout"]["body"] == "#content"
        assert any("several charsets" in sentence for sentence in found["unsure"])
        assert not desk.sites.exists()
        assert not any("neibu" in entry.target for entry in portal.log)


def test_fixtures_of_live_pages(tmp_path: Path) -> None:
    with run_portal() as portal:
        desk = Desk(tmp_path, {"wenhua": portal})
        desk.spider("wenhua")
        url = "https://wenhua.example/xuzhou/2026-09-19/81658.html"
        added = desk("fixture", "add", "wenhua", "two-pages", "--url", url)
        assert added.returncode == 0, added.stderr
        folder = desk.sites / "fixtures" / "wenhua" / "two-pages"
        assert (folder / "page_2.html").is_file()
        expected = json.loads((folder / "expected.json").read_text("utf-8"))
        truth = portal.expected()["/xuzhou/2026-09-19/81658.html"]
        assert expected["title"] == truth.title
        assert truth.paragraphs[-1] in expected["body"]
        missing = desk("fixture", "add", "wenhua", "gone", "--url", "https://wenhua.example/xuzhou/2026-09-19/1.html")
        assert missing.returncode == 1
        assert "HTTP 404" in missing.stderr
        assert sorted(path.name for path in folder.parent.iterdir()) == ["two-pages"]
        parts = desk("fixture", "add", "wenhua", "x", "--url", url, "--part", "a=b")
        assert parts.returncode == 2


def test_a_portal_whose_lists_a_script_fills_is_crawled_by_its_api(tmp_path: Path) -> None:
    with run_portal(shape="json-app") as portal:
        desk = Desk(tmp_path, {"qingshi": portal}, {"NEWSCRAWL_BROWSER": False})
        made = desk("new", "https://qingshi.example/", "--into", str(desk.sites), "--json")
        assert made.returncode == 0, made.stderr
        found = json.loads(made.stdout)
        assert found["lists_need_js"] is True
        assert found["needs_js"] is False
        shown = json.loads(desk("fixture", "show", "qingshi", "--json").stdout)
        assert {entry["case"]: entry["state"] for entry in shown}["api"] == "unconfirmed"
        assert desk("crawl", "qingshi").returncode == 0
        store = open_store(desk.store_uri)
        titles = {article.title for article in store.articles()}
        store.close()
        assert titles == {article.title for article in portal.expected().values()}


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"kind": "status", "status": 500}, "HTTP 500"),
        ({"kind": "reset"}, "cannot be read"),
        ({"kind": "empty"}, "links"),
    ],
)
def test_a_portal_that_gives_nothing_leaves_nothing_behind(tmp_path: Path, fault: dict[str, object], told: str) -> None:
    with run_portal(shape="empire-ul") as portal:
        desk = Desk(tmp_path, {"dead": portal}, {"NEWSCRAWL_BROWSER": False})
        portal.fault("*", **fault)  # type: ignore[arg-type]
        done = desk("new", "https://dead.example/", "--into", str(desk.sites))
        assert done.returncode == 1
        assert told in done.stderr
        assert "Traceback" not in done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert not desk.sites.exists() or list(desk.sites.iterdir()) == []


def test_robots_txt_is_obeyed_and_private_addresses_are_not_asked(tmp_path: Path) -> None:
    with run_portal(shape="empire-ul") as portal:
        desk = Desk(tmp_path)
        done = desk("new", portal.url, "--name", "inner", "--into", str(desk.sites))
        assert done.returncode == 1
        assert "refused" in done.stderr
        assert portal.log == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("new", "xjnnet"), "no address"),
        (("new", "https://a.example/", "--name", "../etc/passwd"), "no name"),
        (("new", "https://a.example/", "--name", "class"), "no name"),
    ],
)
def test_what_cannot_be_meant_is_told(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    done = Desk(tmp_path)(*words)
    assert done.returncode == 2
    assert told in done.stderr


def test_text_of_a_page_stays_text_in_the_spider_file() -> None:
    from newscrawl.crawl.scaffold import Finding
    from newscrawl.crawl.scaffold.finding import Sample
    from newscrawl.crawl.scaffold.spiderfile import spider_text
    from newscrawl.crawl.scout import Fetched
    from newscrawl.page import read_page

    evil = '网"""\nimport os\nos.abort()\n"\\'
    url = f'https://x.example/{evil}"""/1.html'
    sample = Sample(Fetched(url, url), read_page("<p>x", url))
    finding = Finding("site", "https://x.example/", ("x.example",), title=evil, articles=[sample])
    finding.sections, finding.feeds, finding.sitemaps = {url: evil}, [url], {url: 3}
    finding.family = finding.region = finding.next_list = evil
    finding.section_url = finding.article_url = evil
    tree = ast.parse(spider_text(finding))
    statements = [type(node) for node in tree.body]
    assert statements == [ast.Expr, ast.ImportFrom, ast.ImportFrom, ast.ClassDef]
    values = [node.value for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    assert all(isinstance(value, ast.Constant | ast.Tuple) for value in values)
    assert any(isinstance(value, ast.Constant) and value.value == evil for value in values)
