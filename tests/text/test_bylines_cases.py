"""Some six hundred credit lines of every shape, and whom each names; hostile lines."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.text.bylines import is_credit_line, is_person, parse_byline

PIECES = (
    *"（）()【】[]：:/|丨、，。 　·-—□▲◎?�摄文图译讯电王李张欧阳雪明",
    *("记者", "通讯员", "编辑", "责编", "来源：", "作者", "本报", "新华社", "北京", "1月5日", "2024-01-05", "报道"),
    *("摄影", "实习生", "供稿", "（记者 ", "從", "記者", "攝", "据", "首席", "客户端", "日报", "王小明", "Amy", "X9"),
)


def cases() -> list[dict[str, Any]]:
    lines = (Path(__file__).parent / "cases" / "bylines.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["text"][:40])
def test_whom_a_line_names(case: dict[str, Any]) -> None:
    found = {name: value for name, value in dataclasses.asdict(parse_byline(case["text"])).items() if value}
    assert found == {name: value for name, value in case.items() if name != "text"}


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_line_of_credit_words_is_read(text: str) -> None:
    found = parse_byline(text)
    plain = "".join(text.split())
    for name in (*found.reporters, *found.correspondents, *found.photographers, *found.editors, *found.interns):
        assert name
        assert "".join(name.split()) in plain
    is_credit_line(text)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    parse_byline(text)
    is_credit_line(text)
    is_person(text)
