"""Some six hundred written forms of dates, and what each says."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.text.dates import date_in_url, is_modified_label, parse_date

CHINA = ZoneInfo("Asia/Shanghai")
REFERENCE = datetime(2024, 5, 20, 10, 30, tzinfo=CHINA)
FORMS = {7: "%Y-%m", 10: "%Y-%m-%d", 13: "%Y-%m-%dT%H", 16: "%Y-%m-%dT%H:%M", 19: "%Y-%m-%dT%H:%M:%S"}
PIECES = (
    *"年月日时分秒点前天昨今刚周星期民国國零〇一二十百廿元:：-－/.·,，()（）[]【】 　0123456789",
    *(
        "发布时间：",
        "更新",
        "来源：",
        "小时前",
        "下午",
        "2024",
        "GMT+0800",
        "Mar",
        "T",
        "Z",
        "电",
        "讯",
        "http://e.com/",
    ),
)


def cases() -> list[list[str]]:
    lines = (Path(__file__).parent / "cases" / "dates.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


@pytest.mark.parametrize(("text", "truth", "reference"), cases())
def test_what_a_line_says(text: str, truth: str, reference: str) -> None:
    counted_from = datetime.fromisoformat(reference) if reference else None
    found = parse_date(text.replace("\\n", "\n"), reference=counted_from)
    if not truth:
        assert found is None
        return
    assert found is not None
    if len(truth) in FORMS:
        assert found.value.astimezone(CHINA).strftime(FORMS[len(truth)]) == truth
        assert (found.precision in ("day", "month")) == (len(truth) in (7, 10))
    else:
        assert found.value == datetime.fromisoformat(truth)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_line_of_date_words_is_read_or_refused(text: str) -> None:
    for reference in (None, REFERENCE, datetime(2024, 2, 29)):  # noqa: DTZ001  a naive one counts in the zone
        found = parse_date(text, reference=reference)
        assert found is None or found.value.tzinfo is not None
    date_in_url(text)
    is_modified_label(text)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = parse_date(text, reference=REFERENCE)
    assert found is None or found.value.tzinfo is not None


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.datetimes(min_value=datetime(1994, 1, 1), max_value=datetime(2037, 12, 31)))  # noqa: DTZ001
def test_a_printed_moment_comes_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=CHINA)
    for form in ("%Y-%m-%d %H:%M:%S", "%Y年%m月%d日%H时%M分%S秒", "%Y/%m/%d %H:%M:%S", "%Y%m%d%H%M%S"):
        found = parse_date("发布时间：" + moment.strftime(form) + " 来源：南山日报")
        assert found is not None
        assert (found.value, found.precision) == (moment, "second")
