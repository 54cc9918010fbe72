"""Who may look, what a browser is told to refuse, and the command."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from newscrawl.web import AccessError, Corpus, access_for
from newscrawl.web.application import PAGES
from newscrawl.web.guard import host_name
from newscrawl.web.server import BindError, bind
from tests.web.conftest import Running, Served
from tests.web.corpus import SCRIPT, id_of

ROOT = Path(__file__).parents[2]
TOKEN = "a token of some length"  # noqa: S105 - for this test


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


def test_an_archive_pointer_cannot_leave_the_archive(corpus: Corpus) -> None:
    from newscrawl.archive.read import ArchiveError
    from newscrawl.items import ArchivePointer
    from newscrawl.web.reading import read_archived

    (corpus.archive.parent / "outside.warc").write_bytes(b"WARC/1.1\r\n")
    for name in ("../outside.warc", str(corpus.archive.parent / "outside.warc")):
        with pytest.raises(ArchiveError, match="outside"):
            read_archived(corpus, ArchivePointer(name, 0))


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
