"""What the README says is so: its commands parse, its queries run, its tables are complete."""

from __future__ import annotations

import dataclasses
import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl import chain
from newscrawl.cli.parser import build_parser
from newscrawl.crawl.monitoring import verdict
from newscrawl.items import TRANSIENT, Article, Candidate, UrlState
from newscrawl.store import open_store
from tests.crawl.test_demo import run_demo

if TYPE_CHECKING:
    from pymongo.database import Database

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def commands() -> list[str]:
    lines = [line for block in blocks("console") for line in block.splitlines()]
    return [line.removeprefix("$ deploy/newscrawl ") for line in lines if line.startswith("$ deploy/newscrawl ")]


def queries() -> list[str]:
    return [line for block in blocks("js") for line in block.splitlines() if not line.startswith("db.createUser")]


@pytest.mark.parametrize("command", commands())
def test_commands_parse(command: str) -> None:
    assert build_parser().parse_args(shlex.split(command)).run


def test_every_subcommand_is_in_the_readme_and_has_an_example() -> None:
    actions = next(action for action in build_parser()._actions if isinstance(action.choices, dict))
    assert isinstance(actions.choices, dict)
    for name, parser in actions.choices.items():
        assert f"newscrawl {name}" in README, name
        assert f"newscrawl {name}" in str(parser.epilog), name


def test_the_codes_are_those_of_the_program() -> None:
    table = dict(re.findall(r"^\| (\d+) \| (.+?) \|$", README, re.MULTILINE))
    ours = (verdict.OK, verdict.NO_ITEMS, verdict.SPIDER_ERRORS, verdict.UNREACHABLE, verdict.ITEM_ERRORS)
    assert {*map(str, ours), str(verdict.CLOSED_EARLY), str(verdict.LOCKED), str(verdict.USAGE), "1"} == set(table)


def test_every_field_of_an_article_is_explained() -> None:
    section = README.split("### Fields of an article")[1].split("###")[0]
    explained = set(re.findall(r"`(\w+)`", section))
    fields = {field.name for field in dataclasses.fields(Article)} - TRANSIENT - {"id", "canonical_version", "notes"}
    assert fields <= explained


def test_the_spider_in_the_readme_is_the_one_in_the_code() -> None:
    shown = next(block for block in blocks("python") if "class XjnnetSpider" in block)
    assert shown.strip() in (ROOT / "newscrawl/spiders/xjnnet.py").read_text("utf-8")


@pytest.fixture
def database(mongo_uri: str) -> Database[dict[str, Any]]:
    from pymongo import MongoClient

    store = open_store(mongo_uri)
    article = Article(
        url="https://xjnnet.com/baoliao/2026-09-23/81691.html",
        title="凌晨两点的敲门声",
        body="楼道里响起一阵急促的敲门声，六层住户接力抢险。\n<爱上你，爱上新江南网：www.xjnnet.net，欢迎您！>",
        body_raw="楼道里响起一阵急促的敲门声，六层住户接力抢险。\n<爱上你，爱上新江南网：www.xjnnet.net，欢迎您！>",
        candidates=[Candidate("credit", "2026-09-23 10:20 来源：彭城晚报 作者：高立群", "line")],
        site="xjnnet",
        id="a" * 40,
        canonical_url="https://xjnnet.net/baoliao/2026-09-23/81691.html",
        published_raw="2026-09-23 10:20",
        duplicate_of="b" * 40,
    )
    chain.process(article)
    store.put([article])
    store.add_urls([UrlState(article.canonical_url, article.url, "xjnnet")])
    store.close()
    return MongoClient[dict[str, Any]](mongo_uri).get_default_database()


CALL = re.compile(r"db\.(\w+)\.(find|aggregate|countDocuments)\((.*?)\)((?:\.\w+\([^()]*\))*)$")


@pytest.mark.mongo
@pytest.mark.parametrize("query", queries())
def test_queries_run(database: Database[dict[str, Any]], query: str) -> None:
    call = CALL.fullmatch(query)
    assert call is not None, query
    collection, method, words, rest = call.groups()
    arguments = json.loads(f"[{words}]")
    target = database[collection]
    if method == "countDocuments":
        assert target.count_documents(*arguments) == 1
        return
    found: Any = getattr(target, method)(*arguments)
    for name, value in re.findall(r"\.(\w+)\(([^()]*)\)", rest):
        given = json.loads(value)
        found = found.sort(list(given.items())) if name == "sort" else getattr(found, name)(given)
    assert len(list(found)) == (0 if collection == "runs" else 1)


def test_the_notebook_example_runs(tmp_path: Path) -> None:
    done = run_demo(tmp_path, "demo", "--json")
    assert done.returncode == 0
    example = next(block for block in blocks("python") if "open_store" in block)
    printed: list[tuple[object, ...]] = []
    uri = f"sqlite:///{tmp_path / 'data' / 'newscrawl.db'}"
    exec(example.replace("sqlite:///data/newscrawl.db", uri), {"print": lambda *words: printed.append(words)})  # noqa: S102  the README's own code
    assert len(printed) == 5
    assert printed[0][0] == "2026-09-23"


def test_the_table_of_portals_is_current() -> None:
    from newscrawl.crawl.portals_table import portals_table, with_table
    from newscrawl.crawl.project import project_settings
    from newscrawl.crawl.sites import all_sites

    spiders = all_sites(project_settings())
    assert all(f"`{name}`" in README for name in spiders)
    assert with_table(README, portals_table(spiders.values())) == README, "newscrawl sites --markdown README.md"
