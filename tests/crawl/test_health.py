"""A run against its site's own history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from newscrawl.crawl.monitoring.health import changes_for_the_worse, health_of
from newscrawl.items import RunRecord

START = datetime(2026, 9, 1, tzinfo=UTC)
FULL = {"title": 1.0, "body": 1.0, "published": 0.95, "source": 0.8}


def run(number: int, verdict: str = "ok", *, trigger: str = "cli", **values: object) -> RunRecord:
    record = RunRecord(id=f"run-{number}", site="a", started=START + timedelta(hours=number), trigger=trigger)
    record.verdict, record.finished = verdict, record.started + timedelta(minutes=1)
    record.counts, record.coverage = {"items": 20, "new": 20}, dict(FULL)
    for name, value in values.items():
        setattr(record, name, value)
    return record


HISTORY = [run(number) for number in range(9, 0, -1)]


@pytest.mark.parametrize(
    ("values", "alarms"),
    [
        ({}, []),
        ({"coverage": {**FULL, "published": 0.7}}, []),
        ({"coverage": {**FULL, "published": 0.6}}, ["published"]),
        ({"coverage": {**FULL, "source": 0.0, "body": 0.1}}, ["body", "source"]),
        ({"coverage": {**FULL, "published": 0.0}, "counts": {"items": 4}}, []),
        ({"coverage": {**FULL, "layout": 0.4}}, ["match 40% of the articles"]),
        ({"coverage": {**FULL, "layout": 0.5}}, []),
        ({"coverage": {**FULL, "layout": 0.0}, "counts": {"items": 4}}, []),
        ({"counts": {"items": 10, "duplicates": 10}}, ["copies"]),
        ({"counts": {"items": 10, "duplicates": 9}}, []),
        ({"counts": {"items": 9, "duplicates": 9}}, []),
        ({"counts": {"items": 5, "refused": 15}}, ["no articles"]),
        ({"counts": {"items": 5, "refused": 15, "robots_forbidden": 14}}, []),
        ({"counts": {"items": 12, "refused": 8}}, []),
    ],
)
def test_alarms(values: dict[str, object], alarms: list[str]) -> None:
    reasons = changes_for_the_worse(run(10, **values), HISTORY)  # type: ignore[arg-type]
    assert len(reasons) == len(alarms)
    for alarm in alarms:
        assert any(alarm in reason for reason in reasons)


def test_a_field_that_was_always_missing_is_no_alarm() -> None:
    poor = [run(number, coverage={**FULL, "source": 0.1}) for number in range(9, 0, -1)]
    assert not changes_for_the_worse(run(10, coverage={**FULL, "source": 0.0}), poor)


@pytest.mark.parametrize(
    "history",
    [
        [],
        [run(1, trigger="demo")],
        [run(1, counts={"items": 4})],
        [run(10)],  # the run itself
        [run(1, finished=None)],
    ],
)
def test_without_a_history_nothing_is_an_alarm(history: list[RunRecord]) -> None:
    assert not changes_for_the_worse(run(10, coverage={**FULL, "published": 0.0}), history)


def test_one_bad_run_in_the_past_does_not_lower_the_measure() -> None:
    history = [run(9, coverage={**FULL, "published": 0.0}), *HISTORY[1:]]
    assert changes_for_the_worse(run(10, coverage={**FULL, "published": 0.1}), history)


@pytest.mark.parametrize(
    ("verdicts", "light", "failures"),
    [
        ([], "grey", 0),
        (["running"], "grey", 0),
        (["ok"], "green", 0),
        (["degraded", "ok"], "yellow", 1),
        (["unreachable", "closed early", "ok", "unreachable"], "red", 2),
        (["running", "ok"], "green", 0),
        (["no items", "no items"], "red", 2),
    ],
)
def test_lights(verdicts: list[str], light: str, failures: int) -> None:
    runs = [
        run(10 - number, verdict, **({"finished": None} if verdict == "running" else {}))  # type: ignore[arg-type]
        for number, verdict in enumerate(verdicts)
    ]
    state = health_of("a", runs)
    assert (state.light, state.failures) == (light, failures)
    if "ok" in verdicts:
        assert state.last_ok is not None
        assert state.last_ok.verdict == "ok"
