"""When a stored article is looked at again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.crawl.frontier.revisit import FACTORS, LONGEST, LOOKS, RETIREMENT, SHORTEST, RevisitRate, next_look

NOW = datetime(2026, 9, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("age", "factor", "pause"),
    [
        (timedelta(0), 1.0, SHORTEST),
        (timedelta(minutes=10), 1.0, SHORTEST),
        (2 * HOUR, 1.0, HOUR),
        (2 * HOUR, 0.25, HOUR / 4),
        (48 * HOUR, 1.0, 24 * HOUR),
        (48 * HOUR, 8.0, 192 * HOUR),
        (timedelta(days=50), 1.0, LONGEST),
        (RETIREMENT, 1.0, LONGEST),
        (RETIREMENT + HOUR, 1.0, None),
    ],
)
def test_the_pause_grows_with_age(age: timedelta, factor: float, pause: timedelta | None) -> None:
    expected = NOW + pause if pause is not None else None
    assert next_look(NOW - age, NOW - age, NOW, factor) == expected


def test_an_article_is_as_old_as_it_says_or_as_it_is_known() -> None:
    old = NOW - 10 * HOUR
    assert next_look(old, NOW, NOW, 1.0) == NOW + 5 * HOUR
    assert next_look(None, old, NOW, 1.0) == NOW + 5 * HOUR
    assert next_look(NOW + 100 * HOUR, old, NOW, 1.0) == NOW + 5 * HOUR, "a date in the future is not believed"


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.integers(0, 10**7), st.floats(*FACTORS))
def test_the_pause_keeps_its_bounds(seconds: int, factor: float) -> None:
    found = next_look(None, NOW - timedelta(seconds=seconds), NOW, factor)
    assert (found is None) == (timedelta(seconds=seconds) > RETIREMENT)
    if found is not None:
        assert SHORTEST <= found - NOW <= LONGEST


@pytest.mark.parametrize(("changes", "factor"), [(0, 2.0), (2, 1.0), (4, 0.5), (LOOKS, 0.5)])
def test_a_site_earns_its_factor(changes: int, factor: float) -> None:
    rate = RevisitRate()
    for number in range(LOOKS):
        assert rate.factor == 1.0
        rate.learn(changed=number < changes)
    assert (rate.factor, rate.looks, rate.changes) == (factor, 0, 0)


@pytest.mark.parametrize(("changed", "bound"), [(True, FACTORS[0]), (False, FACTORS[1])])
def test_the_factor_keeps_its_bounds(*, changed: bool, bound: float) -> None:
    rate = RevisitRate()
    for _ in range(20 * LOOKS):
        rate.learn(changed=changed)
    assert rate.factor == bound
