"""Records in the forms in which other crawlers write them: each gives the same article as our own."""

from __future__ import annotations

import gzip
import io
from typing import TYPE_CHECKING

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.replay.support import article_html, sentences
from tests.replay.test_archives import PAGE, run

if TYPE_CHECKING:
    from pathlib import Path

HTML = article_html(1)
URL = PAGE.format(1)


def chunked(body: bytes) -> bytes:
    """Return a body in HTTP's chunked transfer coding."""
    pieces = [body[start : start + 1000] for start in range(0, len(body), 1000)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


TEXT = ("Content-Type", "text/html; charset=utf-8")
#: By name of the crawler: software, version, status line, headers, body, further WARC headers, WARC-Date.
FORMS = {
    "wget": (
        "Wget/1.21.3 (linux-gnu)",
        "1.0",
        "HTTP/1.1 200 OK",
        [TEXT, ("Transfer-Encoding", "chunked")],
        chunked(HTML),
        {"WARC-Target-URI": f"<{URL}>", "WARC-IP-Address": "203.0.113.7"},
        "2026-03-01T08:00:01Z",
    ),
    "wget-packed": (
        "Wget/1.21.3 (linux-gnu)",
        "1.0",
        "HTTP/1.1 200 OK",
        [TEXT, ("Content-Encoding", "gzip"), ("Content-Length", "17")],
        gzip.compress(HTML),
        {"WARC-Target-URI": f"<{URL}>"},
        "2026-03-01T08:00:01Z",
    ),
    "heritrix": (
        "Heritrix/3.4.0-20220727 http://crawler.archive.org",
        "1.0",
        "HTTP/1.1 200",
        [TEXT, ("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")],
        chunked(gzip.compress(HTML)),
        {},
        "2026-03-01T08:00:01Z",
    ),
    "cc-news": (
        "StormCrawler 2.11 http://stormcrawler.net/",
        "1.0",
        "HTTP/1.1 200 OK",
        [TEXT, ("X-Crawl-Transfer-Encoding", "chunked"), ("X-Crawl-Content-Encoding", "gzip")],
        HTML,
        {"WARC-Identified-Payload-Type": "text/html", "WARC-IP-Address": "203.0.113.7"},
        "2026-03-01T08:00:01Z",
    ),
    "browsertrix": (
        "Browsertrix-Crawler 1.5.0 (with warcio.js 2.4.3)",
        "1.1",
        "HTTP/1.1 200 OK",
        [TEXT, ("x-orig-content-encoding", "br"), ("x-orig-transfer-encoding", "chunked")],
        HTML,
        {"WARC-Page-ID": "3c7e", "WARC-Resource-Type": "document", "WARC-JSON-Metadata": '{"ipType":"Public"}'},
        "2026-03-01T08:00:01.250Z",
    ),
    "http2": (
        "warcprox 2.6",
        "1.0",
        "HTTP/2 200",
        [TEXT],
        HTML,
        {},
        "2026-03-01T08:00:01+00:00",
    ),
}


def write(path: Path, name: str, *, gzipped: bool) -> Path:
    software, version, status, headers, body, more, date = FORMS[name]
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=gzipped, warc_version=f"WARC/{version}")
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": software, "format": "WARC"}))
        protocol, _, line = status.partition(" ")
        page = writer.create_warc_record(
            URL,
            "response",
            payload=io.BytesIO(body),
            http_headers=StatusAndHeaders(line, list(headers), protocol=protocol),
            warc_headers_dict={"WARC-Date": date},
        )
        for key, value in more.items():
            page.rec_headers.replace_header(key, value)
        asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "xjnnet.com")], is_http_request=True)
        writer.write_record(writer.create_warc_record(URL, "request", http_headers=asked))
        writer.write_record(page)
        info = io.BytesIO(b'{"pageid": "3c7e"}')
        writer.write_record(writer.create_warc_record("urn:pageinfo:" + URL, "resource", info, warc_content_type="x/y"))
        writer.write_record(
            writer.create_warc_record("metadata://gnu.org/wget/log.txt", "resource", io.BytesIO(b"log"))
        )
        again = StatusAndHeaders("200 OK", [TEXT], protocol="HTTP/1.1")
        revisit = writer.create_revisit_record(URL, "sha1:X", URL, date, again, {"WARC-Date": "2026-03-02T08:00:00Z"})
        writer.write_record(revisit)
    return path


@pytest.mark.parametrize("gzipped", [True, False])
@pytest.mark.parametrize("name", sorted(FORMS))
def test_every_form_gives_the_article(tmp_path: Path, name: str, gzipped: bool) -> None:
    path = write(tmp_path / ("a.warc.gz" if gzipped else "a.warc"), name, gzipped=gzipped)
    report, found = run(tmp_path, [path])
    assert not report.troubles.broken
    (article,) = found.values()
    assert (article.site, article.body.split("\n")) == ("xjnnet", sentences(1))
    assert article.fetched_at is not None
    assert article.fetched_at.isoformat()[:19] == "2026-03-01T08:00:01"
    assert article.last_seen is not None
    assert article.last_seen.isoformat()[:10] == "2026-03-02", "a revisit says that it still stood"
