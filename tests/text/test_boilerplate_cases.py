"""Some six hundred lines of pages: furniture and notices that go, and sentences that only look like them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.text.boilerplate import MAX_LINE, LineContext, classify_line, normal
from newscrawl.text.boilerplate_rules import first_rule, rules_of

PIECES = (
    *"：:，。！!（）()[]【】|>»-—· 　赞踩顶页版大中小0129%A+",
    *("版权", "转载", "请注明", "本网", "不代表", "举报", "电话：", "0516-88888888", "更多", "关注", "二维码", "扫描"),
    *(
        "上一篇",
        "下一篇",
        "评论",
        "分享到",
        "责任编辑：",
        "来源：",
        "关键词：",
        "推荐",
        "阅读",
        "免责声明",
        "侵权",
        "删除",
    ),
)
PLACES = (None, LineContext(position="middle"), LineContext(position="tail"))


def cases() -> list[list[str]]:
    lines = (Path(__file__).parent / "cases" / "boilerplate.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


@pytest.mark.parametrize(("label", "line"), cases())
def test_what_goes_and_what_stays(label: str, line: str) -> None:
    assert classify_line(line).drop is (label == "drop")


@pytest.mark.parametrize(("label", "line"), cases())
def test_no_rule_matches_a_line_that_has_none_of_the_cues(label: str, line: str) -> None:
    text = normal(line) + "," + "甲" * 30 if label == "keep" else normal(line)
    for section in ("anchored", "positioned", "tail"):
        one_by_one = next((rule for rule, pattern in rules_of(section) if pattern.match(text)), None)
        assert first_rule(text, section) == one_by_one


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_line_of_furniture_words_is_judged(line: str) -> None:
    for place in PLACES:
        verdict = classify_line(line, context=place)
        assert verdict.drop is (verdict.rule is not None)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.text(max_size=200))
def test_any_text_is_judged(line: str) -> None:
    for place in PLACES:
        classify_line(line, context=place)
    assert not classify_line("甲" * MAX_LINE + line + "甲").drop
