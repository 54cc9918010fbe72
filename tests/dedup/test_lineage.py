from __future__ import annotations

import pytest

from newscrawl.dedup.lineage import Change, changes, lineage
from tests.dedup.samples import article

NAMES = {"qinghe": {"青禾在线"}, "lanhe": {"兰河新闻网"}, "bai": {"白杉网"}}


def test_credits_come_before_times() -> None:
    first = article("qinghe-1", "甲", hour=7, source="青禾在线")
    by_credit = article("lanhe-1", "甲", hour=9, source="青禾在線", duplicate_of=first.id)
    of_a_copy = article("bai-1", "甲", hour=11, source="兰河新闻网", duplicate_of=first.id)
    by_time = article("he-1", "甲", hour=10, duplicate_of=first.id)
    outside = article("shan-1", "甲", hour=12, source="远方晚报", duplicate_of=first.id)
    undated = article("hu-1", "甲", published=None, duplicate_of=first.id)
    steps = lineage([undated, outside, by_time, of_a_copy, by_credit, first], names=NAMES)
    assert [(step.id, step.copied_from, step.reason) for step in steps] == [
        (first.id, "", "first"),
        (by_credit.id, first.id, "credit"),
        (by_time.id, first.id, "time"),
        (of_a_copy.id, by_credit.id, "credit"),
        (outside.id, "", "credit outside"),
        (undated.id, first.id, "time"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("一。二。三。", "一。二。三。", [" 一。二。三。"]),
        ("一。二。三。", "一。三。四！", [" 一。", "-二。", " 三。", "+四！"]),
        ("青禾县。", "青禾縣！", [" 青禾縣！"]),
        ("", "一。", ["+一。"]),
        ("", "", []),
    ],
)
def test_changes_are_told_by_sentences(before: str, after: str, expected: list[str]) -> None:
    assert changes(before, after) == [Change(line[0], line[1:]) for line in expected]  # type: ignore[arg-type]


def test_long_texts_are_compared_in_part() -> None:
    assert len(changes("甲。" * 100_000, "乙。" * 100_000)) == 2
