"""The time line beside a search: articles found, or places a million characters, by day, month or year."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from newscrawl.search import frequency
from newscrawl.search.query import read_days
from newscrawl.search.schema import guarded
from newscrawl.web.asking import write_day

if TYPE_CHECKING:
    from newscrawl.search import SearchIndex

Period = Literal["day", "month", "year"]
_DIVISORS: dict[Period, int] = {"day": 1, "month": 100, "year": 10_000}
#: A span of up to so many months is shown by days, of up to so many by months, a longer one by years.
MONTHS_BY_DAY, MONTHS_BY_MONTH = 3, 72
#: Bars at most; the newest are kept.
MOST_BARS = 150


@dataclass(slots=True, frozen=True)
class Bar:
    """One period: its name, what stands for it, and its bounds as days."""

    period: str
    value: float
    since: str
    until: str


@dataclass(slots=True)
class Timeline:
    """Bars without gaps, in the order of time. `measure` is "articles" or "million"; `most` is the highest value."""

    by: Period
    measure: str
    bars: list[Bar] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    undated: int = 0

    @property
    def most(self) -> float:
        """The highest value, 0 where there is none."""
        return max((bar.value for bar in self.bars), default=0)


def choose_period(months: list[str]) -> Period:
    """Return by what a time line that covers these months ("2026-09") is best shown."""
    if not months:
        return "month"
    first, last = min(months), max(months)
    span = (int(last[:4]) - int(first[:4])) * 12 + int(last[5:7]) - int(first[5:7]) + 1
    return "day" if span <= MONTHS_BY_DAY else "month" if span <= MONTHS_BY_MONTH else "year"


def count_articles(index: SearchIndex, query: str, by: Period, *, stories: bool = False) -> Timeline:
    """Count the articles (or stories) that a query finds by period, from the index alone. Raises QueryError."""
    source, parameters = index.plan(query).source()
    what = "count(DISTINCT docs.story)" if stories else "count(*)"
    statement = f"SELECT docs.day / {_DIVISORS[by]} AS period, {what} {source} GROUP BY period"
    with guarded(index.path):
        rows = index.connection.execute(statement, parameters).fetchall()
    counts = {int(period): float(number) for period, number in rows}
    undated = int(counts.pop(0, 0))
    return Timeline(by, "articles", fill(counts, by), undated=undated)


def count_places(index: SearchIndex, query: str, by: Period, *, stories: bool = False) -> Timeline:
    """Count how often a phrase stands in a million characters of its period. Raises QueryError without words."""
    found = frequency(index, query, by=by, stories=stories)
    values = {int(point.period.replace("-", "")): point.per_million for point in found.points}
    return Timeline(by, "million", fill(values, by), notes=found.notes)


def fill(values: dict[int, float], by: Period) -> list[Bar]:
    """Return the bars of all periods from the first to the last, empty ones too; the newest MOST_BARS of them."""
    if not values:
        return []
    last, first = max(values), min(values)
    periods = [last]
    while periods[-1] > first and len(periods) < MOST_BARS:
        periods.append(before(periods[-1], by))
    bars = []
    for period in reversed(periods):
        name = _name(period, by)
        since, until = read_days(name)
        bars.append(Bar(name, values.get(period, 0), write_day(since), write_day(until)))
    return bars


def before(period: int, by: Period) -> int:
    """Return the period before one: a year, a month like 202609, a day like 20260923."""
    if by == "year":
        return period - 1
    if by == "month":
        return period - 1 if period % 100 > 1 else period - 100 + 11
    if period % 100 > 1:
        return period - 1
    month = before(period // 100, "month")
    return read_days(_name(month, "month"))[1]


def _name(period: int, by: Period) -> str:
    digits = f"{period:0{ {'day': 8, 'month': 6, 'year': 4}[by] }}"
    return "-".join(filter(None, (digits[:4], digits[4:6], digits[6:])))
