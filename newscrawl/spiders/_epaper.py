"""E-papers (数字报): a list of issues, the pages of an issue (版), the articles of a page."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from newscrawl import clock
from newscrawl.page import Link, Page
from newscrawl.spiders._base import NewsSpider
from newscrawl.text.dates_url import date_in_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    import scrapy
    from scrapy.http import Response

MONTH = "{month}"
_PERIOD = re.compile(r"<period\b.*?</period>", re.DOTALL | re.IGNORECASE)
_PERIOD_DATE = re.compile(r"<period_date>\s*(\d{4})-?(\d{2})-?(\d{2})", re.IGNORECASE)
_FRONT_PAGE = re.compile(r"<front_page>\s*([\w./-]{1,80}?)\s*</front_page>", re.IGNORECASE)
#: Where the entry page of an e-paper sends its readers: a script, or a refresh that is no HTTP header.
_SENT_ON = re.compile(
    r"""(?:location(?:\.href)?\s*=|location\.replace\(|url\s*=)\s*["']?\s*([\w:/.-]{5,200})""", re.IGNORECASE
)
_EARLIER = re.compile(r"^[\W_]*(?:上一期|前一期|往前一期)[\W_]*$")
#: More months than these are not looked through.
MAX_MONTHS = 240


class EpaperSpider(NewsSpider):
    """The walk through a paper: issues, newest first, while they bring news; their pages; the articles of those.

    Addresses of Founder's (方正) e-papers, old and new: pages /html/YYYY-MM/DD/node_N.htm with articles content_N.htm
    beside them, or /NAME/pc/layout/YYYYMM/DD/node_N.html with articles /NAME/pc/con/YYYYMM/DD/content_N.html.
    periods: lists of a month's issues, "{month}" stands for YYYYMM (…/pc/layout/{month}/period.xml: period_date,
    front_page). Without them the entry page (`homepage`, `sections`) leads or links to the newest issue, and
    "上一期" (previous issue) to the others. issue_days: days back that a run looks which names no first day.
    The date of an article is that of its issue; it stands in the URL. The text stands in #ozoom.
    """

    cms = "Founder e-paper"
    schedule = "6h"
    article_url = r"^/(?:[\w-]+/)*\d{4}-?\d{2}/\d{2}/content_[\da-z]+(?:_\d+)?\.html?(?:\?div=-1)?$"
    section_url = r"^/(?:[\w-]+/)*\d{4}-?\d{2}/\d{2}/node_\w+\.html?$"
    periods: tuple[str, ...] = ()
    issue_days = 7

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Prepare for a walk."""
        super().__init__(*args, **kwargs)
        #: Front pages by canonical URL, each with the front page of the issue before it, "" where a link tells.
        self.fronts: dict[str, str] = {}

    @property
    def first_day(self) -> date:
        """The earliest day whose issue is wanted."""
        if self.selection.since:
            return date.fromisoformat(self.selection.since)
        return _today() - timedelta(days=self.issue_days)

    def start_pages(self) -> list[str]:
        """Return the lists of issues, newest month first, or the entry pages."""
        if not self.periods:
            return super().start_pages()
        last = _today()
        if self.selection.until:
            last = min(last, date.fromisoformat(self.selection.until))
        months: list[str] = []
        day = last.replace(day=1)
        while day >= self.first_day.replace(day=1) and len(months) < MAX_MONTHS:
            months.append(f"{day:%Y%m}")
            day = (day - timedelta(days=1)).replace(day=1)
        return self.addresses.stand_ins([lists.replace(MONTH, month) for month in months for lists in self.periods])

    def list_request(
        self, url: str, *, number: int = 1, home: bool = False, patience: int = 0, walk: set[str] | None = None
    ) -> scrapy.Request:
        """Ask for a list of issues, a front page, or another page; the first two lead on to the pages of an issue."""
        home = home or number > 1 or self.canonical(url) in self.fronts
        return super().list_request(url, number=number, home=home, patience=patience, walk=walk)

    def read(self, response: Response) -> Page:
        """Read a list of issues, a page of an issue with the way to the issue before, or an article."""
        if b"<period_date>" in response.body[:4096]:
            return self._issues(response)
        page = super().read(response)
        if self.is_section(response.url):
            page.next_list = self._issue_before(page) if response.cb_kwargs.get("home") else ""
        elif response.cb_kwargs.get("home") and not any(self._day(link.url) for link in page.links):
            sent_on = (urljoin(response.url, found) for found in _SENT_ON.findall(response.text[:20_000]))
            page = _list_page(response.url, [Link(url) for url in sent_on if self.is_section(url)][:1])
        return page

    def further_lists(self, page: Page) -> list[str]:
        """Return the pages of the same issue; from a list of issues or an entry page, of the newest one wanted."""
        lists = super().further_lists(page)
        own = self._day(page.url)
        if own is not None and not self.selection.wants(page.url, ""):
            return []
        if own is not None:
            return [url for url in lists if self._day(url) == own and _folder(url) == _folder(page.url)]
        wanted = [url for url in lists if self.selection.wants(url, "")] or lists
        newest = max((day for url in wanted if (day := self._day(url))), default=None)
        pages = [url for url in wanted if self._day(url) == newest]
        for front in dict.fromkeys(map(_folder, pages)):
            self.fronts.setdefault(self.canonical(next(url for url in pages if _folder(url) == front)), "")
        return pages

    def _issues(self, response: Response) -> Page:
        """Read a month's list of issues (period.xml): links to their front pages, newest first."""
        fronts: dict[str, str] = {}
        for entry in _PERIOD.findall(response.body.decode("utf-8", "replace")):
            day, front = _PERIOD_DATE.search(entry), _FRONT_PAGE.search(entry)
            if day and front:
                fronts["-".join(day.groups())] = urljoin(response.url, f"{day[3]}/{front[1].rpartition('/')[2]}")
        ordered = [fronts[day] for day in sorted(fronts, reverse=True)]
        for url, before in zip(ordered, [*ordered[1:], ""], strict=True):
            self.fronts[self.canonical(url)] = before
        return _list_page(response.url, [Link(fronts[day], "", day) for day in sorted(fronts, reverse=True)])

    def _issue_before(self, page: Page) -> str:
        """Return the front page of the issue before a page's, "" where it is too old or not to be found."""
        before = self.fronts.get(self.canonical(page.url), "")
        if not before:
            linked = (link.url for link in page.links if _EARLIER.match(link.text) and self.is_section(link.url))
            before = next(linked, "")
        day, own = self._day(before), self._day(page.url)
        return before if day and own and self.first_day <= day < own else ""

    def _day(self, url: str) -> date | None:
        found = date_in_url(url) if url else None
        return found.day if found is not None and not found.month_only else None


def _list_page(url: str, links: Sequence[Link]) -> Page:
    return Page(url=url, kind="list", find_links=lambda: list(links))


def _folder(url: str) -> str:
    return url.rpartition("/")[0]


def _today() -> date:
    return clock.now().astimezone(clock.CHINA).date()
