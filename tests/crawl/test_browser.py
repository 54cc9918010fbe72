"""Pages that scripts fill or guard, with the real browser."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from newscrawl.archive import read_file
from newscrawl.crawl.fetch.challenge import plain_cookies
from newscrawl.crawl.fetch.guard_proxy import GuardProxy
from newscrawl.demo import run_portal
from tests.crawl.support import Crawls

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.browser
def test_pages_that_need_a_browser(tmp_path: Path, chromium: str) -> None:
    with run_portal(articles=12) as portal:
        paths = list(portal.expected())
        portal.fault(paths[0], "js-only")
        portal.fault(paths[1], "js-cookie", text="computed")
        portal.fault(paths[2], "js-cookie")
        portal.fault(paths[3], "meta-refresh")
        crawls = Crawls(portal.url, tmp_path)
        assert crawls.run() == 0
        articles = crawls.articles()
        assert set(articles) == set(paths), chromium
        for path in paths[:4]:
            assert articles[path].title == portal.expected()[path].title
        records = [
            found
            for file in sorted((tmp_path / "archive").glob("*/*.warc.gz"))
            for found in read_file(file)
            if found.url.endswith(paths[0])
        ]
        assert [found.kind for found in records] == ["response", "response", "conversion"]  # plain, then by the browser
        plain, served, shown = (found.body for found in records)
        assert served == plain != shown
        pictures = [entry for entry in portal.log if entry.path.endswith((".jpg", ".png", ".gif"))]
        assert not pictures


def test_without_a_browser_such_a_page_is_refused_with_its_reason(tmp_path: Path) -> None:
    with run_portal(articles=6) as portal:
        path = next(iter(portal.expected()))
        portal.fault(path, "js-only")
        crawls = Crawls(portal.url, tmp_path)
        assert crawls.run(NEWSCRAWL_BROWSER=False) == 0
        assert path not in crawls.articles()
        store = crawls.store()
        refused = [state.reason for state in store.url_states("xjnnet") if state.url.endswith(path)]
        store.close()
        assert refused == ["js-shell: text is filled in by script"]


async def ask(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    return answer


@pytest.mark.parametrize(
    "target",
    [
        "127.0.0.1:{port}",
        "localhost:{port}",
        "127.1:{port}",
        "2130706433:{port}",
        "0x7f.1:{port}",
        "[::1]:{port}",
        "[::ffff:127.0.0.1]:{port}",
        "10.0.0.1:80",
        "169.254.169.254:80",
    ],
)
def test_the_proxy_of_the_browser_keeps_to_public_addresses(target: str) -> None:
    async def check(url: str) -> None:
        proxy = GuardProxy()
        port = await proxy.start()
        host = target.format(port=url.rstrip("/").rpartition(":")[2])
        plain = await ask(port, f"GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        tunnel = await ask(port, f"CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert plain.startswith(b"HTTP/1.1 403")
        assert tunnel.startswith(b"HTTP/1.1 403")
        assert proxy.refused == 2
        await proxy.close()

    with run_portal(articles=1) as portal:
        asyncio.run(check(portal.url))
        assert not portal.log


def test_the_proxy_passes_what_is_opened() -> None:
    async def check(url: str) -> None:
        host = url.split("/")[2]
        proxy = GuardProxy([host])
        port = await proxy.start()
        answer = await ask(port, f"GET {url} HTTP/1.1\r\nHost: {host}\r\nProxy-Connection: keep-alive\r\n\r\n".encode())
        assert answer.startswith(b"HTTP/1.1 200")
        assert b"</html>" in answer
        await proxy.close()

    with run_portal(articles=1) as portal:
        asyncio.run(check(portal.url))


@pytest.mark.parametrize(
    ("html", "cookies"),
    [
        (b"<script>document.cookie='guard=abc123; path=/';location.reload();</script>", {"guard": "abc123"}),
        (
            b'<script>document.cookie="a=1";document.cookie="b=2; path=/";location.href="/x"</script>',
            {"a": "1", "b": "2"},
        ),
        (b"<script>document.cookie='a='+f(); location.reload()</script>", {}),
        (b"<script>document.cookie='a=1';</script>", {}),
        (b"", {}),
        (b"document.cookie=" * 50_000, {}),
    ],
)
def test_cookies_that_a_challenge_spells_out(html: bytes, cookies: dict[str, str]) -> None:
    assert plain_cookies(html) == cookies
