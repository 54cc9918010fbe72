"""Absolute dates in a line: every written form of year, month and day that Chinese portals print."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_YEAR = r"(?:19|20)\d\d"
_MONTH = r"1[0-2]|0?[1-9]"
_DAY = r"3[01]|[12]\d|0?[1-9]"
#: After the day no digit may follow, unless it begins a time of day that was glued to it (2016-02-0606:39).
_END = r"(?:(?!\d)|(?=(?:[01]?\d|2[0-4])(?:[:时]|点\d)))"
MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = (
    r"(?P<{0}>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)

_YEAR_FIRST = re.compile(
    rf"(?<!\d)(?P<y>{_YEAR})(?:\s{{0,3}}[-/.·年]\s{{0,3}}|\s{{1,3}})(?P<m>{_MONTH})"
    rf"(?:\s{{0,3}}[-/.·月]\s{{0,3}}|\s{{1,3}}(?!\d\d?:))(?P<d>{_DAY}){_END}(?:\s{{0,2}}[日号])?"
    rf"|(?P<y2>{_YEAR})\s{{0,3}}年\s{{0,3}}(?P<m2>{_MONTH})\s{{0,3}}月\s{{0,3}}(?P<d2>{_DAY})\s{{0,3}}[日号]"
)
_COMPACT = re.compile(
    rf"(?<![\d.])(?<!\d-)(?P<y>{_YEAR})-?(?P<m>1[0-2]|0[1-9])(?P<d>3[01]|[12]\d|0[1-9])"
    r"(?:[ T_-]?(?P<H>[01]\d|2[0-3])(?P<M>[0-5]\d)(?P<S>[0-5]\d)?)?(?![\d])"
)
#: Numbers of eight digits that are no date: telephones, licences, numbers of documents.
_NUMBERED = re.compile(
    r"(?:电话|热线|传真|手机|[Qq]{2}|备|编号|文号|索引号|准字|许可证|证号|账号|[Ii][Dd]|[Nn][Oo]\.?)[^\d]{0,3}$"
)
#: A calendar sheet: the day above its month (15 / 2024-03).
_SHEET = re.compile(
    rf"(?<![\d:./-])(?P<d>3[01]|[12]\d|0[1-9])\s{{1,3}}(?P<y>{_YEAR})\s?[-/.年]\s?(?P<m>1[0-2]|0?[1-9])(?:\s?月)?"
    r"(?=\s{0,3}(?:$|[^\d\s]|\d\d?:))"
)
_REPUBLIC = re.compile(
    rf"(?:民国|民國|民(?=1\d\d)|(?<!\d)(?=1[01]\d\s?年))\s{{0,3}}(?P<y>\d{{1,3}})(?:\s{{0,3}}[-/.年]\s{{0,3}})(?P<m>{_MONTH})(?:\s{{0,3}}[-/.月]\s{{0,3}})"
    rf"(?P<d>{_DAY}){_END}(?:\s{{0,2}}日)?"
    rf"|^(?:\D{{0,12}}:)?\s{{0,3}}(?P<y2>1[01]\d)(?P<s>[-/.])(?P<m2>1[0-2]|0[1-9])(?P=s)(?P<d2>3[01]|[12]\d|0[1-9])(?![\d./-])"
)
_DAY_FIRST = re.compile(rf"(?<![\d.:/-])(?P<a>{_DAY})(?P<s>[./-]|\s{{1,2}})(?P<b>{_DAY})(?P=s)(?P<y>{_YEAR})(?![\d])")
_ENGLISH = re.compile(
    rf"\b{_NAME.format('n1')}[\s-]{{0,2}}(?P<d1>{_DAY})(?:st|nd|rd|th)?,?[\s-]{{1,3}}(?P<y1>{_YEAR})(?!\d)"
    rf"|(?<!\d)(?P<d2>{_DAY})(?:st|nd|rd|th)?[\s-]{{1,3}}{_NAME.format('n2')},?[\s-]{{1,3}}(?P<y2>{_YEAR})(?!\d)"
    rf"|(?<!\d)(?P<y3>{_YEAR})[\s-]{{1,3}}{_NAME.format('n3')}[\s-]{{1,3}}(?P<d3>{_DAY})(?!\d)",
    re.IGNORECASE,
)
#: "Mon May 20 01:01:06 2024" and "... CST 2024": the year stands behind the time (asctime, JavaScript and Java).
_ASCTIME = re.compile(
    rf"\b{_NAME.format('n')}\s{{1,2}}(?P<d>{_DAY})\s{{1,2}}(?P<H>[01]?\d|2[0-3]):(?P<M>[0-5]\d):(?P<S>[0-5]\d)"
    rf"\s{{1,2}}(?:(?P<z>CST|UTC|GMT)\s{{1,2}}|(?P<z2>[+-]\d{{4}})\s{{1,2}})?(?P<y>{_YEAR})(?!\d)"
)
_MONTH_ONLY = re.compile(
    rf"(?<!\d)(?P<y>{_YEAR})\s{{0,3}}年\s{{0,3}}(?P<m>{_MONTH})\s{{0,2}}月(?!\s{{0,3}}\d)"
    rf"|^\s{{0,3}}(?P<y2>{_YEAR})[-/.](?P<m2>{_MONTH})\s{{0,3}}$"
)


@dataclass(slots=True)
class DayMatch:
    """A calendar day found in a text between two positions; `clock` is a time written within the same run of digits."""

    day: date
    start: int
    end: int
    method: str
    clock: tuple[int, int, int | None] | None = None
    zone: str = ""
    month_only: bool = False


def absolute_days(text: str, *, limit: int = 16) -> Iterator[DayMatch]:
    """Yield the absolute days of a text that was made plain, in the surest form that it has, at most `limit`.

    Impossible days (2023-02-30) and days that can be read in two ways (03/04/2020) are not yielded.
    """
    for find in (_year_first, _english, _compact, _republic, _day_first, _sheet):
        found = list(islice(find(text), limit))
        if found:
            yield from found
            return


def month_only(text: str) -> DayMatch | None:
    """Return the first month that stands without a day (2024年5月) as its first day, None where there is none."""
    for match in _MONTH_ONLY.finditer(text):
        day = _day(match["y"] or match["y2"], match["m"] or match["m2"], "1")
        if day:
            return DayMatch(day, match.start(), match.end(), "month", month_only=True)
    return None


def _day(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _year_first(text: str) -> Iterator[DayMatch]:
    for match in _YEAR_FIRST.finditer(text):
        day = _day(match["y"] or match["y2"], match["m"] or match["m2"], match["d"] or match["d2"])
        if day:
            yield DayMatch(day, match.start(), match.end(), "absolute")


def _compact(text: str) -> Iterator[DayMatch]:
    for match in _COMPACT.finditer(text):
        day = _day(match["y"], match["m"], match["d"])
        if day and not _NUMBERED.search(text, max(0, match.start() - 8), match.start()):
            clock = (int(match["H"]), int(match["M"]), int(match["S"]) if match["S"] else None) if match["H"] else None
            yield DayMatch(day, match.start(), match.end(), "compact", clock)


def _republic(text: str) -> Iterator[DayMatch]:
    if not re.search(r"民[国國1]|1[01]\d\s?[-/.年]", text):
        return
    for match in _REPUBLIC.finditer(text):
        # the Republic of China counts from 1912
        day = _day(int(match["y"] or match["y2"]) + 1911, match["m"] or match["m2"], match["d"] or match["d2"])
        if day:
            yield DayMatch(day, match.start(), match.end(), "republic")


def _day_first(text: str) -> Iterator[DayMatch]:
    for match in _DAY_FIRST.finditer(text):
        first, second = int(match["a"]), int(match["b"])
        if second > 12 >= first:
            day = _day(match["y"], first, second)
        elif first > 12 or first == second or match["s"] in {".", " "}:
            day = _day(match["y"], second, first)  # dots and spaces are the day-first custom
        else:
            day = None  # 03/04/2020 has two readings
        if day:
            yield DayMatch(day, match.start(), match.end(), "day-first")


def _sheet(text: str) -> Iterator[DayMatch]:
    for match in _SHEET.finditer(text):
        day = _day(match["y"], match["m"], match["d"])
        if day:
            yield DayMatch(day, match.start(), match.end(), "absolute")


def _english(text: str) -> Iterator[DayMatch]:
    if not re.search(r"[A-Za-z]{3}", text):
        return
    for match in _ASCTIME.finditer(text):
        day = _day(match["y"], MONTH_NAMES.index(match["n"][:3].lower()) + 1, match["d"])
        if day:
            clock = (int(match["H"]), int(match["M"]), int(match["S"]))
            yield DayMatch(day, match.start(), match.end(), "english", clock, match["z"] or match["z2"] or "")
    for match in _ENGLISH.finditer(text):
        year, name, number = next(
            (match["y" + form], match["n" + form], match["d" + form]) for form in "123" if match["n" + form]
        )
        day = _day(year, MONTH_NAMES.index(name[:3].lower()) + 1, number)
        if day:
            yield DayMatch(day, match.start(), match.end(), "english")
