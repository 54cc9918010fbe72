"""What lines of news pages say about their date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.text.dates import is_modified_label, parse_date

SHANGHAI = ZoneInfo("Asia/Shanghai")
REFERENCE = datetime(2023, 3, 15, 12, 0)  # noqa: DTZ001  a naive reference counts in the zone of the line

ABSOLUTE = [
    ("2023-01-04 10:20:30", "2023-01-04 10:20:30", "second"),
    ("\uff12\uff10\uff12\uff13年\uff11月\uff14日　\uff11\uff10：\uff12\uff10", "2023-01-04 10:20:00", "minute"),
    ("2023-01-04 10:20 来源:江岸晚报 阅读:1234", "2023-01-04 10:20:00", "minute"),
    ("来源：江岸晚报2023-01-04 10:20作者：王明", "2023-01-04 10:20:00", "minute"),
    ("2023-01-0410:20", "2023-01-04 10:20:00", "minute"),
    ("2023-1-421:30", "2023-01-04 21:30:00", "minute"),
    ("1280字2023年01月04日 10:20", "2023-01-04 10:20:00", "minute"),
    ("2023 01/ 04 10:20:30", "2023-01-04 10:20:30", "second"),
    ("2023 年 1 月 4 日", "2023-01-04 00:00:00", "day"),
    ("2023年1月4号", "2023-01-04 00:00:00", "day"),
    ("2023.01.04 10:20", "2023-01-04 10:20:00", "minute"),
    ("2023/1/4 10:20:30", "2023-01-04 10:20:30", "second"),
    ("2023年01月04日 （星期三）10:20:30", "2023-01-04 10:20:30", "second"),
    ("2023-01-04 Wed 10:20", "2023-01-04 10:20:00", "minute"),
    ("日期：2023-01-04 时间：10:20", "2023-01-04 10:20:00", "minute"),
    ("10:20 2023-01-04", "2023-01-04 10:20:00", "minute"),
    ("2023年1月4日上午8时30分", "2023-01-04 08:30:00", "minute"),
    ("2023年1月4日 下午 3:05", "2023-01-04 15:05:00", "minute"),
    ("2023年1月4日晚8点半", "2023-01-04 20:30:00", "minute"),
    ("2023年1月4日凌晨12点10分", "2023-01-04 00:10:00", "minute"),
    ("2023年1月4日中午12点", "2023-01-04 12:00:00", "hour"),
    ("2023-01-04 12:05 AM", "2023-01-04 00:05:00", "minute"),
    ("2023-01-04 03:05 PM", "2023-01-04 15:05:00", "minute"),
    ("2023-01-04 24:00", "2023-01-05 00:00:00", "minute"),
    ("2023-01-04T02:20:30.123Z", "2023-01-04 10:20:30", "second"),
    ("2023-01-04T10:20:30+0800", "2023-01-04 10:20:30", "second"),
    ("2023-01-04T02-20-30Z", "2023-01-04 10:20:30", "second"),
    ("20230104", "2023-01-04 00:00:00", "day"),
    ("20230104102030", "2023-01-04 10:20:30", "second"),
    ("1672798830", "2023-01-04 10:20:30", "second"),
    ("1672798830000", "2023-01-04 10:20:30", "second"),
    ("二〇二三年一月四日", "2023-01-04 00:00:00", "day"),
    ("二零二三年元月四日", "2023-01-04 00:00:00", "day"),
    ("一九九八年十二月三十一日下午三时", "1998-12-31 15:00:00", "hour"),
    ("民國112年1月4日", "2023-01-04 00:00:00", "day"),
    ("中華民國八十九年十二月廿五日", "2000-12-25 00:00:00", "day"),
    ("中華民國一百年十月十日", "2011-10-10 00:00:00", "day"),
    ("Saturday, September 7, 2019 - 09:27", "2019-09-07 09:27:00", "minute"),
    ("3:15 PM, May 20, 2024", "2024-05-20 15:15:00", "minute"),
    ("2024/05/20（一）09:27", "2024-05-20 09:27:00", "minute"),
    ("20190907T012748Z", "2019-09-07 09:27:48", "second"),
    ("發布日期：112-01-04", "2023-01-04 00:00:00", "day"),
    ("05.03.2020  19:42", "2020-03-05 19:42:00", "minute"),
    ("04/13/2020", "2020-04-13 00:00:00", "day"),
    ("Wed, 04 Jan 2023 02:20:30 GMT", "2023-01-04 10:20:30", "second"),
    ("Jan. 4, 2023 3:05 p.m.", "2023-01-04 15:05:00", "minute"),
    ("Wed Jan 04 10:20:30 CST 2023", "2023-01-04 10:20:30", "second"),
    ("2023年1月", "2023-01-01 00:00:00", "month"),
    ("2023年1月4日10:20（乌鲁木齐时间）", "2023-01-04 12:20:00", "minute"),
    ("2023年1月4日 当地时间10:20", "2023-01-04 00:00:00", "day"),
    ("（新华社江岸2023年1月4日电）", "2023-01-04 00:00:00", "day"),
    ("更新时间：2023-02-04 11:20 发布时间：2023-01-04 10:20", "2023-01-04 10:20:00", "minute"),
    ("最后更新：2023-02-04 11:20", "2023-02-04 11:20:00", "minute"),
]

WITH_REFERENCE = [
    ("1月4日 10:20", "2023-01-04 10:20:00", "minute"),
    ("发布时间：01-0410:20江岸观察", "2023-01-04 10:20:00", "minute"),
    ("12月31日", "2022-12-31 00:00:00", "day"),
    ("2月29日", "2020-02-29 00:00:00", "day"),
    ("十二月三十一日", "2022-12-31 00:00:00", "day"),
    ("去年3月3日", "2022-03-03 00:00:00", "day"),
    ("上月20日", "2023-02-20 00:00:00", "day"),
    ("1月4日，记者从江岸市政府获悉，截至2022年12月31日，全市共有", "2023-01-04 00:00:00", "day"),
    ("中新社江岸4日电", "2023-03-04 00:00:00", "day"),
    ("今（9）日，记者从公安分局了解到", "2023-03-09 00:00:00", "day"),
    ("昨（28）日", "2023-02-28 00:00:00", "day"),
    ("昨天 10:20", "2023-03-14 10:20:00", "minute"),
    ("前天", "2023-03-13 00:00:00", "day"),
    ("昨晚8点", "2023-03-14 20:00:00", "hour"),
    ("江岸观察 ⋅ 16评论 ⋅ 刚刚", "2023-03-15 12:00:00", "minute"),
    ("来源：今日头条 5小时前", "2023-03-15 07:00:00", "hour"),
    ("今晨6时", "2023-03-15 06:00:00", "hour"),
    ("刚刚", "2023-03-15 12:00:00", "minute"),
    ("剛剛", "2023-03-15 12:00:00", "minute"),
    ("3小时前", "2023-03-15 09:00:00", "hour"),
    ("一個小時前", "2023-03-15 11:00:00", "hour"),
    ("最后更新：2分钟前", "2023-03-15 11:58:00", "minute"),
    ("半小时前", "2023-03-15 11:30:00", "minute"),
    ("三天前", "2023-03-12 00:00:00", "day"),
    ("3 days ago", "2023-03-12 00:00:00", "day"),
    ("3个月前", "2022-12-01 00:00:00", "month"),
    ("yesterday at 5pm", "2023-03-14 17:00:00", "minute"),
    ("周一", "2023-03-13 00:00:00", "day"),
]

NO_DATE = [
    "",
    "2023-02-30",
    "2023年2月30日",
    "2023-13-01",
    "99:99",
    "03/04/2020",  # two readings
    "23-01-04",
    "2023年",
    "2022-2023年度",
    "电话：0516-83812345",
    "12345678",
    "IP 10.12.20.23",
    "版权所有 2010-2023",
    "文章编号：1001-2023(2020)01-0001",
    "3日前",
    "几分钟前",
    "1年前",
    "星期三 10:20",  # the reference is a Wednesday: today or a week ago
    "近日",
    "目前日均产量",
    "3月前完成",
    "刚刚过去的一年，全市各级各部门",
    "当日下午",
]


@pytest.mark.parametrize(("text", "value", "precision"), ABSOLUTE)
def test_absolute_forms_need_no_reference(text: str, value: str, precision: str) -> None:
    found = parse_date(text)
    assert found is not None
    assert (found.value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"), found.precision) == (value, precision)


@pytest.mark.parametrize(("text", "value", "precision"), WITH_REFERENCE)
def test_other_forms_count_from_the_reference(text: str, value: str, precision: str) -> None:
    found = parse_date(text, reference=REFERENCE)
    assert found is not None
    assert (found.value.strftime("%Y-%m-%d %H:%M:%S"), found.precision) == (value, precision)


@pytest.mark.parametrize("text", [text for text, *_ in WITH_REFERENCE if "年" not in text])
def test_no_reference_no_guess(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize("text", NO_DATE)
def test_no_date_is_none(text: str) -> None:
    assert parse_date(text, reference=REFERENCE) is None


def test_an_impossible_time_leaves_the_day() -> None:
    found = parse_date("2023-01-04 99:99")
    assert found is not None
    assert (found.value.strftime("%Y-%m-%d %H:%M"), found.precision) == ("2023-01-04 00:00", "day")


def test_reference_in_another_zone_is_read_in_the_zone_of_the_line() -> None:
    # 17:00 UTC is one o'clock of the next day in Shanghai
    found = parse_date("今天 00:30", reference=datetime(2023, 3, 14, 17, 0, tzinfo=UTC))
    assert found is not None
    assert found.value.isoformat() == "2023-03-15T00:30:00+08:00"


def test_zone_of_the_line_can_be_given() -> None:
    found = parse_date("2023-01-04 10:20", tz="Asia/Urumqi")
    assert found is not None
    assert found.value.utcoffset() == timedelta(hours=6)
    with pytest.raises(ZoneInfoNotFoundError):
        parse_date("2023-01-04 10:20", tz="Asia/Nowhere")


def test_method_tells_how_the_date_was_read() -> None:
    methods = {}
    for text in (
        "2023-01-04",
        "20230104",
        "二〇二三年一月四日",
        "民國112年1月4日",
        "3小时前",
        "/2023-01/04/content_1.htm",
    ):
        found = parse_date(text, reference=REFERENCE)
        assert found is not None
        methods[text] = found.method
    assert list(methods.values()) == ["absolute", "compact", "numerals absolute", "republic", "relative", "url"]


@pytest.mark.parametrize(
    ("text", "modified"), [("更新于 2023-01-04", True), ("发布 2023-01-04 更新 2023-01-05", False)]
)
def test_modified_label(text: str, *, modified: bool) -> None:
    assert is_modified_label(text) is modified


@given(st.text(max_size=80) | st.text(alphabet="0123456789年月日时分:-/. T零\u3007一二三十昨今前", max_size=60))
@settings(derandomize=True, deadline=None, max_examples=150)
def test_any_text_gives_an_aware_date_or_none(text: str) -> None:
    found = parse_date(text, reference=REFERENCE)
    assert found is None or found.value.tzinfo is not None


@given(st.datetimes(min_value=datetime(1994, 1, 1), max_value=datetime(2099, 12, 31)))  # noqa: DTZ001
@settings(derandomize=True, deadline=None, max_examples=100)
def test_written_dates_come_back(moment: datetime) -> None:
    for form in (
        "%Y-%m-%d %H:%M:%S",
        "%Y年%m月%d日 %H:%M:%S",
        "%Y/%m/%d %H:%M:%S",
        "%Y%m%d%H%M%S",
        "%d %b %Y %H:%M:%S",
    ):
        found = parse_date(f"发布：{moment.strftime(form)}" if "%b" not in form else moment.strftime(form))
        assert found is not None
        assert found.value.replace(tzinfo=None) == moment.replace(microsecond=0)


@pytest.mark.parametrize(
    "text", ["1" * 1_000_000, "2023-" * 200_000, "年" * 1_000_000, "\x00\ud800" * 1000, "前" * 5000]
)
def test_long_and_broken_lines_are_read_at_their_beginning(text: str) -> None:
    assert parse_date(text, reference=REFERENCE) is None
