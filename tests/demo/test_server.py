"""The server: HTTP behaviour, validators, the log, limits; bytes that are no HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.demo import Portal, run_portal
from newscrawl.demo.http import BadRequestError, parse_request
from tests.demo.client import fetch, finished_log, gunzip

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with run_portal() as running:
        yield running


def talk(portal: Portal, data: bytes) -> bytes:
    """Send bytes, close our side, read everything."""
    with socket.create_connection((portal.host, portal.port), timeout=10) as plug:
        plug.sendall(data)
        plug.shutdown(socket.SHUT_WR)
        pieces = []
        while piece := plug.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


def test_runs_in_an_event_loop() -> None:
    async def main() -> int:
        async with Portal() as portal:
            reply = await asyncio.to_thread(fetch, portal.url, "/")
            return reply.status

    assert asyncio.run(main()) == 200


def test_refuses_addresses_that_are_not_loopback() -> None:
    with pytest.raises(ValueError, match="loopback"):
        Portal(host="0.0.0.0")  # noqa: S104 - that it is refused is the point


def test_taken_port_is_told_to_the_caller(portal: Portal) -> None:
    with pytest.raises(OSError, match="in use"), run_portal(port=portal.port):
        pass


def test_several_portals_on_several_loopback_addresses() -> None:
    with run_portal(host="127.0.0.1") as one, run_portal(host="127.0.0.2", port=one.port) as other:
        assert fetch(one.url, "/").status == fetch(other.url, "/").status == 200
        assert one.url != other.url


def test_keep_alive_serves_many_requests_on_one_connection(portal: Portal) -> None:
    address = urlsplit(portal.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
    portal.clear_log()
    for _ in range(3):
        connection.request("GET", "/baoliao/")
        assert connection.getresponse().read()
    connection.close()
    assert len({entry.connection for entry in portal.log}) == 1
    assert [entry.path for entry in portal.log] == ["/baoliao/"] * 3


def test_pipelined_requests_are_answered_in_order(portal: Portal) -> None:
    reply = talk(portal, b"GET /robots.txt HTTP/1.1\r\n\r\nGET /nowhere HTTP/1.1\r\n\r\n")
    assert reply.startswith(b"HTTP/1.1 200 OK\r\n")
    assert reply.index(b"User-agent: *") < reply.index(b"HTTP/1.1 404 Not Found\r\n")


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/3\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"GET /" + b"a" * 40_000, 431),
        (b"PATCH / HTTP/1.1\r\n\r\n", 405),
    ],
)
def test_bad_requests(portal: Portal, data: bytes, status: int) -> None:
    assert talk(portal, data).startswith(f"HTTP/1.1 {status} ".encode())
    assert fetch(portal.url, "/").status == 200


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_a_request_an_error_or_incomplete(data: bytes, closed: bool) -> None:
    buffer = b"GET /" + data + (b" HTTP/1.1\r\n\r\n" if closed else b"")
    parsed = None
    with contextlib.suppress(BadRequestError):
        parsed = parse_request(buffer)
    assert parsed is None or (closed or b"\r\n\r\n" in data)
    assert parsed is None or 0 < parsed[1] <= len(buffer)


@pytest.mark.parametrize("path", ["/", "/baoliao/2026-09-23/81691.html", "/robots.txt", "/rss.xml"])
def test_conditional_get(portal: Portal, path: str) -> None:
    first = fetch(portal.url, path)
    by_tag = fetch(portal.url, path, If_None_Match=f'"other", W/{first.headers["etag"]}')
    by_time = fetch(portal.url, path, If_Modified_Since=first.headers["last-modified"])
    for reply in (by_tag, by_time):
        assert (reply.status, reply.body) == (304, b"")
        assert reply.headers["etag"] == first.headers["etag"]
    assert fetch(portal.url, path, If_None_Match='"other"').status == 200
    assert fetch(portal.url, path, If_Modified_Since="Thu, 01 Jan 2015 00:00:00 GMT").status == 200
    assert fetch(portal.url, path, If_Modified_Since="no date").status == 200
    # the tag decides where both are sent
    both = fetch(portal.url, path, If_None_Match='"other"', If_Modified_Since=first.headers["last-modified"])
    assert both.status == 200


def test_head_and_gzip(portal: Portal) -> None:
    plain = fetch(portal.url, "/xuzhou/")
    head = fetch(portal.url, "/xuzhou/", method="HEAD")
    assert head.body == b""
    assert int(head.headers["content-length"]) == len(plain.body)
    packed = fetch(portal.url, "/xuzhou/", Accept_Encoding="gzip, deflate")
    assert gunzip(packed) == plain.body
    assert len(packed.body) < len(plain.body)


def test_log_tells_what_was_asked_and_answered(portal: Portal) -> None:
    portal.clear_log()
    reply = fetch(portal.url, "/minsheng/?from=timeline", User_Agent="probe/1")
    fetch(portal.url, "/gone")
    one, other = finished_log(portal)
    assert (one.method, one.target, one.path, one.status) == ("GET", "/minsheng/?from=timeline", "/minsheng/", 200)
    assert one.headers["user-agent"] == "probe/1"
    assert one.bytes_sent == len(reply.body)
    assert one.monotonic <= one.finished <= other.monotonic
    assert other.status == 404
    assert portal.requests("/gone") == [other]


def test_too_many_connections_get_503() -> None:
    with run_portal(max_connections=2) as small:
        idle = [socket.create_connection((small.host, small.port), timeout=10) for _ in range(2)]
        for plug in idle:  # both are known to the server once it has answered them
            plug.sendall(b"GET /robots.txt HTTP/1.1\r\n\r\n")
            assert plug.recv(100)
        assert fetch(small.url, "/").status == 503
        for plug in idle:
            plug.close()


def test_a_query_does_not_hide_the_page(portal: Portal) -> None:
    path = "/baoliao/2026-09-23/81691.html"
    assert fetch(portal.url, f"{path}?utm_source=rank").body == fetch(portal.url, path).body


def test_held_back_articles_appear_when_released() -> None:
    with run_portal(held_back=3) as portal:
        before = portal.expected()
        released = portal.release(1)
        assert fetch(portal.url, released[0]).status == 200
        assert released[0].encode() in fetch(portal.url, "/sitemap_news.xml").body
        assert set(portal.expected()) - set(before) == set(released)
        assert len(portal.release()) == 2
        assert len(portal.expected()) == len(before) + 3


def test_portal_of_a_day_shows_what_was_published_by_then() -> None:
    with run_portal() as portal:
        moment = datetime(2026, 9, 15, 12, tzinfo=UTC)
        everything = portal.expected()
        portal.show_until(moment)
        assert portal.expected() == {path: truth for path, truth in everything.items() if truth.published <= moment}
        assert "/baoliao/2026-09-23/81691.html" not in fetch(portal.url, "/baoliao/").text()
        portal.show_until(None)
        assert portal.expected() == everything
