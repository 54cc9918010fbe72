"""The date in the address of an article: the path patterns of the CMS families of Chinese portals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote, urlsplit

from newscrawl.text.dates_grammar import MONTH_NAMES

#: Portals are younger than 1990; other four digits of a path are numbers.
_Y = r"(?P<y>(?:199|20\d)\d)"
_M2 = r"(?P<m>1[0-2]|0[1-9])"
_D2 = r"(?P<d>3[01]|[12]\d|0[1-9])"
_M = r"(?P<m>1[0-2]|0?[1-9])"
_D = r"(?P<d>3[01]|[12]\d|0?[1-9])"

#: Most exact first. Each line of the table is one family: TRS t20230104_, Founder /2023-01/04/, system /2023/01/04/ ...
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"/t{_Y}{_M2}{_D2}_s?[\da-f]",  # TRS WCM: /202301/t20230104_123.html, t20260823_s6a8a4b10e4b0….shtml
        rf"/{_Y}-{_M}/{_D}(?=/)",  # Founder: /2023-01/04/content_1.htm, Xinhua: /2019-02/04/c_1.htm
        rf"/{_Y}/{_M2}-?{_D2}(?=/)",  # People's Daily /n1/2022/0811/, China News /gn/2019/09-07/
        rf"/{_Y}/{_M}/{_D}(?=[/_.-])",  # /system/2012/02/03/, WordPress
        rf"/{_Y}-{_M}-{_D}(?=[/_.-]|$)",  # EmpireCMS /baoliao/2023-01-04/81691.html
        rf"/{_Y}_{_M}_{_D}(?=[/_.-]|$)",
        rf"/{_Y}{_M2}{_D2}(?=[/_.-]|$)",  # /a/20230104/
        rf"/{_Y}{_M2}/{_D2}(?=/)",  # /201909/07/WS5d.html
        rf"/{_Y}/[a-z][a-z0-9]{{0,30}}_{_M2}{_D2}(?=/\d)",  # PHPCMS: /2026/gaochun_0710/870661.html
        # a year over the channels, the day below them: /2026/list/ffyq/sip_yqyw/0730/514l7Mg1.html
        rf"/{_Y}/(?:[a-z][a-z_]{{0,40}}/){{1,5}}{_M2}{_D2}(?=/\w+\.s?html?$)",
        # 142834_20201229025922.html, 201901281276.html
        rf"[/_-]{_Y}{_M2}{_D2}(?=[A-Z_-]|\d{{1,8}}(?!\d))(?=[\w-]{{0,32}}(?:\.s?html?|$|/))",
        rf"[-_]{_Y}-{_M2}-{_D2}(?:-\d\d){{2,3}}(?=[/.]|$)",  # Joomla: /40756-2020-03-13-05-47-00
        rf"/[A-Za-z]{{0,12}}_?{_Y}-{_M2}-{_D2}(?!\d)",
    )
)
#: NetEase writes two digits of the year: /19/0907/12/EOFXXXXX00018AOR.html
_NETEASE = re.compile(rf"/(?P<y>[01]\d|2\d)/{_M2}{_D2}/(?:[01]\d|2[0-3])/[0-9A-Z]{{16}}")
_MONTH = re.compile(rf"/{_Y}(?:[-/]?{_M2})(?=/)")
_ENGLISH = re.compile(
    rf"/{_Y}/(?:new/)?(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*/{_D}(?=[/.])", re.IGNORECASE
)
_TWO_DIGITS = re.compile(r"\d\d")
MAX_URL = 2000


@dataclass(slots=True, frozen=True)
class UrlDate:
    """The date that an address carries; month_only where the path names no day (then it is the first)."""

    day: date
    month_only: bool = False


def date_in_url(url: str) -> UrlDate | None:
    """Return the date in the path of an address, None where there is none.

    Query strings are not read (they carry the date of the request as often as that of the article).
    """
    try:
        path = unquote(urlsplit(url[:MAX_URL]).path)
    except ValueError:
        return None
    if _TWO_DIGITS.search(path) is None:
        return None
    for pattern in _PATTERNS:
        for match in pattern.finditer(path):
            found = _day(int(match["y"]), int(match["m"]), int(match["d"]))
            if found:
                return UrlDate(found)
    return _rare(path)


def _rare(path: str) -> UrlDate | None:
    match = _ENGLISH.search(path)
    if match:
        found = _day(int(match["y"]), MONTH_NAMES.index(match["name"].lower()) + 1, int(match["d"]))
        return UrlDate(found) if found else None
    match = _NETEASE.search(path)
    if match:
        found = _day(2000 + int(match["y"]), int(match["m"]), int(match["d"]))
        return UrlDate(found) if found else None
    match = _MONTH.search(path)
    found = _day(int(match["y"]), int(match["m"]), 1) if match else None
    return UrlDate(found, month_only=True) if found else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
