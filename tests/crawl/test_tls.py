"""Certificates are checked; what is wrong with one is said; a host that is named may have a bad one."""

from __future__ import annotations

import ssl
import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from OpenSSL import SSL

from newscrawl import clock
from newscrawl.crawl.fetch.tls import tls_problem
from tests.crawl.support import Crawls

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ARTICLE = "/baoliao/2026-09-23/1.html"
BODY = "青杨市的河边新开了一座图书馆，第一天就来了三百多名读者，馆长说以后每天开到晚上九点。" * 6
LIST = f'<ul><li><a href="{ARTICLE}">河边新开图书馆第一天来了三百多名读者</a> 2026-09-23</li></ul>'
PAGES = {
    "/": LIST,
    "/baoliao/": LIST,
    ARTICLE: f"<h1>河边新开图书馆</h1><p>2026-09-23 10:00 来源：青杨日报</p><p>{BODY}</p><p>{BODY[::-1]}</p>",
}


class Handler(BaseHTTPRequestHandler):
    """Serves PAGES."""

    def do_GET(self) -> None:
        page = PAGES.get(self.path)
        content = f"<html><body>{page or ''}</body></html>".encode()
        self.send_response(200 if page else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def make_certificate(folder: Path) -> Path:
    """Write a self-signed certificate for 127.0.0.1 with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "portal.example")])
    now = clock.now()
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path = folder / "certificate.pem"
    private = key.private_bytes(encoding, form, serialization.NoEncryption())
    path.write_bytes(private + certificate.public_bytes(encoding))
    return path


@contextmanager
def https_portal(folder: Path) -> Iterator[str]:
    """Run the portal; gives its address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(make_certificate(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_bad_certificate_is_named_in_the_verdict_and_a_named_host_may_have_one(tmp_path: Path) -> None:
    with https_portal(tmp_path) as url:
        crawls = Crawls(url, tmp_path, settings={"RETRY_TIMES": 0})
        assert crawls.run() == 12
        assert any("TLS: certificate verify failed" in reason for reason in crawls.last_run().reasons)
        assert not crawls.articles()
        assert crawls.run(NEWSCRAWL_UNVERIFIED_HOSTS="other.example") == 12
        assert crawls.run(NEWSCRAWL_UNVERIFIED_HOSTS="127.0.0.1") == 0, crawls.log()[-2000:]
        assert set(crawls.articles()) == {ARTICLE}


class Wrapped(Exception):  # noqa: N818  stands for what Twisted wraps errors in
    """An error with a list of failures in it."""

    def __init__(self, *reasons: object) -> None:
        super().__init__("wrapped")
        self.reasons = list(reasons)


OPENSSL = SSL.Error([("SSL routines", "", "certificate verify failed")])


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (OPENSSL, "TLS: certificate verify failed"),
        (Wrapped(ValueError("x"), OPENSSL), "TLS: certificate verify failed"),
        (Wrapped(Wrapped(OPENSSL)), "TLS: certificate verify failed"),
        (SSL.Error([]), "TLS: the connection could not be encrypted"),
        (ssl.SSLError(1, "wrong version number"), "TLS: wrong version number"),
        (ValueError("no encryption here"), ""),
        (Wrapped(), ""),
    ],
)
def test_what_is_wrong_with_a_connection(error: BaseException, problem: str) -> None:
    assert tls_problem(error) == problem
    if problem:
        outer = RuntimeError("outer")
        outer.__cause__ = error
        assert tls_problem(outer) == problem


def test_causes_that_go_in_a_circle_end() -> None:
    one, two = ValueError("1"), ValueError("2")
    one.__cause__, two.__cause__ = two, one
    assert tls_problem(one) == ""
