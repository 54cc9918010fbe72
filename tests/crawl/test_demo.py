"""`newscrawl demo`, the golden test: the whole way of every article of the portal, on both stores."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from newscrawl.demo import SEED_PATH, ExpectedArticle, expected_articles

PROJECT = Path(__file__).parent.parent.parent
#: Fields that differ between two crawls of the same portal: when, where, in which run; a story has the id of the
#: article that came first; a feed dates its links to the second, a list page to the minute or the day.
PASSING = {"url", "run_id", "fetched_at", "first_seen", "last_seen", "updated_at", "archive", "story_id"}
PASSING |= {"published_method", "published_precision"}


def run_demo(home: Path, *words: str, store: str = "") -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("NEWSCRAWL_", "MONGO_"))}
    environment = {**kept, "NEWSCRAWL_DATA": str(home / "data"), "PYTHONPATH": str(PROJECT)}
    if store:
        environment["NEWSCRAWL_STORE"] = store
    return subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-m", "newscrawl.cli", *words],
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    home = tmp_path_factory.mktemp("demo")
    done = run_demo(home, "demo", "--json")
    assert done.returncode == 0, done.stderr
    return home, json.loads(re.sub(r"http://127\.0\.0\.1:\d+/", "http://portal/", done.stdout))


@pytest.fixture(scope="module")
def articles(demo: tuple[Path, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {urlsplit(article["canonical_url"]).path: article for article in demo[1]["articles"]}


def test_every_article_is_stored_in_one_file(demo: tuple[Path, dict[str, Any]]) -> None:
    assert {urlsplit(article["canonical_url"]).path for article in demo[1]["articles"]} == set(expected_articles())
    assert (demo[0] / "data" / "newscrawl.db").is_file()
    assert demo[1]["search"]["total"] > 0


def test_the_seed_comes_out_as_its_portal_wrote_it(articles: dict[str, dict[str, Any]]) -> None:
    seed = articles[SEED_PATH]
    assert seed["published_day"] == "2023-01-04"
    assert seed["published_precision"] == "day"
    assert seed["reporters"] == ["魏宁"]
    body = seed["body"]
    for gone in ("爱上", "新江南网", "声明", "阅读推荐", "新闻爆料", "loginbisaqq", "xjnnet", "(tǒng)", "yin040310"):
        assert gone not in body
    assert "孙步乾" in body
    assert "孙步干" not in body
    assert "党（工）委书记" in body
    assert all(ord(character) < 0x1E00 or ord(character) > 0x2000 for character in body), "pinyin is left"
    assert seed["title"] == "徐州市委常委会召开2022年度抓基层党建工作述职评议考核会议"
    removed = " ".join(entry["text"] for entry in seed["removed"])
    for gone in ("loginbisaqq.com", "yin040310@sina.com", "閱讀推薦"):
        assert gone in removed
    edits = seed["restoration"]["edits"]
    assert {rule for *_, rule in edits} >= {"pinyin", "script"}
    assert seed["restoration"]["verdict"] == "mirror-pinyin"


@pytest.mark.parametrize("path", sorted(expected_articles()))
def test_fields_are_exact(articles: dict[str, dict[str, Any]], path: str) -> None:
    found, truth = articles[path], expected_articles()[path]
    assert facts_of(found) == facts_of_truth(truth)
    assert squash(found["body"]) in readings(truth)


def facts_of(article: dict[str, Any]) -> dict[str, Any]:
    names = ("reporters", "correspondents", "photographers", "editors", "interns")
    return {
        "title": article["title"],
        "day": article["published_day"],
        "to the minute": article["published_precision"] in ("minute", "second"),
        "source": article["source"],
        "section": article["section"],
        **{name: sorted(article[name]) for name in names},
    }


def facts_of_truth(truth: ExpectedArticle) -> dict[str, Any]:
    names = ("reporters", "correspondents", "photographers", "editors", "interns")
    return {
        "title": truth.title,
        "day": truth.published_day,
        "to the minute": truth.precision == "minute",
        "source": truth.source,
        "section": truth.section,
        **{name: sorted(getattr(truth, name)) for name in names},
    }


def readings(truth: ExpectedArticle) -> set[str]:
    """Return the bodies that are right: a first or last line that only credits somebody may stay or go."""
    lines = truth.printed
    first = 1 if truth.paragraphs[0] not in lines[0] and lines[0] not in truth.paragraphs[0] else 0
    last = -1 if truth.paragraphs[-1] not in lines[-1] and lines[-1] not in truth.paragraphs[-1] else len(lines)
    return {squash("\n".join(part)) for part in (lines, lines[first:], lines[:last], lines[first:last])}


def squash(text: str) -> str:
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


def test_copies_are_linked(articles: dict[str, dict[str, Any]]) -> None:
    stories = {path: article["story_id"] for path, article in articles.items()}
    for path, truth in expected_articles().items():
        if truth.duplicate_of:
            assert stories[path] == stories[truth.duplicate_of], path
    distinct = [path for path, truth in expected_articles().items() if not truth.duplicate_of]
    assert len({stories[path] for path in distinct}) == len(distinct), "different articles in one story"


@pytest.mark.mongo
def test_mongodb_gives_the_same_articles(articles: dict[str, dict[str, Any]], tmp_path: Path, mongo_uri: str) -> None:
    done = run_demo(tmp_path, "demo", "--json", store=mongo_uri)
    assert done.returncode == 0, done.stderr
    printed = re.sub(r"http://127\.0\.0\.1:\d+/", "http://portal/", done.stdout)
    theirs = {urlsplit(article["canonical_url"]).path: article for article in json.loads(printed)["articles"]}
    assert set(theirs) == set(articles)
    assert stories_of(theirs) == stories_of(articles)
    for path, mine in articles.items():
        same = {key: value for key, value in mine.items() if key not in PASSING}
        assert {key: value for key, value in theirs[path].items() if key not in PASSING} == same, path


def stories_of(articles: dict[str, dict[str, Any]]) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for path, article in articles.items():
        groups.setdefault(article["story_id"], set()).add(path)
    return {frozenset(group) for group in groups.values()}


def test_what_a_person_sees(demo: tuple[Path, dict[str, Any]]) -> None:
    home = demo[0]
    done = run_demo(home, "demo")
    assert done.returncode == 0
    for part in ("stored: 65 articles", "taken out of the articles", "孙步乾", "search: 基层党建", "tagline"):
        assert part in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    found = run_demo(home, "search", "孙步乾", "--json")
    assert json.loads(found.stdout)["total"] == 1
    shown = run_demo(home, "show", json.loads(found.stdout)["hits"][0]["id"][:8])
    assert "徐州市委常委会" in shown.stdout
    assert run_demo(home, "sites").stdout.count("xjnnet")
    status = json.loads(run_demo(home, "db", "status", "--json").stdout)
    assert status["counts"]["articles"] == 65


def test_a_crawl_on_a_terminal_shows_how_it_goes(tmp_path: Path) -> None:
    """What is shown there must not get into the settings, which Scrapy copies for every crawler."""
    master, slave = os.openpty()
    environment = {**os.environ, "NEWSCRAWL_DATA": str(tmp_path), "PYTHONPATH": str(PROJECT), "TERM": "xterm"}
    child = subprocess.Popen(
        [sys.executable, "-m", "newscrawl.cli", "demo"], cwd=tmp_path, env=environment, stdout=slave, stderr=slave
    )
    os.close(slave)
    shown = b""
    with suppress(OSError):  # EIO is the end of a terminal
        while piece := os.read(master, 65536):
            shown += piece
    os.close(master)
    assert child.wait(60) == 0, shown[-500:]
    assert b"xjnnet:" in shown


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["crawl", "xjnett"], 2, "did you mean xjnnet"),
        (["crawl"], 2, "name the sites"),
        (["show", "ffff0000"], 1, "there is no store at"),
        (["runs", "nosuch"], 2, "no site is called"),
        (["health", "nosuch"], 2, "no site is called"),
        (["db", "status", "--store", "redis://x"], 2, "is no store address"),
        (["db", "copy", "sqlite:///x.db"], 2, "takes two stores"),
        (["search", "("], 2, ""),
        (["crawl", "xjnnet", "--since", "yesterday"], 2, "is no day"),
        (["crawl", "xjnnet", "--store", "mongodb://127.0.0.1:9/x"], 14, "127.0.0.1:9"),
    ],
)
def test_errors_are_one_clear_line(tmp_path: Path, words: list[str], code: int, message: str) -> None:
    done = run_demo(tmp_path, *words)
    assert done.returncode == code, done.stderr
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
