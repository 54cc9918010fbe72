"""Read the date of a line of a Chinese news page: what it says or None, with its precision and how it was read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

from newscrawl.text.dates_clock import ClockTime, time_after, time_before
from newscrawl.text.dates_grammar import DayMatch, absolute_days, month_only
from newscrawl.text.dates_relative import relative_date
from newscrawl.text.dates_url import UrlDate, date_in_url
from newscrawl.text.dates_words import (
    arabic,
    explicit_offset,
    has_chinese_numerals,
    named_zone,
    names_foreign_zone,
    plain,
    zone,
)

__all__ = ["ParsedDate", "Precision", "UrlDate", "date_in_url", "is_modified_label", "parse_date"]

Precision = Literal["second", "minute", "hour", "day", "month"]

#: A date line is short; of a longer text only the beginning is read.
MAX_TEXT = 4000
_PUBLISHED = re.compile(
    r"(?:发布|發布|发表|發表|刊登|刊载|刊發|刊发|上传|上線|上线|发稿|發稿|时间|時間|日期|publish|date)[^\d]{0,8}$",
    re.IGNORECASE,
)
_MODIFIED = re.compile(r"(?:更新|修改|修订|修訂|编辑于|编辑时间|updated?|modified)[^\d]{0,8}$", re.IGNORECASE)
#: "2024-03-18 09:00 修改"; not 编辑：王小明.
_MODIFIED_AFTER = re.compile(r"[\s\d:]{0,12}(?:更新|修改|编辑)(?!时间|日期|\s?[:/|])")
_PUBLISHED_AFTER = re.compile(r"[\s\d:]{0,12}(?:首次)?(?:发布|发表|刊登|上传)(?!时间|日期|\s?[:/|])")
_CHANGE = re.compile(r"更新|修改|修订|updated|modified", re.IGNORECASE)
_RELEASE = re.compile(r"发布|发表|刊登")
#: A date behind these words belongs to something else: reading, deadline, print run, visit.
_OTHER = re.compile(
    r"(?:截止|截至|有效期|成文|印发|实施|施行|生效|制定|成立|创刊|访问|訪問|今天是|现在是|當前時間|当前时间|至)[^\d]{0,6}$"
)
_EPOCH = re.compile(r"^\s*(\d{10})(\d{3})?\s*$")
_HAS_DIGIT = re.compile(r"[0-9\uff10-\uff19]")
_HAS_WORD = re.compile(r"[刚剛昨今当當前周]|星期|just now|ago|yesterday|last", re.IGNORECASE)
#: What is left to dateparser: English relative words, and a line that is nothing but a weekday with or without a time.
_LAST_RESORT = re.compile(
    r"\b(?:yesterday|last|ago)\b|^\W*(?:星期|周)[一二三四五六日天]\s*(?:\d{1,2}:\d{2})?\W*$", re.IGNORECASE
)
_LAST_RESORT_LENGTH = 40
_CLOCK_WORD = re.compile(r"\d:\d\d|\d\s?[ap]\.?m\b", re.IGNORECASE)
_RUNNING_TEXT = re.compile(r"[,。;]")


@dataclass(slots=True, frozen=True)
class ParsedDate:
    """A moment as printed: `value` is aware; below `precision` its parts are zero (day 1 for a month).

    method: absolute, compact, republic, english, day-first, epoch, url, month, year-less, relative, relative-day,
    day-of-month or dateparser; "numerals" in front where Chinese numerals were read.
    """

    value: datetime
    precision: Precision
    method: str


def parse_date(text: str, *, reference: datetime | None = None, tz: str = "Asia/Shanghai") -> ParsedDate | None:
    """Return the date that a text states, None where it states none for certain.

    text: a line, a meta value, an address; only its first 4,000 characters are read. Of several dates the one labelled
    as publication wins, then the first one.
    reference: what year-less and relative forms count from (naive: in tz); without it they give None.
    tz: IANA name of the zone the line is written in; an offset or a zone named in the text goes before it.
    Raises zoneinfo.ZoneInfoNotFoundError for an unknown zone name.
    """
    local = zone(tz)
    text = plain(text[:MAX_TEXT])
    if not _HAS_DIGIT.search(text) and not has_chinese_numerals(text) and not _HAS_WORD.search(text):
        return None
    epoch = _EPOCH.match(text)
    if epoch:
        return _from_epoch(int(epoch[1]), local)
    if text.lstrip().startswith(("http://", "https://", "/")) and " " not in text.strip():
        return _from_url(text.strip(), local)
    found, start = _absolute(text, local)
    if (found is None or found.precision == "day") and has_chinese_numerals(text):
        digits = arabic(text)
        read, begin = _absolute(digits, local)
        if found is None:
            text, start = digits, begin
        if read and (found is None or (read.value.date() == found.value.date() and read.precision != "day")):
            found = ParsedDate(read.value, read.precision, "numerals " + read.method)
    if reference is not None and (found is None or _RUNNING_TEXT.search(text, 0, start)):
        found = _from_reference(text[:start], reference, local) or found or _last_resort(text, reference, local)
    if found is None:
        month = month_only(text)
        if month:
            return ParsedDate(datetime.combine(month.day, time(), local), "month", "month")
    return found


def is_modified_label(text: str) -> bool:
    """Tell whether a line gives the time of a change (更新, 修改) and none of publication."""
    text = plain(text[:200])
    return _CHANGE.search(text) is not None and _RELEASE.search(text) is None


def _from_epoch(seconds: int, local: tzinfo) -> ParsedDate | None:
    """Seconds since 1970; only the years 1990 to 2037, other ten-digit numbers are ids and telephones."""
    if not 631_152_000 <= seconds <= 2_145_916_800:
        return None
    return ParsedDate(datetime.fromtimestamp(seconds, UTC).astimezone(local), "second", "epoch")


def _from_url(url: str, local: tzinfo) -> ParsedDate | None:
    found = date_in_url(url)
    if found is None:
        return None
    return ParsedDate(datetime.combine(found.day, time(), local), "month" if found.month_only else "day", "url")


def _absolute(text: str, local: tzinfo) -> tuple[ParsedDate | None, int]:
    """Return the absolute date that fits best and where it starts (the end of the text when there is none).

    A labelled date counts as the first thing the line says: its start is 0.
    """
    best: tuple[int, int, DayMatch] | None = None
    for order, found in enumerate(absolute_days(text)):
        before = text[max(0, found.start - 16) : found.start]
        if _OTHER.search(before):
            rank = 3
        elif _PUBLISHED_AFTER.match(text, found.end):
            rank = 0
        elif _MODIFIED.search(before) or _MODIFIED_AFTER.match(text, found.end):
            rank = 2
        else:
            rank = 0 if _PUBLISHED.search(before) else 1
        position = found.start if rank else order
        if best is None or (rank, position) < best[:2]:
            best = (rank, position, found)
    if best is None:
        return None, len(text)
    return _complete(text, best[2], local), best[2].start if best[0] else 0


def _complete(text: str, found: DayMatch, local: tzinfo) -> ParsedDate:
    """Join a day with the time of day beside it."""
    if found.clock:
        hour, minute, second = found.clock
        offset = None
        if found.zone:
            offset = local if found.zone == "CST" else explicit_offset(found.zone, 0)[0]
        else:
            offset = explicit_offset(text, found.end)[0]
        clock = ClockTime(hour, minute, second or 0, "minute" if second is None else "second", offset, found.end)
    else:
        after = time_after(text, found.end)
        clock_or_none = after or time_before(text, found.start)
        if clock_or_none is None:
            return ParsedDate(datetime.combine(found.day, time(), local), "day", found.method)
        clock = clock_or_none
    return _join(text, found.day, clock, found.method, local)


def _join(text: str, day: date, clock: ClockTime, method: str, local: tzinfo) -> ParsedDate:
    if clock.zone is None and names_foreign_zone(text):
        return ParsedDate(datetime.combine(day, time(), local), "day", method)
    where = clock.zone or named_zone(text) or local
    moment = datetime.combine(day, time(clock.hour % 24, clock.minute, clock.second), where)
    if clock.hour == 24:
        moment += timedelta(days=1)
    return ParsedDate(moment, _precision(clock.precision), method)


def _precision(name: str) -> Precision:
    for known in ("second", "minute", "hour", "day", "month"):
        if name == known:
            return known
    raise ValueError(f"no such precision: {name}")


def _from_reference(text: str, reference: datetime, local: tzinfo) -> ParsedDate | None:
    here = reference.replace(tzinfo=local) if reference.tzinfo is None else reference.astimezone(local)
    found = relative_date(text, here)
    if found is None:
        return None
    if found.moment is not None:
        return ParsedDate(found.moment, _precision(found.precision), found.method)
    if found.day is None:
        return None
    if found.clock is not None:
        return _join(text, found.day, found.clock, found.method, local)
    return ParsedDate(datetime.combine(found.day, time(), local), _precision(found.precision), found.method)


def _last_resort(text: str, reference: datetime, local: tzinfo) -> ParsedDate | None:
    """Ask dateparser about the few relative words that the grammar leaves out; it may not guess anything else.

    A weekday that is the reference's own has two readings (today, a week ago) and is refused.
    """
    if len(text) > _LAST_RESORT_LENGTH or not _LAST_RESORT.search(text):
        return None
    import dateparser

    here = reference.replace(tzinfo=local) if reference.tzinfo is None else reference.astimezone(local)
    settings = {"RELATIVE_BASE": here.replace(tzinfo=None), "PREFER_DATES_FROM": "past"}
    guess = dateparser.parse(text, languages=["zh", "en"], settings=settings)
    if guess is None or guess.tzinfo is not None:
        return None
    days = here.date() - guess.date()
    if not timedelta(0) <= days <= timedelta(days=366) or (("周" in text or "星期" in text) and days.days % 7 == 0):
        return None
    if not _CLOCK_WORD.search(text):
        return ParsedDate(datetime.combine(guess.date(), time(), local), "day", "dateparser")
    return ParsedDate(guess.replace(second=0, microsecond=0, tzinfo=local), "minute", "dateparser")
