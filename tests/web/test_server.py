"""What the server answers: pages, JSON, refusals, headers."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import newscrawl.web.corpus
from newscrawl.search import open_index
from newscrawl.store import open_store
from newscrawl.web import AccessError, Corpus, access_for
from newscrawl.web.application import PAGES
from newscrawl.web.corpus import TooSlowError
from newscrawl.web.document import description
from newscrawl.web.guard import host_name
from newscrawl.web.server import BindError, bind
from newscrawl.web.visit import choose_language, words
from tests.web.conftest import Running, Served
from tests.web.corpus import SCRIPT, fill, id_of, make

ROOT = Path(__file__).parents[2]
TOKEN = "a token of some length"  # noqa: S105 - for this test


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


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example/", "///evil.example/%2e%2e/"])
def test_no_address_leads_to_another_host(served: Served, path: str) -> None:
    answer = served.get(path)
    assert answer.status == 404
    assert not re.search(r"""(?:href|src|action)="(?:[/\\]{2}|/\\)""", answer.text)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_only_reading(served: Served, method: str) -> None:
    assert served.get("/api/sites", method=method).status == 405


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_every_page_has_the_headers(served: Served, page: Any) -> None:
    path = page.path.replace("{id}", id_of("attack")).replace("{other}", id_of("cotton"))
    answer = served.get(path)
    assert answer.status == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert ("sandbox;" in policy) == path.startswith("/raw/")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if not path.startswith(("/raw/", "/api/")):
        assert SCRIPT not in answer.text
        assert "<script" not in answer.text
        assert ' style="' not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "", "[::1", "0x7f.1"])
def test_other_host_names_are_refused(served: Served, host: str) -> None:
    assert served.get("/", Host=host).status == 400


@pytest.mark.parametrize(
    ("header", "name"),
    [("LocalHost:8077", "localhost"), ("[::1]:80", "::1"), ("[::1]x", ""), ("a:b", ""), ("127.0.0.1", "127.0.0.1")],
)
def test_host_names(header: str, name: str) -> None:
    assert host_name(header) == name


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "corpus.example"])  # noqa: S104 - nothing is bound
def test_other_addresses_need_a_token(host: str) -> None:
    with pytest.raises(AccessError, match="NEWSCRAWL_TOKEN"):
        access_for(host)
    with pytest.raises(AccessError, match="too short"):
        access_for(host, "short")
    access = access_for(host, TOKEN, ["proxy.example"])
    assert access.allows_host("proxy.example")
    assert access.allows_host("192.0.2.7:8077")
    assert not access.allows_host("evil.example")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.9"])
def test_this_machine_needs_none(host: str) -> None:
    access = access_for(host)
    assert access.allows_host(f"[{host}]" if ":" in host else host)
    assert not access.allows_host("192.0.2.7")


def test_token(corpus: Corpus) -> None:
    with Running(corpus, access_for("127.0.0.1", TOKEN)) as served:
        assert served.get("/").status == 401
        assert served.get("/static/style.css").status == 401
        assert served.get("/?token=wrong").status == 401
        assert served.get("/api/sites", Authorization="Bearer wrong").status == 401
        assert served.get("/api/sites", Authorization=f"Bearer {TOKEN}").status == 200
        answer = served.get(f"//evil.example/?token={quote(TOKEN)}&q=a")
        assert answer.status == 303
        assert answer.headers["Location"] == "/evil.example/?q=a"
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert TOKEN not in cookie
        assert served.get("/", Cookie=cookie.partition(";")[0]).status == 200
        assert served.get("/", Cookie="newscrawl_token=wrong").status == 401


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


def test_an_archive_pointer_cannot_leave_the_archive(corpus: Corpus) -> None:
    from newscrawl.archive.read import ArchiveError
    from newscrawl.items import ArchivePointer
    from newscrawl.web.reading import read_archived

    (corpus.archive.parent / "outside.warc").write_bytes(b"WARC/1.1\r\n")
    for name in ("../outside.warc", str(corpus.archive.parent / "outside.warc")):
        with pytest.raises(ArchiveError, match="outside"):
            read_archived(corpus, ArchivePointer(name, 0))


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


def test_a_taken_port_is_one_line() -> None:
    with bind("127.0.0.1", 0) as taken, pytest.raises(BindError, match="--port"):
        bind("127.0.0.1", taken.getsockname()[1])
    for port in (-1, 99999):
        with pytest.raises(BindError, match="no port"):
            bind("127.0.0.1", port)


def test_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from newscrawl import cli
    from newscrawl.cli import serve

    monkeypatch.setattr(serve, "find_spec", lambda name: None if name == "jinja2" else name)
    assert cli.main(["serve"]) == 1
    command = f"{sys.executable} -m pip install -r deploy/requirements-serve.txt"
    assert capsys.readouterr().err == f"newscrawl serve: jinja2 missing; type: {command}\n"


def test_the_command_refuses_an_open_address(capsys: pytest.CaptureFixture[str]) -> None:
    from newscrawl import cli

    assert cli.main(["serve", "--host", "0.0.0.0"]) == 2  # noqa: S104 - it is refused
    assert "NEWSCRAWL_TOKEN" in capsys.readouterr().err


def test_the_command_serves_and_stops(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "newscrawl.cli", "serve", "--port", "0", "--store", f"sqlite:///{tmp_path}/a.db"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:  # noqa: S603 - our own
        assert process.stdout is not None
        line = process.stdout.readline()
        url = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert url
        answer = Served(url[0], None).get("/")  # type: ignore[arg-type]
        assert answer.status == 200
        assert "newscrawl demo" in answer.text
        process.terminate()
        assert process.wait(timeout=30) in (0, -15)
