"""The time of day behind (or before) a date: 08:23, 下午3时05分, 13-24-16Z, 3:15 pm, 19:42:05.000+08:00."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newscrawl.text.dates_words import explicit_offset

if TYPE_CHECKING:
    from datetime import tzinfo

_PART = (
    r"(?P<part>凌晨|清晨|早上|早晨|上午|中午|正午|午后|下午|傍晚|晚上|晚间|深夜|半夜|午夜|夜间|夜里|夜晚|早间|今晨|今晚|早|晨|晚|夜"
    r"|[AaPp]\.?[Mm]\.?)"
)
_WEEKDAY = (
    r"(?:\(?(?:星期|周|礼拜|禮拜|週)[一二三四五六日天]\)?|\([一二三四五六日]\)"
    r"|\(?(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?\)?)"
)
_BEFORE = (
    rf"[\s,|/T_·-]{{0,6}}(?:{_WEEKDAY}[\s,|]{{0,4}})?(?:(?:发布|更新)?时间:?\s{{0,2}})?"
    r"(?:北京时间\s?|at\s{1,2}|on\s{1,2})?"
)
_AFTER_DATE = re.compile(
    rf"{_BEFORE}[(\[]?(?:{_PART}\s{{0,2}}:?)?(?P<hour>2[0-4]|[01]?\d)\s?"
    r"(?::\s?(?P<minute>[0-5]\d)(?!\d)(?:\s?:\s?(?P<second>[0-5]\d)(?!\d)(?:[.,]\d{1,9})?)?"
    r"|[时点](?:(?P<half>半)|(?P<quarter>整)|(?P<cminute>[0-5]?\d)(?!\d)(?:分(?:(?P<csecond>[0-5]?\d)秒)?)?)?"
    r"|[时点]\s?)"
)
#: The hour may stand glued to the minutes by hyphens only behind the T of ISO 8601.
_BROKEN_ISO = re.compile(r"T(?P<hour>[01]\d|2[0-3])-(?P<minute>[0-5]\d)-(?P<second>[0-5]\d)(?!\d)")
_MERIDIEM = re.compile(r"\s{0,2}([AaPp])\.?[Mm]\b")
_BEFORE_DATE = re.compile(
    r"(?<![\d:])([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?:\s?([AaPp])\.?[Mm]\.?)?[\s,|]{1,4}(?:on\s)?$"
)
_MORNING = ("凌晨", "清晨", "早", "晨", "上午", "今晨")
_NIGHT = frozenset({"深夜", "半夜", "午夜", "夜间", "夜里", "夜晚", "夜"})


@dataclass(slots=True)
class ClockTime:
    """A time of day as printed; hour 24 is midnight at the end of the day. `end` is where its text ends."""

    hour: int
    minute: int
    second: int
    precision: str
    zone: tzinfo | None
    end: int


def time_after(text: str, position: int) -> ClockTime | None:
    """Return the time of day that stands directly behind a date, None where there is none or it is impossible."""
    broken = _BROKEN_ISO.match(text, position)
    if broken:
        zone, end = explicit_offset(text, broken.end())
        return ClockTime(int(broken["hour"]), int(broken["minute"]), int(broken["second"]), "second", zone, end)
    match = _AFTER_DATE.match(text, position)
    if match is None:
        return None
    minute = match["minute"] or match["cminute"]
    second = match["second"] or match["csecond"]
    precision = "second" if second else "minute" if minute or match["half"] or match["quarter"] else "hour"
    end = match.end()
    part = match["part"] or ""
    meridiem = _MERIDIEM.match(text, end)
    if meridiem:
        part, end = meridiem[1] + "m", meridiem.end()
    if part == "上午" and match["minute"]:
        part = "AM"  # machines print midnight as 上午 12:05, people noon as 上午12时
    hour = _hour_of_day(int(match["hour"]), part)
    if hour is None:
        return None
    zone, end = explicit_offset(text, end) if precision != "hour" else (None, end)
    minutes = 30 if match["half"] else int(minute or 0)
    if hour == 24 and (minutes or int(second or 0)):
        return None
    return ClockTime(hour, minutes, int(second or 0), precision, zone, end)


def time_before(text: str, position: int) -> ClockTime | None:
    """Return the time of day that ends directly before a date ("19:42 2024-05-20"), None where there is none."""
    match = _BEFORE_DATE.search(text, max(0, position - 24), position)
    if match is None:
        return None
    precision = "second" if match[3] else "minute"
    hour = _hour_of_day(int(match[1]), match[4] + "m" if match[4] else "")
    if hour is None:
        return None
    return ClockTime(hour, int(match[2]), int(match[3] or 0), precision, None, position)


def _hour_of_day(hour: int, part: str) -> int | None:
    """Return the hour on the 24-hour clock for a part of the day; None where the two exclude each other."""
    if not part:
        return hour
    if part[0] in "AaPp":
        if not 1 <= hour <= 12:
            return hour if hour <= 24 else None
        return hour % 12 + (12 if part[0] in "Pp" else 0)
    if part.startswith(_MORNING):
        return 0 if hour == 12 and part == "凌晨" else hour
    if part in _NIGHT:
        return 24 if hour == 12 else hour + 12 if 6 <= hour < 12 else hour
    if part in {"中午", "正午", "午后"}:
        return hour + 12 if hour <= 3 else hour
    if hour == 12:
        return 12 if part == "下午" else 24
    return hour + 12 if hour < 12 else hour
