"""Dates that need a reference: without a year (10-08 12:00, 1月4日下午) and relative (昨天 10:20, 3小时前, 今(9)日)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from newscrawl.text.dates_clock import ClockTime, time_after, time_before

if TYPE_CHECKING:
    from collections.abc import Callable

_MONTH = r"1[0-2]|0?[1-9]"
_DAY = r"3[01]|[12]\d|0?[1-9]"
_PARTS = r"凌晨|清晨|早上|早晨|上午|中午|午后|下午|傍晚|晚间|晚上|晚|夜"

_MONTH_DAY = re.compile(
    rf"(?:(?P<year>今年|去年|前年|本年)\s?|(?<![\d年/.]))(?P<m>{_MONTH})\s{{0,2}}月\s{{0,2}}(?P<d>{_DAY})"
    r"(?:(?!\d)|(?=(?:[01]?\d|2[0-4])[:时]))\s{0,2}[日号]?"
)
_NUMERIC = re.compile(
    rf"(?<![\d./-])(?<!\d:)(?P<m>{_MONTH})\s?[-/.]\s?(?P<d>{_DAY})(?:(?=\s{{1,3}}(?:[01]?\d|2[0-4]):[0-5]\d)|(?=(?:[01]\d|2[0-4]):[0-5]\d))"
)
_NUMERIC_ALONE = re.compile(
    r"^(?:\D{0,12}:)?[\s\[(]{0,3}(?:(?:[01]?\d|2[0-3]):[0-5]\d\s{1,3})?(?P<m>1[0-2]|0[1-9])[-/](?P<d>3[01]|[12]\d|0[1-9])[\s\])]{0,3}$"
)
_DAY_WORD = re.compile(
    r"(?P<word>大前[天日]|(?<![目之以此日年当提从先生眼空])前(?:[天日]|(?=[晚夜]))|昨[天日]?|(?<![的年])今[天日]?(?!头条|说法|关注|要闻|视点|推荐|新闻|导读|热|看点|聚焦|中国|美术|民族))(?P<part>凌晨|清晨|早上|早晨|上午|中午|午后|下午|傍晚|晚间|晚上|晨|早|晚|夜)?"
    rf"\s?(?:\((?:(?P<m>{_MONTH})月)?(?P<d>{_DAY})日?\)[天日]?)?"
)
_AGO = re.compile(
    r"(?P<count>\d{1,4}|半|几|\ban?(?=\s(?:year|month|week|day|hour|hr|min|sec)))\s?个?(?:半)?(?P<unit>秒钟?|分钟?|刻钟|小时|天|周|星期|(?<=个)月|years?|months?|weeks?|days?|hours?|hrs?|minutes?|mins?|seconds?|secs?)"
    r"\s?(?:之前|以前|前|ago)",
    re.IGNORECASE,
)
#: Not 刚刚过去的一年: the word must stand for itself.
_JUST_NOW = re.compile(r"(?:刚刚|刚才|just now)(?=$|\W|发布|更新|发表|阅读|评论)", re.IGNORECASE)
_THIS_MONTH = re.compile(rf"(?P<word>本月|上月|上个月|上個月)\s?(?P<d>{_DAY})\s?[日号]")
_WEEK = re.compile(r"(?P<word>上|本|这)(?:个)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])")
_DAY_ALONE = re.compile(rf"(?<![\d月./:年-])(?P<d>{_DAY})日(?=电|讯|消息|报道|{_PARTS})")
_SECONDS = {"秒": 1, "分": 60, "刻": 900, "小": 3600, "天": 86400, "周": 604800, "星": 604800}
_ENGLISH_SECONDS = {"s": 1, "mi": 60, "h": 3600, "d": 86400, "w": 604800}
_BACK = {"大前": 3, "前": 2, "昨": 1, "今": 0}


@dataclass(slots=True)
class Relative:
    """A moment or day found from a reference; `day` with an optional `clock`, or a complete `moment`."""

    start: int
    method: str
    precision: str
    day: date | None = None
    clock: ClockTime | None = None
    moment: datetime | None = None


def relative_date(text: str, reference: datetime) -> Relative | None:
    """Return the first year-less or relative date of a text that was made plain, None where there is none.

    A year-less day is the nearest one that is not after the reference's day.
    """
    finders: tuple[Callable[[str, datetime], Relative | None], ...] = (
        _month_day,
        _ago,
        _day_word,
        _this_month,
        _week_day,
        _day_alone,
    )
    found = [entry for finder in finders if (entry := finder(text, reference)) is not None]
    # a bare 今天 may be the name of a column; hours and minutes ago are never said but of a date
    return min(
        found, key=lambda entry: (entry.method == "relative-day" and entry.clock is None, entry.start), default=None
    )


def nearest_past(month: int, day: int, reference: date, *, years_back: int = 0) -> date | None:
    """Return the last day with this month and day of the month that is not after the reference.

    years_back: 0 for the nearest; 1 for 去年 (last year), 2 for 前年: then that very year.
    Returns None for a day that no year has.
    """
    years = [reference.year - years_back] if years_back else range(reference.year, reference.year - 9, -1)
    for year in years:
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= reference:
            return found
    return None


def _month_day(text: str, reference: datetime) -> Relative | None:
    for match in (*_first(_MONTH_DAY, text), *_first(_NUMERIC, text), *_first(_NUMERIC_ALONE, text)):
        back = {"去年": 1, "前年": 2}.get(match.groupdict().get("year") or "", 0)
        day = nearest_past(int(match["m"]), int(match["d"]), reference.date(), years_back=back)
        if day:
            return _with_clock(match.start(), "year-less", day, _clock_beside(text, match))
    return None


def _clock_beside(text: str, match: re.Match[str]) -> ClockTime | None:
    return time_after(text, match.end()) or time_before(text, match.start("m"))


def _day_word(text: str, reference: datetime) -> Relative | None:
    for match in _DAY_WORD.finditer(text):
        word = match["word"]
        if len(word) == 1 and not (match["part"] or match["d"]):
            continue  # 今 and 昨 alone are parts of other words
        day: date | None = reference.date() - timedelta(days=_BACK[word.rstrip("天日")])
        if match["d"]:
            # 今(9)日: the page says which day it means
            day = _named_day(match["m"], int(match["d"]), reference.date())
        if day is None:
            continue
        start = match.start("part") if match["part"] else match.end()
        clock = time_after(text, match.end()) if match["d"] else time_after(text, start)
        return _with_clock(match.start(), "relative-day", day, clock)
    return None


def _named_day(month: str | None, day: int, reference: date) -> date | None:
    """Return the nearest past day for a day of the month, in a given month or in this or the last one."""
    if month:
        return nearest_past(int(month), day, reference)
    for back in range(3):
        year, index = divmod(reference.year * 12 + reference.month - 1 - back, 12)
        try:
            found = date(year, index + 1, day)
        except ValueError:
            continue
        if found <= reference:
            return found
    return None


def _this_month(text: str, reference: datetime) -> Relative | None:
    match = _THIS_MONTH.search(text)
    if match is None:
        return None
    year, index = divmod(reference.year * 12 + reference.month - 1 - (match["word"] != "本月"), 12)
    try:
        day = date(year, index + 1, int(match["d"]))
    except ValueError:
        return None
    return (
        _with_clock(match.start(), "relative-day", day, time_after(text, match.end()))
        if day <= reference.date()
        else None
    )


def _week_day(text: str, reference: datetime) -> Relative | None:
    """Read 上周五 and 本周一: weeks begin on Monday."""
    match = _WEEK.search(text)
    if match is None:
        return None
    number = "一二三四五六日".find(match["day"].replace("天", "日"))
    day = reference.date() - timedelta(days=reference.weekday() - number + 7 * (match["word"] == "上"))
    if day > reference.date():
        return None
    return _with_clock(match.start(), "relative-day", day, time_after(text, match.end()))


def _day_alone(text: str, reference: datetime) -> Relative | None:
    match = _DAY_ALONE.search(text)
    day = _named_day(None, int(match["d"]), reference.date()) if match else None
    if match is None or day is None:
        return None
    return _with_clock(match.start(), "day-of-month", day, time_after(text, match.end()))


def _ago(text: str, reference: datetime) -> Relative | None:
    match = _JUST_NOW.search(text)
    if match:
        return Relative(match.start(), "relative", "minute", moment=reference)
    match = _AGO.search(text)
    if match is None or match["count"] == "几":
        return None
    unit = match["unit"].lower()
    count = {"半": 0.5, "a": 1.0, "an": 1.0}.get(match["count"].lower()) or float(match["count"])
    if unit.startswith(("month", "月")):
        return _months_ago(match.start(), int(count), reference)
    seconds = _SECONDS.get(unit[0]) or _ENGLISH_SECONDS.get(unit[0]) or _ENGLISH_SECONDS.get(unit[:2])
    if seconds is None or (count == 0.5 and seconds >= 86400):
        return None
    if "半" in match[0] and count >= 1:
        count += 0.5
    precision = "day" if seconds >= 86400 else "hour" if seconds == 3600 and count >= 1 else "minute"
    moment = reference - timedelta(seconds=count * seconds)
    if precision == "day":
        return Relative(match.start(), "relative", precision, day=moment.date())
    return Relative(match.start(), "relative", precision, moment=moment)


def _months_ago(start: int, count: int, reference: datetime) -> Relative | None:
    if not 1 <= count <= 24:
        return None
    year, index = divmod(reference.year * 12 + reference.month - 1 - count, 12)
    return Relative(start, "relative", "month", day=date(year, index + 1, 1))


def _with_clock(start: int, method: str, day: date, clock: ClockTime | None) -> Relative:
    return Relative(start, method, clock.precision if clock else "day", day=day, clock=clock)


def _first(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    match = pattern.search(text)
    return [match] if match else []
