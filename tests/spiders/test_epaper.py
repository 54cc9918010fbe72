"""The walk through e-papers: by a month's list of issues, by an entry page that sends its readers on, by "上一期"."""

from __future__ import annotations

import re
from contextlib import ExitStack
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.spiders.support import Shelf, Sites, serve

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

TODAY = date(2026, 9, 2)
NOW = "2026-09-02T08:00:00+08:00"
#: Sundays without a paper.
PAUSES = {date(2026, 8, 30)}
PAPER = """
from newscrawl.spiders._epaper import EpaperSpider

class Paper(EpaperSpider):
    name = "{name}"
    domains = ("{name}.example",)
    {how}
"""
PARAGRAPH = "柳泉街道的老面馆清早五点开门，掌柜冯启山说，面要揉三遍、醒两回，急不得。排在头一个的总是下夜班的司机。"


def issues(days: int) -> list[date]:
    """Return the days of the last issues, newest first."""
    found = [TODAY - timedelta(days=back) for back in range(days + 5)]
    return [day for day in found if day not in PAUSES][:days]


def html(title: str, body: str) -> tuple[str, bytes]:
    text = f'<html><head><meta charset="utf-8"><title>{title}</title></head><body>{body}</body></html>'
    return "text/html", text.encode()


def article(day: date, number: int) -> tuple[str, bytes]:
    title = f"{day.month}月{day.day}日第{number}篇：面馆里的清晨"
    body = (
        f'<div class="font01">{title}</div><p>柳泉日报 {day}</p><div id="ozoom">' + f"<p>{PARAGRAPH}</p>" * 4 + "</div>"
    )
    return html(title, body)


def with_periods() -> dict[str, tuple[str, bytes]]:
    """A paper of the later kind: month lists, three pages an issue, two articles a page."""
    shelf: dict[str, tuple[str, bytes]] = {}
    months: dict[str, str] = {}
    for day in issues(12):
        month, folder = f"{day:%Y%m}", f"{day:%Y%m}/{day:%d}"
        period = f"<period_date>{day}</period_date><front_page>node_01.html</front_page>"
        months[month] = months.get(month, "") + f'<period id="{day:%Y%m%d}">{period}</period>'
        pages = "".join(f'<a id="pageLink" href="node_0{page}.html">第0{page}版</a>' for page in (1, 2, 3))
        for page in (1, 2, 3):
            numbers = (2 * page - 1, 2 * page)
            links = "".join(
                f'<li><a href="../../../con/{folder}/content_{day:%d}{number}.html">第{number}篇面馆里的清晨</a></li>'
                for number in numbers
            )
            shelf[f"/lqrb/pc/layout/{folder}/node_0{page}.html"] = html("柳泉日报", f"{pages}<ul>{links}</ul>")
            for number in numbers:
                shelf[f"/lqrb/pc/con/{folder}/content_{day:%d}{number}.html"] = article(day, number)
    for month, entries in months.items():
        text = f'<?xml version="1.0" encoding="UTF-8"?><period_list>{entries}</period_list>'
        shelf[f"/lqrb/pc/layout/{month}/period.xml"] = ("text/xml", text.encode())
    return shelf


def with_entry_page(sent_on: str) -> dict[str, tuple[str, bytes]]:
    """A paper of the older kind: an entry page that leads to the newest issue, which leads to the one before."""
    shelf: dict[str, tuple[str, bytes]] = {}
    days = issues(12)
    for place, day in enumerate(days):
        before = f"../../{days[place + 1]:%Y-%m/%d}/node_1.htm" if place + 1 < len(days) else "#"
        for page in (1, 2):
            links = f'<a href="content_{day:%d}{page}.htm?div=-1">第{page}篇面馆里的清晨</a>'
            ways = f'<a href="{before}">上一期</a><a href="node_1.htm">01版</a><a href="node_2.htm">02版</a>'
            shelf[f"/html/{day:%Y-%m/%d}/node_{page}.htm"] = html("双沟日报", ways + links)
            shelf[f"/html/{day:%Y-%m/%d}/content_{day:%d}{page}.htm?div=-1"] = article(day, page)
    shelf["/"] = ("text/html", sent_on.format(f"html/{days[0]:%Y-%m/%d}/node_1.htm").encode())
    return shelf


SHELVES = {
    "periods": (with_periods, 'periods = ("https://periods.example/lqrb/pc/layout/{month}/period.xml",)', 6),
    "script": (
        lambda: with_entry_page("<html><body><script>window.location.href = '{}';</script></body></html>"),
        'homepage = "https://script.example/"',
        2,
    ),
    "refresh": (
        lambda: with_entry_page('<html><head><meta http-equiv="refresh" content="0; URL={}"></head></html>'),
        'homepage = "https://refresh.example/"',
        2,
    ),
    "links": (
        lambda: with_entry_page('<html><body><a href="{}">柳泉日报今日第一版</a></body></html>'),
        'homepage = "https://links.example/"',
        2,
    ),
}


@pytest.fixture
def papers(tmp_path: Path) -> tuple[Sites, dict[str, Shelf], ExitStack]:
    stack = ExitStack()
    sites = Sites(tmp_path, now=NOW)
    shelves = {}
    for name, (make, how, _) in SHELVES.items():
        shelves[name] = stack.enter_context(serve(make()))
        sites.add(name, shelves[name].url, PAPER.format(name=name, how=how))
    return sites, shelves, stack


def days_of(paths: Iterable[str]) -> set[str]:
    """Return the days in addresses of articles, as 202608/24."""
    return {
        "".join(match.groups()) for path in paths if (match := re.search(r"(\d{4})-?(\d{2})(/\d{2})/content", path))
    }


def test_issues_of_the_last_days_then_only_what_is_new(papers: tuple[Sites, dict[str, Shelf], ExitStack]) -> None:
    sites, shelves, stack = papers
    with stack:
        assert sites.crawl() == 0, sites.log()
        week = [day for day in issues(12) if day >= TODAY - timedelta(days=7)]
        for name, found in sites.articles().items():
            assert len(found) == SHELVES[name][2] * len(week), name
            assert days_of(found) == {f"{day:%Y%m/%d}" for day in week}
            assert {article.published_day for article in found.values()} == {day.isoformat() for day in week}
            assert all("面馆里的清晨" in article.title for article in found.values())
        for shelf in shelves.values():
            shelf.asked.clear()
        assert sites.crawl() == 0, sites.log()
        for shelf in shelves.values():
            assert not [path for path in shelf.asked if "content_" in path]
            lists = [path for path in shelf.asked if "node_" in path]
            assert len(lists) <= 6, "an issue without news ends the walk, of either month"


def test_a_first_day_is_walked_back_to(papers: tuple[Sites, dict[str, Shelf], ExitStack]) -> None:
    sites, _, stack = papers
    with stack:
        assert sites.crawl(NEWSCRAWL_SINCE="2026-08-24", NEWSCRAWL_UNTIL="2026-08-28", NEWSCRAWL_FULL=True) == 0, (
            sites.log()
        )
        for name, found in sites.articles().items():
            assert days_of(found) == {f"202608/{day}" for day in range(24, 29)}, name
