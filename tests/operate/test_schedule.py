"""When sites are due: intervals, cron expressions, the shift of each site."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.clock import CHINA
from newscrawl.crawl.schedule.expression import DEFAULT_JITTER, read_duration, read_schedule
from newscrawl.errors import WrongUseError

NOW = datetime(2026, 9, 23, 4, 0, tzinfo=UTC)
EXPRESSIONS = ["30m", "1h", "1d", "1w", "90m", "*/5 * * * *", "30 6 * * *", "0 20 * * 1-5", "0 0 1 * *", "@daily"]


@pytest.mark.parametrize("text", EXPRESSIONS)
@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    site=st.text("abcdefgh", min_size=1, max_size=6),
    now=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  the bounds of UTC
)
def test_due_times_follow_one_another(text: str, site: str, now: datetime) -> None:
    schedule = read_schedule(text, site)
    assert schedule is not None
    last, following = schedule.last_due(now), schedule.next_due(now)
    assert last <= now < following
    assert abs(schedule.last_due(following) - following) < timedelta(milliseconds=1)
    second = timedelta(seconds=1)
    assert abs(schedule.last_due(following - second) - last) < timedelta(milliseconds=1), "none lies between the two"


@pytest.mark.parametrize(
    ("text", "moment", "due"),
    [
        ("30 6 * * *", "2026-09-23T12:00", "2026-09-23T06:30"),
        ("30 6 * * *", "2026-09-23T06:29:59", "2026-09-22T06:30"),
        ("30 6 * * *", "2026-09-23T06:30", "2026-09-23T06:30"),
        ("0 20 * * 1-5", "2026-09-27T12:00", "2026-09-25T20:00"),
        ("0 0 29 2 *", "2026-09-27T12:00", "2024-02-29T00:00"),
        ("@hourly", "2026-09-27T12:59", "2026-09-27T12:00"),
    ],
)
def test_cron_times_are_those_of_the_portals_zone(text: str, moment: str, due: str) -> None:
    schedule = read_schedule(text, "甲", jitter=timedelta(0))
    assert schedule is not None
    found = schedule.last_due(datetime.fromisoformat(moment).replace(tzinfo=CHINA))
    assert found.astimezone(CHINA) == datetime.fromisoformat(due).replace(tzinfo=CHINA)


def test_sites_are_spread_and_each_keeps_its_place() -> None:
    names = [f"site{number}" for number in range(200)]
    hourly = [read_schedule("1h", name) for name in names]
    minutes = [schedule.shift.total_seconds() // 300 for schedule in hourly if schedule]
    assert set(minutes) == set(range(12)), "every tick of five minutes has something to do"
    assert max(minutes.count(tick) for tick in range(12)) < 2.5 * len(names) / 12
    assert hourly == [read_schedule("1h", name) for name in names]
    shifts = {schedule.shift for name in names if (schedule := read_schedule("0 6 * * *", name))}
    assert len(shifts) > 50
    assert max(shifts) < DEFAULT_JITTER


@pytest.mark.parametrize("text", ["", "never", "off", "manual", " Never "])
def test_sites_that_are_never_due(text: str) -> None:
    assert read_schedule(text, "site") is None


@pytest.mark.parametrize(
    "text", ["soon", "1y", "0m", "30s", "60 * * * *", "* * * *", "* * * * * *", "0 0 31 2 *", "@never", "1h 2h", "-1h"]
)
def test_what_is_no_schedule_is_told_in_one_line(text: str) -> None:
    with pytest.raises(WrongUseError, match="site") as caught:
        read_schedule(text, "site")
    assert "\n" not in str(caught.value)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.one_of(st.text(max_size=30), st.text("0123456789*/-, LW#jan", max_size=30)))
def test_any_text_is_a_schedule_or_told(text: str) -> None:
    try:
        schedule = read_schedule(text, "site")
    except WrongUseError:
        return
    if schedule is not None:
        assert schedule.last_due(NOW) <= NOW < schedule.next_due(NOW)


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("30m", 1800), ("6h", 21600), ("2d", 172800), ("0", 0)])
def test_durations(text: str, seconds: int) -> None:
    assert read_duration(text) == timedelta(seconds=seconds)
