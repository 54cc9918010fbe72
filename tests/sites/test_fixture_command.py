"""`newscrawl fixture` on a folder of its own: adding, comparing, confirming, updating."""

from __future__ import annotations

import importlib
import io
import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import newscrawl.spiders
from newscrawl.cli import main
from newscrawl.crawl.fixtures import Case, CaseError, Part, cases_of, check_case, load_case, write_case
from newscrawl.crawl.project import project_settings
from newscrawl.crawl.sites import all_sites

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECT = Path(__file__).parents[2]
SAVED = PROJECT / "tests" / "sites" / "xjnnet"
ARTICLE = "https://xjnnet.com/wenhua/2026-09-22/81680.html"
SPIDER = """
from newscrawl.spiders.xjnnet import XjnnetSpider

class OtherSpider(XjnnetSpider):
    name = "other"
    article_url = r"{rule}"
"""


@dataclass
class Done:
    """What a command did."""

    returncode: int
    stdout: str
    stderr: str


class Folder:
    """A folder with a spider of its own and its fixtures, known to this process as if NEWSCRAWL_SITES named it."""

    def __init__(self, home: Path, output: Callable[[], Any]) -> None:
        self.home = home
        self.output = output
        self.write_spider(r"^/[a-z]+/\d{4}-\d{2}-\d{2}/\d+\.html$")

    def write_spider(self, rule: str) -> None:
        (self.home / "other.py").write_text(SPIDER.format(rule=rule))
        sys.modules.pop("newscrawl.spiders.other", None)
        importlib.invalidate_caches()

    def __call__(self, *words: str) -> Done:
        code = main(["fixture", *words])
        return Done(code, *self.output())

    def facts(self, case: str, name: str) -> dict[str, Any]:
        value: dict[str, Any] = json.loads((self.home / "fixtures" / "other" / case / name).read_text("utf-8"))
        return value


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Folder:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr("newscrawl.spiders.__path__", [*newscrawl.spiders.__path__, str(tmp_path)])
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    return Folder(tmp_path, capsys.readouterr)


def test_from_a_saved_page_to_a_confirmed_fixture(folder: Folder) -> None:
    page = SAVED / "article" / "page.html"
    added = folder("add", "other", "story", "--url", ARTICLE, "--file", str(page), "--at", "2026-09-24T08:00:00+08:00")
    assert added.returncode == 0, added.stderr
    expected = folder.facts("story", "expected.json")
    assert expected["reporters"] == ["苏北辰"]
    assert expected["published"] == "2026-09-22T09:40:00+08:00"
    assert (folder.home / "fixtures/other/story/page.html").read_bytes() == page.read_bytes()
    shown = folder("show", "other")
    assert shown.returncode == 1
    assert "newscrawl fixture confirm other story" in " ".join(shown.stdout.split())
    confirmed = folder("confirm", "other", "story", "--by", "一位读者")
    assert confirmed.returncode == 0
    assert folder.facts("story", "case.json")["confirmed"].endswith("一位读者")
    assert folder("show", "other").returncode == 0
    again = folder("add", "other", "story", "--url", ARTICLE, "--file", str(page))
    assert again.returncode == 1
    assert "--force" in again.stderr


def test_a_difference_is_shown_field_by_field_and_taken_over_only_on_demand(folder: Folder) -> None:
    folder("add", "other", "list", "--url", "https://xjnnet.com/minsheng/", "--file", str(SAVED / "list" / "page.html"))
    folder("confirm", "other")
    before = folder.facts("list", "expected.json")
    folder.write_spider(r"^/minsheng/\d{4}-\d{2}-\d{2}/\d+\.html$")  # forgets the pages of another section
    failed = folder("show", "other")
    assert failed.returncode == 1
    assert "- https://xjnnet.com/neibu/" in failed.stdout
    assert "- https://xjnnet.com/minsheng/" not in failed.stdout
    refused = folder("confirm", "other", "list")
    assert refused.returncode == 1
    left = folder("update", "other", "list")
    assert left.returncode == 1
    assert "- https://xjnnet.com/neibu/" in left.stdout
    assert folder.facts("list", "expected.json") == before
    written = folder("update", "other", "list", "--yes")
    assert written.returncode == 0
    assert folder.facts("list", "case.json")["confirmed"] == ""
    assert len(folder.facts("list", "expected.json")["articles"]) == len(before["articles"]) - 7


def test_what_cannot_be_meant_is_told(folder: Folder) -> None:
    page = str(SAVED / "article" / "page.html")
    for words in (
        ("add", "other"),
        ("add", "other", "x"),
        ("add", "other", "x", "--url", ARTICLE, "--file", page, "--part", "n"),
    ):
        assert folder(*words).returncode == 2, words
    unknown = folder("show", "other", "nothing")
    assert unknown.returncode == 1
    assert "none yet" in unknown.stderr
    assert folder("add", "other", "../../x", "--url", ARTICLE, "--file", page).returncode == 1


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("case.json", "{", "cannot be read"),
        ("case.json", "[]", "no JSON object"),
        ("case.json", '{"url": "https://xjnnet.com/a"}', "fetched_at"),
        ("case.json", '{"fetched_at": "2026-09-24T08:00:00+08:00"}', "no url"),
        ("case.json", '{"url": "x", "fetched_at": "2026-09-24", "parts": [{"url": "y"}]}', "further pages"),
        ("case.json", '{"url": "x", "fetched_at": "2026-09-24", "role": "poem"}', "role"),
    ],
)
def test_a_broken_case_is_told_with_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, told: str
) -> None:
    spider = all_sites(project_settings())["xjnnet"]
    monkeypatch.setattr("newscrawl.crawl.fixtures.cases.fixtures_dir", lambda _: tmp_path)
    shutil.copytree(SAVED / "article", tmp_path / "article")
    (tmp_path / "article" / name).write_text(text, "utf-8")
    with pytest.raises(CaseError, match=told):
        load_case(spider, "article")


def test_every_field_that_differs_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spider = all_sites(project_settings())["xjnnet"]
    monkeypatch.setattr("newscrawl.crawl.fixtures.cases.fixtures_dir", lambda _: tmp_path)
    shutil.copytree(SAVED / "article", tmp_path / "article")
    path = tmp_path / "article" / "expected.json"
    expected = json.loads(path.read_text("utf-8"))
    path.write_text(
        json.dumps({**expected, "source": "别处日报", "body": expected["body"][1:], "colour": "red"}), "utf-8"
    )
    assert cases_of(spider) == ["article"]
    state = check_case(spider, "article")
    assert state.state == "differs"
    assert [entry.field for entry in state.differences] == ["body", "colour", "source"]
    body, colour, source = state.differences
    assert body.lines == (f"+ {expected['body'][0]}",)
    assert "no such field" in str(colour)
    assert source.lines == ("- 别处日报", "+ 青杨日报")


def test_a_case_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    case = load_case(all_sites(project_settings())["xjnnet"], "two-pages")
    case.folder = tmp_path / "copy"
    write_case(case)
    assert sorted(path.name for path in case.folder.iterdir()) == [
        "case.json",
        "expected.json",
        "page.html",
        "page_2.html",
    ]
    broken = Case("xjnnet", "half", tmp_path / "half", "x", [Part("x", b"1"), Part("y", None)], case.fetched_at)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        write_case(broken)
    assert [path.name for path in tmp_path.iterdir()] == ["copy"]


def test_a_page_that_the_fixture_lacks_is_named() -> None:
    from newscrawl.crawl.fixtures import run_case

    spider = all_sites(project_settings())["xjnnet"]
    case = load_case(spider, "two-pages")
    del case.parts[1]
    with pytest.raises(CaseError, match=r"asks for https://xjnnet\.com/xuzhou/2026-09-19/81658_2\.html"):
        run_case(spider, case)
