"""Pauses between requests, as the portal's own log shows them."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from scrapy import Request
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.test import get_crawler

from newscrawl.crawl.fetch.politeness import PoliteThrottle, retry_after
from newscrawl.crawl.frontier.addresses import Addresses
from newscrawl.crawl.project import project_settings
from newscrawl.crawl.run.runner import introduce
from newscrawl.demo import Portal, run_portal
from newscrawl.middlewares import SiteSlot
from newscrawl.spiders._base import NewsSpider
from tests.crawl.support import Crawls

if TYPE_CHECKING:
    from pathlib import Path

#: The portal notes when a request came, the crawler when it sent it: a busy machine lies between. What is late once
#: makes the next gap look short, so single gaps may be this share of the pause, and all of them together not.
SHARE = 0.6
SLACK = 0.2


def gaps(portal: Portal) -> list[float]:
    return [after.time - before.time for before, after in pairwise(portal.log)]


@pytest.mark.parametrize(("delay", "crawl_delay"), [(0.3, 0.0), (0.0, 0.4)])
def test_gaps_are_never_shorter_than_asked_for(tmp_path: Path, delay: float, crawl_delay: float) -> None:
    with run_portal(articles=8, crawl_delay=crawl_delay) as portal:
        crawls = Crawls(portal.url, tmp_path)
        crawls.settings["DOWNLOAD_SLOTS"] = {"127.0.0.1": {"delay": delay, "concurrency": 1}}
        assert crawls.run(NEWSCRAWL_MAX_REQUESTS=12) == 0
        after_robots = gaps(portal)[1:] if crawl_delay else gaps(portal)
        assert len(after_robots) >= 4
        assert min(after_robots) >= max(delay, crawl_delay) * SHARE
        assert sum(after_robots) >= max(delay, crawl_delay) * len(after_robots) - SLACK


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_holds_the_whole_host(tmp_path: Path, status: int) -> None:
    with run_portal(articles=8) as portal:
        portal.fault("/baoliao/20*", "status", status=status, retry_after="3", times=1)
        crawls = Crawls(portal.url, tmp_path)
        # Scrapy 2.19 lets a burst through where there is no delay at all: it counts what is under way a moment too late
        crawls.settings["DOWNLOAD_SLOTS"] = {"127.0.0.1": {"delay": 0.02, "concurrency": 1}}
        crawls.write_spider(homepage="")
        assert crawls.run() == 0
        assert set(crawls.articles()) == {path for path in portal.expected() if path.startswith("/baoliao/")}
        moments = [entry.time for entry in portal.log]
        refused = next(index for index, entry in enumerate(portal.log) if entry.status == status)
        assert moments[refused + 1] - moments[refused] >= 3 - SLACK
        assert portal.peak_requests == 1


def throttle(**settings: object) -> tuple[PoliteThrottle, Any]:
    """A throttle beside a downloader with one slot."""
    crawler = get_crawler(NewsSpider, {"USER_AGENT": "newscrawl/1 (+x)", "AUTOTHROTTLE_ENABLED": False, **settings})
    slot = SimpleNamespace(delay=1.0, concurrency=8, jitter=0.5, lastseen=0.0)
    crawler.engine = SimpleNamespace(  # type: ignore[assignment]
        downloader=SimpleNamespace(slots={"portal.example": slot}, per_slot_settings={})
    )
    return PoliteThrottle(crawler), slot


@pytest.mark.parametrize(
    ("lines", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 7", 7.0),
        ("User-agent: *\nCrawl-delay: 100000", 120.0),
        ("User-agent: *\nCrawl-delay: 0.2", 1.0),
        ("User-agent: newscrawl\nCrawl-delay: 9\nUser-agent: *\nCrawl-delay: 90", 9.0),
        ("User-agent: *\nDisallow: /x", 1.0),
    ],
)
def test_crawl_delay_is_honoured_up_to_two_minutes(lines: str, delay: float) -> None:
    polite, slot = throttle()
    parser = ProtegoRobotParser.from_crawler(polite.crawler, lines.encode())
    request = Request("https://www.portal.example/a", meta={"download_slot": "portal.example"})
    polite.robots_parsed(parser, request)
    assert slot.delay == delay
    if delay != 1.0:
        assert (slot.concurrency, slot.jitter) == (1, 0)
        again = polite.crawler.engine.downloader.per_slot_settings
        assert again["portal.example"]["delay"] == delay, "a slot that is made again keeps to it"


@pytest.mark.parametrize(
    ("url", "slot"),
    [
        ("https://www.portal.example/a", "portal.example"),
        ("https://portal.example/a", "portal.example"),
        ("http://wap.portal.test/a", "portal.example"),
        ("https://elsewhere.example/a", None),
    ],
)
def test_all_hosts_of_a_portal_share_one_pause(url: str, slot: str | None) -> None:
    spider = SimpleNamespace(addresses=Addresses("portal", ("portal.example", "portal.test")))
    request = Request(url)
    SiteSlot(SimpleNamespace(spider=spider)).process_request(request)  # type: ignore[arg-type]
    assert request.meta.get("download_slot") == slot


def test_robots_txt_of_the_host_that_a_redirect_leads_to(tmp_path: Path) -> None:
    with run_portal(articles=3) as portal, run_portal(articles=3) as other:
        forbidden, path = other.forbidden()[0], next(iter(portal.expected()))
        portal.fault(path, "redirect", location=other.url.rstrip("/") + forbidden)
        crawls = Crawls(portal.url, tmp_path)
        both = [portal.url.split("/")[2], other.url.split("/")[2]]
        assert crawls.run(NEWSCRAWL_OPEN_LOOPBACK=",".join(both)) == 0
        assert [entry.path for entry in other.log] == ["/robots.txt"]


@pytest.mark.parametrize(
    ("settings", "agent", "warned"),
    [
        ({}, "no contact set", True),
        ({"NEWSCRAWL_CONTACT": "desk@portal.example"}, "(+desk@portal.example)", False),
        ({"NEWSCRAWL_CONTACT": "desk@portal.example", "USER_AGENT": "mine"}, "mine", False),
        ({"NEWSCRAWL_SITE_BASE": {"xjnnet": "http://127.0.0.1/"}}, "no contact set", False),
    ],
)
def test_a_crawl_says_whom_to_write_to(
    caplog: pytest.LogCaptureFixture, settings: dict[str, object], agent: str, *, warned: bool
) -> None:
    found = project_settings(**settings)
    introduce(found)
    assert agent in found["USER_AGENT"]
    assert ("no contact is set" in caplog.text) is warned


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (b"3", 3.0),
        (b" 120 ", 120.0),
        (b"Wed, 23 Sep 2026 00:00:30 GMT", 30.0),
        (b"Tue, 22 Sep 2026 00:00:00 GMT", 0.0),
        (b"soon", None),
        (b"-5", None),
        (b"", None),
        (None, None),
        (b"99999999999999999999", 999999999.0),
    ],
)
def test_reading_retry_after(header: bytes | None, seconds: float | None) -> None:
    assert retry_after(header, datetime(2026, 9, 23, tzinfo=UTC)) == seconds
