"""Rank what a page says about its date, and settle when the article was published and when it was changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from newscrawl import clock
from newscrawl.text.dates import ParsedDate, date_in_url, is_modified_label, parse_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.items import Article

#: Chinese portals print China's time without naming it.
ZONE = "Asia/Shanghai"
#: No portal is older than the Chinese Internet.
FIRST_YEAR = 1994
#: Clocks of servers differ, and editors date the page of the next morning.
SLACK = timedelta(hours=26)

#: A year-less day is looked for up to this long after the date that the page gives elsewhere.
HALF_YEAR = timedelta(days=182)
_BODY = frozenset({"head", "tail"})
#: A line of the body that is longer than this is no meta line; datelines stand within it.
_META_LINE = 60
_DATELINE = re.compile(r"\d日\s?(?:电|電|讯|訊|消息|专电|專電)")

_RANK = {"second": 4, "minute": 3, "hour": 2, "day": 1, "month": 0}
#: How far each origin is trusted for the DAY; the visible line is what editors look at, a list is next to last.
_TRUST = {"line": 6.0, "jsonld": 5.5, "meta": 5.0, "time": 4.5, "head": 4.0, "url": 3.5, "list": 3.0, "tail": 2.0}
#: Dates of these <meta> names are those of the page or its template, not of the article.
_WEAK_META = ("build", "crawl", "copyright", "expires", "revised", "date")


@dataclass(slots=True, frozen=True)
class _Reading:
    """One candidate that could be read."""

    origin: str
    parsed: ParsedDate
    trust: float
    day: str
    updated: bool = False


def read_dates(article: Article) -> None:
    """Set published, published_day, published_precision, published_method and modified from the page's candidates.

    Agreeing candidates raise the precision; a contradiction is noted in `article.notes`. Dates before 1994 or later
    than the fetch (one day of slack) are refused. The time of fetching is only what relative words count from.
    """
    latest = (article.fetched_at or clock.now()) + SLACK
    readings = [entry for entry in _readings(article) if _possible(entry.parsed, latest)]
    best = _best(readings)
    if best is not None:
        article.published = best.parsed.value.astimezone(UTC)
        article.published_day = best.day if best.parsed.precision != "month" else ""  # no day is made up
        # midnight to the second is a day that a machine has padded
        padded = _midnight(best.parsed) and best.parsed.precision != "month"
        article.published_precision = "day" if padded else best.parsed.precision
        article.published_method = f"{best.origin}:{best.parsed.method}"
        if best.updated:
            article.notes.append("published is what the page calls its update")
        _note_contradictions(article, best, readings)
    article.modified = _modified(article, latest)


def _readings(article: Article) -> list[_Reading]:
    texts = [(entry.origin, entry.text) for entry in article.candidates if entry.field == "date"]
    if article.published_raw and not texts:  # an article that was made without a page
        texts = [("line", article.published_raw)]
    found = _from_url(article)
    open_texts: list[tuple[str, str]] = []
    for origin, text in texts:
        if origin == "url" or (origin in _BODY and not _tells_publication(text)):
            continue
        parsed = parse_date(text, tz=ZONE)
        if parsed is None:
            open_texts.append((origin, text))
        else:
            found.append(_reading(origin, text, parsed))
    known = max(found, key=lambda entry: entry.trust, default=None)
    for origin, text in open_texts:
        parsed = _with_reference(origin, text, article.fetched_at, known)
        if parsed is not None:
            found.append(_reading(origin, text, parsed))
    return found


def _reading(origin: str, text: str, parsed: ParsedDate) -> _Reading:
    updated = is_modified_label(text)
    return _Reading(origin, parsed, _trust(origin) - (3.0 if updated else 0.0), _china_day(parsed), updated)


def _china_day(parsed: ParsedDate) -> str:
    return parsed.value.astimezone(clock.CHINA).date().isoformat()


def _from_url(article: Article) -> list[_Reading]:
    in_url = date_in_url(article.canonical_url or article.url) or date_in_url(article.url)
    if in_url is None:
        return []
    value = datetime(in_url.day.year, in_url.day.month, in_url.day.day, tzinfo=clock.CHINA)
    parsed = ParsedDate(value, "month" if in_url.month_only else "day", "url")
    return [_Reading("url", parsed, 0.5 if in_url.month_only else _TRUST["url"], _china_day(parsed))]


def _with_reference(origin: str, text: str, fetched_at: datetime | None, known: _Reading | None) -> ParsedDate | None:
    """Read a text that lacks its year or is relative.

    A year-less day takes the year from what the page says elsewhere (an old page may be fetched today), else from the
    time of fetching; relative words count from the time of fetching, and in a body from nothing that is known here.
    """
    parsed = None if fetched_at is None or origin in _BODY else parse_date(text, reference=fetched_at, tz=ZONE)
    if known is None or (parsed is not None and parsed.method != "year-less"):
        return parsed
    latest = known.parsed.value + HALF_YEAR
    again = parse_date(text, reference=min(latest, fetched_at) if fetched_at else latest, tz=ZONE)
    if again is None or again.method != "year-less":
        return parsed
    if origin in _BODY and again.value.strftime("%Y-%m") != known.parsed.value.strftime("%Y-%m"):
        return None
    return again


def _tells_publication(text: str) -> bool:
    """Tell whether a line of the body is about its own date: a line without a sentence, or a dateline.

    Dates in running text are those of the events.
    """
    return ("。" not in text and len(text) <= _META_LINE) or _DATELINE.search(text[:_META_LINE]) is not None


def _trust(origin: str) -> float:
    kind, _, name = origin.partition(":")
    trust = _TRUST.get(kind, 2.5)
    if kind == "meta" and name.lower() in _WEAK_META:
        trust -= 2.0
    return trust


def _possible(parsed: ParsedDate, latest: datetime) -> bool:
    return parsed.value.year >= FIRST_YEAR and parsed.value <= latest


def _best(readings: list[_Reading]) -> _Reading | None:
    """Return the most precise reading of the day that is best attested."""
    if not readings:
        return None
    days = {entry.day for entry in readings if entry.parsed.precision != "month"}
    if not days:
        return max(readings, key=lambda entry: entry.trust)
    day = max(sorted(days), key=lambda day: _support(day, readings))
    agreeing = [entry for entry in readings if entry.day == day and entry.parsed.precision != "month"]
    timed = [entry for entry in agreeing if not _midnight(entry.parsed)]
    return max(timed or agreeing, key=lambda entry: (_RANK[entry.parsed.precision] if timed else 0, entry.trust))


def _midnight(parsed: ParsedDate) -> bool:
    """Tell whether a time is 00:00:00: a day that a machine has padded."""
    value = parsed.value
    return not (value.hour or value.minute or value.second)


def _support(day: str, readings: Iterable[_Reading]) -> float:
    """Return the best trust among the readings of a day, raised a little by every other kind of origin that agrees."""
    by_kind: dict[str, float] = {}
    for entry in readings:
        if entry.parsed.precision == "month" and entry.day[:7] == day[:7]:
            by_kind["month"] = 0.0
        elif entry.day == day and entry.parsed.precision != "month":
            kind = entry.origin.partition(":")[0]
            by_kind[kind] = max(by_kind.get(kind, 0.0), entry.trust)
    return max(by_kind.values()) + 0.6 * (len(by_kind) - 1)


def _note_contradictions(article: Article, best: _Reading, readings: list[_Reading]) -> None:
    """Record the days that differ by more than one from the chosen day, of origins that speak of the article only.

    <time> elements and lines of the body often date something else on the page.
    """
    for entry in readings:
        if entry.parsed.precision == "month" or entry.origin in {"time", "head", "tail"}:
            continue
        if abs(entry.parsed.value - best.parsed.value) <= timedelta(days=1):
            continue
        note = f"date contradicted: {entry.origin} says {entry.day}"
        if note not in article.notes:
            article.notes.append(note)


def _modified(article: Article, latest: datetime) -> datetime | None:
    """Return when the page says it was changed: the latest of its own statements, not before publication."""
    found: list[datetime] = []
    for entry in article.candidates:
        if entry.field == "modified" or (entry.field == "date" and is_modified_label(entry.text)):
            parsed = parse_date(entry.text, reference=article.fetched_at, tz=ZONE)
            if parsed and parsed.precision != "month" and _possible(parsed, latest):
                found.append(parsed.value.astimezone(UTC))
    newest = max(found, default=None)
    if newest is None or (article.published is not None and newest < article.published):
        return None
    return newest
