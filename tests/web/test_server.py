"""What the server answers: pages, JSON, downloads, refusals."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import io
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import newscrawl.web.corpus
from newscrawl.search import open_index
from newscrawl.store import open_store
from newscrawl.web import Corpus, access_for
from newscrawl.web.application import PAGES
from newscrawl.web.corpus import TooSlowError
from newscrawl.web.document import description
from newscrawl.web.download import BusyError, Lanes, download
from newscrawl.web.render import Templates
from newscrawl.web.visit import Visit, choose_language, words
from tests.web.conftest import Running, Served
from tests.web.corpus import fill, id_of, make

ROOT = Path(__file__).parents[2]


def test_search_finds_what_the_index_finds(served: Served) -> None:
    found = served.get(f"/api/search?q={quote('棉花')}&facets=site,month&limit=2").json
    assert found["total"] == 5
    assert len(found["hits"]) == 2
    assert {entry["value"]: entry["count"] for entry in found["facets"]["site"]} == {"linxi": 3, "hexi": 2}
    hit = found["hits"][0]
    assert all("棉花" in hit["title"][start:end] for start, end in hit["title_marks"])
    following = served.get(f"/api/search?q={quote('棉花')}&limit=5&offset=2").json
    assert {entry["id"] for entry in found["hits"]}.isdisjoint(entry["id"] for entry in following["hits"])
    assert served.get(f"/api/search?q={quote('棉花')}&stories=1").json["total"] == 3


@pytest.mark.parametrize(
    ("parameters", "total"),
    [
        ({"q": "棉花 OR 渡口"}, 35),
        ({"q": "棉花 OR 渡口", "site": "hexi"}, 22),  # the name narrows both alternatives
        ({"q": "棉花 OR 渡口 since:2026-03-03", "site": "hexi"}, 21),
        ({"q": "渡口 until:2026-04", "since": "2026-04"}, 6),
        ({"q": "渡口", "since": "2026-04-10", "until": "2026-04-10"}, 0),
        ({"q": "渡口", "reporter": "骆一川", "section": "民生"}, 5),
        ({"q": "-渡口", "source": "河西网"}, 1),
        ({"q": '"渡口修桥第1期" OR title:渡口修桥第2*'}, 12),
        ({"q": 'site:x "渡口'}, None),
    ],
)
def test_parameters_narrow_the_whole_search(served: Served, parameters: dict[str, str], total: int | None) -> None:
    query = "&".join(f"{name}={quote(value)}" for name, value in parameters.items())
    answer = served.get(f"/api/search?{query}")
    if total is None:
        assert answer.status == 400
    else:
        assert answer.json["total"] == total


def test_a_name_with_a_quotation_mark_cannot_leave_its_term(served: Served) -> None:
    answer = served.get(f"/api/search?section={quote('x' + chr(34) + ' OR 渡口 OR ' + chr(34))}")
    assert answer.status == 200
    assert answer.json["query"] == 'section:"x"*'
    assert [hit["id"] for hit in answer.json["hits"]] == [id_of("attack")]


REFUSED = [
    "/?q[$ne]=1",
    "/?q=a&q=b",
    "/?unknown=1",
    "/?page=0",
    "/?page=1e3",
    "/?page=%C2%B2",
    "/?sort=worst",
    "/?stories=yes",
    "/?since=yesterday",
    "/?measure=$where",
    "/?lang=xx",
    "/?q=" + "x" * 2001,
    "/?q=%00",
    "/runs?site[$gt]=",
    "/runs?limit=501",
    f"/articles/{id_of('changed')}/revisions?from=9",
    "/api/search?q=%22",
    "/api/search?limit=101",
    "/api/search?facets=body",
    "/api/search?q=a%20OR",
    "/api/timeline?by=hour",
    "/api/timeline?measure=million",
    "/download?format=exe",
    "/download?q=%22",
    "/download?where[$where]=1",
]


@pytest.mark.parametrize("path", REFUSED)
def test_what_cannot_be_asked_is_refused_in_one_line(served: Served, path: str) -> None:
    answer = served.get(path)
    assert answer.status == 400
    if path.startswith("/api/"):
        assert list(answer.json) == ["error"]
        assert "\n" not in answer.json["error"]
    else:
        assert 'role="alert"' in answer.text


MISSING = ["/nothing", "/articles/ffffffffff", "/articles/$ne", "/api/articles/0000", "/raw/" + id_of("cotton"),
           "/static/../corpus.py", "/static/%2e%2e/corpus.py", f"/articles/{id_of('cotton')}/compare/abcd"]  # fmt: skip


@pytest.mark.parametrize("path", MISSING)
def test_what_is_not_there(served: Served, path: str) -> None:
    assert served.get(path).status == 404


def test_downloads_hold_what_the_search_finds(served: Served) -> None:
    query = f"q={quote('棉花 OR 渡口')}&site=hexi"
    ids = {hit["id"] for hit in served.get(f"/api/search?{query}&limit=100").json["hits"]}
    lines = served.get(f"/download?{query}&format=jsonl").text.splitlines()
    assert {json.loads(line)["id"] for line in lines} == ids
    table = served.get(f"/download?{query}&format=csv")
    assert table.headers["Content-Disposition"].startswith("attachment")
    assert {row["id"] for row in csv.DictReader(io.StringIO(table.body.decode("utf-8-sig")))} == ids
    assert len(served.get(f"/download?{query}&format=jsonld").json["@graph"]) == len(ids)
    # The lanes come back: more downloads than there are lanes.
    assert all(served.get(f"/download?{query}").status == 200 for _ in range(4))


def test_a_download_gives_its_lane_back_when_the_reader_goes_away(corpus: Corpus) -> None:
    lanes = Lanes.make(1)
    visit = Visit(corpus, {}, {"q": "渡口"}, "en", "/download", Templates())

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(_message: Any) -> None:
        raise OSError("gone")

    async def go_away() -> None:
        answer = await download(visit, lanes)
        with pytest.raises(BusyError):
            await download(visit, lanes)
        with contextlib.suppress(Exception):
            await answer({"type": "http", "asgi": {"spec_version": "2.4"}}, receive, send)

    with ThreadPoolExecutor(1) as thread:  # this one may hold the browser's event loop
        for _ in range(3):
            thread.submit(lambda: asyncio.run(go_away())).result(timeout=30)
            assert len(lanes.free) == 1
    lanes.close()


def test_the_description_tells_of_every_address_and_parameter() -> None:
    described = description()
    shared = described["components"]["parameters"]
    served = {page.path: page for page in PAGES if page.path.startswith("/api/") and page.path != "/api/openapi.json"}
    assert set(described["paths"]) == set(served)
    for path, page in served.items():
        entries = [shared[entry["$ref"].split("/")[-1]] if "$ref" in entry else entry
                   for entry in described["paths"][path]["get"].get("parameters", [])]  # fmt: skip
        queried = {entry["name"] for entry in entries if entry["in"] == "query"}
        assert queried == set(page.allowed) - ({"sort"} if path == "/api/timeline" else set())


@pytest.mark.parametrize("path", list(description()["paths"]))
def test_answers_are_as_described(served: Served, path: str) -> None:
    described = description()
    schema = described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    answer = served.get(path.replace("{id}", id_of("cotton")))
    assert answer.headers["Content-Type"] == "application/json"
    assert_fits(answer.json, schema, described["components"]["schemas"])


_KINDS: dict[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,),
                                       "array": (list,), "object": (dict,), "null": (type(None),)}  # fmt: skip


def assert_fits(value: Any, schema: dict[str, Any], schemas: dict[str, Any]) -> None:
    if "$ref" in schema:
        schema = schemas[schema["$ref"].split("/")[-1]]
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert isinstance(value, tuple(kind for name in kinds for kind in _KINDS[name])), (value, schema)
    if isinstance(value, list):
        for entry in value:
            assert_fits(entry, schema["items"], schemas)
    if isinstance(value, dict):
        assert set(schema.get("required", ())) <= set(value)
        for name, entry in value.items():
            if name in schema.get("properties", {}):
                assert_fits(entry, schema["properties"][name], schemas)


def test_sites_worst_first(served: Served) -> None:
    sites = served.get("/api/sites").json
    assert [(site["site"], site["light"], site["failures"]) for site in sites] == [
        ("linxi", "red", 1),
        ("hexi", "green", 0),
    ]
    assert sites[0]["last_ok"].startswith("2026-03-12")
    runs = served.get("/api/runs?site=linxi&limit=3").json
    assert [run["id"] for run in runs] == ["linxi-11", "linxi-10", "linxi-9"]


def test_story_and_revisions(served: Served) -> None:
    story = served.get(f"/api/articles/{id_of('cotton-copy', 'hexi')}/story").json
    assert [copy["original"] for copy in story] == [True, False, False]
    assert story[1]["removed"] == 13
    assert "reporters" in story[1]["changed_fields"]
    assert [found["number"] for found in served.get(f"/api/articles/{id_of('changed')}/revisions").json] == [1, 2]


def test_an_address_leads_to_its_article(served: Served) -> None:
    answer = served.get("/?q=" + quote("https://news.linxi.example/a/cotton.html", safe=""))
    assert (answer.status, answer.headers["Location"]) == (303, f"/articles/{id_of('cotton')}")
    assert served.get(f"/articles/{id_of('cotton')[:8]}").status == 200


def test_what_is_stored_later_is_found_later(corpus: Corpus, tmp_path: Path) -> None:
    own = type(corpus).open(f"sqlite:///{tmp_path}/later.db")
    try:
        own.sync()
        with Running(own, access_for("127.0.0.1"), sync_every=0.05) as served:
            assert served.get("/api/search?q=%E6%A3%89%E8%8A%B1").json["total"] == 0
            assert 'id="filters"' not in served.get("/").text
            own.store.put([make("later", body="棉花")])
            end = time.monotonic() + 30
            while served.get("/api/search?q=%E6%A3%89%E8%8A%B1").json["total"] == 0:
                assert time.monotonic() < end
            assert "/?site=linxi" in served.get("/").text  # the overview of an index that has changed is made anew
    finally:
        own.close()


def test_a_search_that_takes_too_long_is_broken_off(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newscrawl.web.corpus, "STEPS", 1)
    with pytest.raises(TooSlowError, match="took longer"), corpus.limited(-1):
        corpus.index.search("棉花", facets=["month"])
    assert corpus.index.search("棉花").total == 5


@pytest.mark.mongo
def test_pages_over_mongodb(mongo_uri: str, tmp_path: Path) -> None:
    store = open_store(mongo_uri)
    fill(store, tmp_path / "archive")
    own = Corpus(store, open_index(store, tmp_path / "index.db"), tmp_path / "archive")
    own.sync()
    with Running(own, access_for("127.0.0.1")) as served:
        assert served.get(f"/api/search?q={quote('棉花')}&site=hexi").json["total"] == 2
        for path in ("", "/printed", "/revisions", "/story", "/archived"):
            assert served.get(f"/articles/{id_of('cotton')}{path}").status == 200
        assert served.get("/sites").status == 200
        for path in ("/runs?site=$ne", '/runs?site={"$gt":""}'.replace('"', "%22"), "/articles/%7B%22$gt%22:%22%22%7D"):
            answer = served.get(path)
            assert "linxi-1" not in answer.text
            assert "临溪" not in answer.text
    own.close()


@pytest.mark.parametrize(
    ("asked", "cookie", "accepted", "language"),
    [
        ("", "", "", "en"),
        ("", "", "zh-TW,zh;q=0.9,en;q=0.8", "zh"),
        ("", "", "fr, en;q=0.3, zh;q=0.2", "en"),
        ("", "zh", "en", "zh"),
        ("en", "zh", "zh", "en"),
        ("", "xx", "zh;q=bad,en;q=0.1", "en"),
    ],
)
def test_language(asked: str, cookie: str, accepted: str, language: str) -> None:
    assert choose_language(asked, cookie, accepted) == language


def test_every_text_of_the_templates_is_in_both_languages() -> None:
    templates = ROOT / "newscrawl" / "web" / "templates"
    used = {
        key
        for path in templates.glob("*.html")
        for key in re.findall(r"""\bt\(["']([\w:]+)["'][,)]""", path.read_text("utf-8"))
    }
    assert len(used) > 60
    assert used <= set(words())
    for key, meanings in words().items():
        english, chinese = (re.findall(r"\{\w+\}", meanings[language]) for language in ("en", "zh"))
        assert sorted(english) == sorted(chinese), key
