"""Faults: each kind does to a request what it says, only where and as often as it says."""

from __future__ import annotations

import http.client
import json
import re
import socket
import zlib
from typing import TYPE_CHECKING, get_args

import pytest

from newscrawl.demo import PRIVATE_TARGETS, Fault, FaultError, Portal, run_portal
from newscrawl.demo.faults import FaultKind, fault_from_dict, read_faults
from tests.demo.client import fetch, finished_log

if TYPE_CHECKING:
    from collections.abc import Iterator


PATH = "/baoliao/2026-09-23/81691.html"
GB_PATH = "/xuzhou/2026-09-23/81690.html"


@pytest.fixture(scope="module")
def running() -> Iterator[Portal]:
    with run_portal() as portal:
        yield portal


@pytest.fixture
def portal(running: Portal) -> Iterator[Portal]:
    running.clear_faults()
    running.clear_log()
    yield running
    running.clear_faults()


@pytest.mark.parametrize("status", [404, 410, 429, 500, 503])
def test_status_with_retry_after(portal: Portal, status: int) -> None:
    portal.fault("/baoliao/*", "status", status=status, retry_after="3")
    reply = fetch(portal.url, PATH)
    assert (reply.status, reply.headers["retry-after"]) == (status, "3")
    assert fetch(portal.url, GB_PATH).status == 200
    assert [entry.fault for entry in portal.log] == ["status", ""]


def test_faults_can_come_late_and_end(portal: Portal) -> None:
    portal.fault(PATH, "status", status=503, after=1, times=2)
    assert [fetch(portal.url, PATH).status for _ in range(5)] == [200, 503, 503, 200, 200]


def test_faults_are_switched_off_by_pattern(portal: Portal) -> None:
    portal.fault(PATH, "status", status=500)
    portal.fault(GB_PATH, "status", status=500)
    portal.clear_faults(PATH)
    assert (fetch(portal.url, PATH).status, fetch(portal.url, GB_PATH).status) == (200, 500)


def test_slow_answer(portal: Portal) -> None:
    portal.fault(PATH, "slow", delay=0.3)
    assert fetch(portal.url, PATH).status == 200
    (entry,) = finished_log(portal)
    assert entry.finished - entry.monotonic >= 0.3


def test_hanging_answer_runs_into_the_clients_timeout(portal: Portal) -> None:
    portal.fault(PATH, "hang")
    with pytest.raises(TimeoutError):
        fetch(portal.url, PATH, timeout=0.3)
    assert fetch(portal.url, GB_PATH).status == 200


def test_slow_loris_sends_drop_by_drop(portal: Portal) -> None:
    portal.fault(PATH, "trickle", size=5, delay=0.02)
    with socket.create_connection((portal.host, portal.port), timeout=10) as plug:
        plug.sendall(f"GET {PATH} HTTP/1.1\r\n\r\n".encode())
        received = b""
        while len(received.partition(b"\r\n\r\n")[2]) < 40:
            received += plug.recv(4096)
    assert len(received.partition(b"\r\n\r\n")[2]) <= 400


@pytest.mark.parametrize("size", [0, 100])
def test_cut_in_mid_body(portal: Portal, size: int) -> None:
    portal.fault(PATH, "cut", size=size)
    with pytest.raises(http.client.IncompleteRead) as caught:
        fetch(portal.url, PATH)
    assert caught.value.expected
    assert len(caught.value.partial) == (size or portal.log[0].bytes_sent)


def test_chunked_answer(portal: Portal) -> None:
    plain = fetch(portal.url, PATH)
    portal.fault(PATH, "chunked", size=333)
    reply = fetch(portal.url, PATH)
    assert reply.headers["transfer-encoding"] == "chunked"
    assert "content-length" not in reply.headers
    assert reply.body == plain.body
    assert fetch(portal.url, PATH, If_None_Match=plain.headers["etag"]).status == 304
    portal.fault(PATH, "cut", size=700)
    with pytest.raises(http.client.IncompleteRead):
        fetch(portal.url, PATH)


def test_page_without_validators(portal: Portal) -> None:
    tag = fetch(portal.url, PATH).headers["etag"]
    portal.fault(PATH, "no-validators")
    reply = fetch(portal.url, PATH, If_None_Match=tag)
    assert reply.status == 200
    assert not {"etag", "last-modified"} & set(reply.headers)


def test_reset_without_a_byte(portal: Portal) -> None:
    portal.fault(PATH, "reset")
    with pytest.raises(ConnectionError):
        fetch(portal.url, PATH)


def follow(portal: Portal, target: str, limit: int) -> list[str]:
    """The targets that redirects lead to, up to the first answer that is none."""
    visited = [target]
    while len(visited) <= limit:
        reply = fetch(portal.url, visited[-1])
        if "location" not in reply.headers:
            break
        assert reply.status == 302
        visited.append(reply.headers["location"])
    return visited


def test_redirects(portal: Portal) -> None:
    portal.fault(PATH, "redirect-loop")
    assert len(set(follow(portal, PATH, 30))) == 31
    portal.clear_faults()
    portal.fault(PATH, "redirect-chain", hops=4)
    chain = follow(portal, PATH, 30)
    assert len(chain) == 5
    assert fetch(portal.url, chain[-1]).status == 200
    portal.clear_faults()
    portal.fault(PATH, "redirect-home")
    assert follow(portal, PATH, 3) == [PATH, "/"]
    portal.clear_faults()
    portal.fault(PATH, "redirect", location=GB_PATH, status=301)
    assert fetch(portal.url, PATH).status == 301


def test_redirects_to_private_addresses_in_turn(portal: Portal) -> None:
    portal.fault(PATH, "redirect-private")
    seen = [fetch(portal.url, PATH).headers["location"] for _ in PRIVATE_TARGETS]
    assert seen == [target.replace("{port}", str(portal.port)) for target in PRIVATE_TARGETS]


def test_changed_article(portal: Portal) -> None:
    before, truth_before = fetch(portal.url, PATH), portal.expected()[PATH]
    portal.fault(PATH, "changed", text="记者另悉，该楼总阀已加装标识。")
    after, truth = fetch(portal.url, PATH), portal.expected()[PATH]
    assert truth.paragraphs == (*truth_before.paragraphs, "记者另悉，该楼总阀已加装标识。")
    assert all(paragraph in after.text() for paragraph in truth.printed)
    assert after.headers["last-modified"] != before.headers["last-modified"]
    assert fetch(portal.url, PATH, If_None_Match=before.headers["etag"]).status == 200
    assert fetch(portal.url, PATH, If_None_Match=after.headers["etag"]).status == 304


def test_vanished_article_is_off_the_lists_too(portal: Portal) -> None:
    assert PATH in fetch(portal.url, "/baoliao/").text()
    portal.fault(PATH, "vanished")
    assert fetch(portal.url, PATH).status == 404
    for target in ("/", "/baoliao/", "/rss.xml", "/sitemap_news.xml"):
        assert PATH not in fetch(portal.url, target).text()
    assert PATH not in portal.expected()
    portal.clear_faults()
    assert PATH in fetch(portal.url, "/baoliao/").text()
    assert fetch(portal.url, PATH).status == 200


def test_emptied_article_keeps_its_page(portal: Portal) -> None:
    truth = portal.expected()[PATH]
    portal.fault(PATH, "emptied")
    page = fetch(portal.url, PATH).text()
    assert truth.title in page
    assert not any(paragraph in page for paragraph in truth.paragraphs[1:])


@pytest.mark.parametrize("fresh", ["", "fresh"])
def test_endless_list(portal: Portal, fresh: str) -> None:
    assert fetch(portal.url, "/xuzhou/index_900.html").status == 404
    portal.fault("/xuzhou/*", "endless", text=fresh)
    links = []
    for number in (900, 901):
        page = fetch(portal.url, f"/xuzhou/index_{number}.html").text("gb18030")
        assert f'<a href="/xuzhou/index_{number + 1}.html">下一页' in page
        items = page.partition('<ul class="newslist">')[2].partition("</ul>")[0]
        links.append(set(re.findall(r'href="([^"]+)"', items)))
    first = fetch(portal.url, "/xuzhou/").text("gb18030")
    assert all(links)
    assert links[0].isdisjoint(links[1]) == bool(fresh)
    assert all((link in first) != bool(fresh) for link in links[0])
    # the last real page goes on, too
    last = fetch(portal.url, "/xuzhou/index_2.html").text("gb18030")
    assert 'href="/xuzhou/index_3.html">下一页' in last


@pytest.mark.parametrize(("path", "encoding", "declared"), [(PATH, "utf-8", "gb2312"), (GB_PATH, "gb18030", "utf-8")])
def test_wrong_declaration(portal: Portal, path: str, encoding: str, declared: str) -> None:
    truth = portal.expected()[path]
    portal.fault(path, "charset-wrong")
    reply = fetch(portal.url, path)
    assert f"charset={declared}" in reply.headers["content-type"]
    assert f"charset={declared}".encode() in reply.body
    assert truth.paragraphs[2] in reply.text(encoding)
    assert truth.paragraphs[2] not in reply.body.decode(declared, "replace")


def test_broken_bytes(portal: Portal) -> None:
    portal.fault(PATH, "charset-broken")
    page = fetch(portal.url, PATH).body.decode("utf-8", "replace")
    assert "�" in page
    assert portal.expected()[PATH].paragraphs[0] in page


def test_bomb_is_small_on_the_wire(portal: Portal) -> None:
    portal.fault(PATH, "bomb")
    reply = fetch(portal.url, PATH)
    assert reply.headers["content-encoding"] == "gzip"
    assert len(reply.body) < 400_000
    unpacker, size, rest = zlib.decompressobj(wbits=31), 0, reply.body
    while rest:
        size += len(unpacker.decompress(rest, 1 << 20))
        rest = unpacker.unconsumed_tail
    assert unpacker.eof
    assert size >= 300 * 1024 * 1024 - (1 << 20)


def test_empty_huge_and_foreign_pages(portal: Portal) -> None:
    portal.fault(PATH, "empty")
    reply = fetch(portal.url, PATH)
    assert (reply.status, reply.body) == (200, b"")
    portal.clear_faults()
    portal.fault(PATH, "huge")
    reply = fetch(portal.url, PATH)
    assert 5 * 1024 * 1024 <= len(reply.body) < 5.1 * 1024 * 1024
    assert portal.expected()[PATH].paragraphs[-1] in reply.text()
    portal.clear_faults()
    portal.fault(PATH, "non-html")
    reply = fetch(portal.url, PATH)
    assert reply.headers["content-type"] == "application/pdf"
    assert reply.body.startswith(b"%PDF")


@pytest.mark.parametrize(("path", "encoding"), [(PATH, "utf-8"), (GB_PATH, "gb18030")])
def test_script_page_hides_its_text(portal: Portal, path: str, encoding: str) -> None:
    truth = portal.expected()[path]
    portal.fault(path, "js-only")
    page = fetch(portal.url, path).text(encoding)
    assert not any(paragraph in page for paragraph in truth.paragraphs)
    assert '<div id="app"></div>' in page
    script = re.search(r'innerHTML = (".*");</script>', page)
    assert script
    assert truth.paragraphs[-1] in json.loads(script[1])


def test_cookie_challenge(portal: Portal) -> None:
    portal.fault(PATH, "js-cookie")
    page = fetch(portal.url, PATH).text()
    cookie = re.search(r'document\.cookie="(\w+)="\+"(\w+)"', page)
    assert cookie
    assert "location.reload()" in page
    truth = portal.expected()[PATH]
    assert truth.title in fetch(portal.url, PATH, Cookie=f"a=b; {cookie[1]}={cookie[2]}").text()
    portal.clear_faults()
    portal.fault(PATH, "js-cookie", text="computed")
    page = fetch(portal.url, PATH).text()
    assert cookie[2] not in page
    codes = re.search(r"\[([\d,]+)\]", page)
    assert codes
    assert "".join(chr(int(code) ^ 21) for code in codes[1].split(",")) == cookie[2]


def test_meta_refresh(portal: Portal) -> None:
    portal.fault(PATH, "meta-refresh")
    target = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', fetch(portal.url, PATH).text())
    assert target
    assert portal.expected()[PATH].title in fetch(portal.url, target[1]).text()


def test_faults_go_together(portal: Portal) -> None:
    portal.fault(PATH, "huge", size=200_000)
    portal.fault(PATH, "cut", size=1000)
    with pytest.raises(http.client.IncompleteRead) as caught:
        fetch(portal.url, PATH)
    assert len(caught.value.partial) == 1000
    assert caught.value.expected
    assert caught.value.expected > 150_000
    assert portal.log[-1].fault == "huge+cut"


@pytest.mark.parametrize(
    "row",
    [{}, {"pattern": "/*"}, {"pattern": "/*", "kind": "earthquake"}, {"pattern": "/*", "kind": "cut", "siez": 3}],
)
def test_wrongly_described_faults_are_refused(row: dict[str, object]) -> None:
    with pytest.raises(FaultError):
        fault_from_dict(row)


@pytest.mark.parametrize("text", ["", "{", "{}", "[1]", '[{"pattern": "/*"}]'])
def test_bad_fault_files_are_refused(text: str) -> None:
    with pytest.raises(FaultError):
        read_faults(text)


@pytest.mark.parametrize("kind", get_args(FaultKind))
def test_every_kind_answers_for_every_sort_of_page(portal: Portal, kind: FaultKind) -> None:
    portal.add_fault(Fault("/*", kind, delay=0.0, size=100_000, status=503))
    for target in ("/", PATH, GB_PATH, "/xuzhou/", "/robots.txt", "/rss.xml", "/nowhere", "/xuzhou/index_77.html"):
        if kind in {"hang", "reset"}:
            with pytest.raises((TimeoutError, ConnectionError)):
                fetch(portal.url, target, timeout=0.05)
        else:
            reply = fetch(portal.url, target)
            assert 200 <= reply.status < 600
    portal.clear_faults()
    assert fetch(portal.url, PATH).status == 200
