"""What the pages are made of: differences, marked texts, queries, time lines, stories."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.items import Edit, Removed, RestorationRecord
from newscrawl.search import parse_query
from newscrawl.web.asking import Asked, name_term, render
from newscrawl.web.difference import (
    LONGEST_CLAUSE,
    MOST_PARTS,
    _Work,
    collapse,
    compare,
    compare_lines,
    compare_paragraphs,
)
from newscrawl.web.printed import apply_edits, printed
from newscrawl.web.render import weblink
from newscrawl.web.story import MOST_ROWS, Copy, draw
from newscrawl.web.timeline import MOST_BARS, before, choose_period, fill
from newscrawl.web.watching import look_at
from tests.web.corpus import START, damaged, make, runs

CALM = settings(derandomize=True, deadline=None, max_examples=100)
TEXT = st.text(alphabet="棉花收购，。 a<\n", max_size=60)


@CALM
@given(TEXT, TEXT)
def test_a_difference_holds_both_texts(old: str, new: str) -> None:
    paragraphs = compare_paragraphs(old.split("\n"), new.split("\n"))
    for kind, text in (("removed", old), ("added", new)):
        kept = "".join(piece for paragraph in paragraphs for each, piece in paragraph if each in ("same", kind))
        assert kept == text.replace("\n", "")


def test_a_difference_is_as_small_as_readers_expect() -> None:
    assert compare_lines("床位三百张。", "床位三百五十张。") == [
        ("same", "床位三百"), ("added", "五十"), ("same", "张。")]  # fmt: skip
    assert compare_lines("甲乙丙丁戊", "己乙庚辛壬") == [("removed", "甲乙丙丁戊"), ("added", "己乙庚辛壬")]


def test_long_texts_are_compared_as_one_whole() -> None:
    old, new = [str(number) for number in range(MOST_PARTS + 1)], ["x"]
    found = compare_paragraphs(old, new)
    assert sum(len(paragraph) for paragraph in found) >= MOST_PARTS
    assert compare_lines("甲" * (LONGEST_CLAUSE + 1), "乙") == [
        ("removed", "甲" * (LONGEST_CLAUSE + 1)),
        ("added", "乙"),
    ]


def test_what_would_take_too_long_is_compared_as_one_whole() -> None:
    work = _Work(1000)
    same = [("removed", "ab" * 90), ("added", "ba" * 90)]
    assert compare_lines("ab" * 90, "ba" * 90, work) == same
    assert compare_lines("床位三百张。", "床位三百五十张。", work)[0] == ("same", "床位三百")


def test_what_stayed_is_counted() -> None:
    lines = [[("same", str(number))] for number in range(9)]
    lines[4] = [("added", "new")]
    assert [block.skipped for block in collapse(lines)] == [3, 0, 0, 0, 3]  # type: ignore[arg-type]


def test_a_difference_tells_of_fields() -> None:
    found = compare(make("a", title="旧", reporters=["甲"]), make("a", title="新", reporters=["甲", "乙"]))
    assert set(found.fields) == {"title", "reporters"}
    assert compare(make("a"), make("a")).is_empty


def test_printed_text_holds_the_body_and_what_was_removed() -> None:
    article = damaged()
    found = printed(article)
    assert found.exact
    kept = ["".join(piece.text for piece in line if piece.kind != "removed") for line in found.lines]
    assert [line for line in kept if line] == article.body.split("\n")
    assert [piece.rule for line in found.lines for piece in line if piece.kind == "removed"] == ["cta"]


def test_a_paragraph_cut_at_its_end_is_marked() -> None:
    article = make("a", body="全文。", body_raw="全文。（责编：某人）", removed=[Removed("credit", "（责编：某人）")])
    assert [(piece.kind, piece.text) for piece in printed(article).lines[0]] == [
        ("text", "全文。"), ("removed", "（责编：某人）")]  # fmt: skip


@pytest.mark.parametrize(
    "edits", [[Edit(9, "x", "y", "r")], [Edit(0, "文", "y", "r")], [Edit(0, "正文", "", "r"), Edit(1, "文", "", "r")]]
)
def test_edits_of_another_text_are_not_shown(edits: list[Edit]) -> None:
    assert apply_edits("正文", edits) is None
    article = make("a", body="正文", body_raw="正文", restoration=RestorationRecord("mirror-pinyin", 1.0, edits))
    assert not printed(article).exact


@CALM
@given(st.text(alphabet='棉花 "“”「」()（）-*:ab OR AND NOT since:2026', max_size=40))
def test_a_query_written_anew_means_the_same(text: str) -> None:
    from newscrawl.search import QueryError

    try:
        root = parse_query(text).root
    except QueryError:
        return
    if root is not None:
        again = parse_query(render(root)).root
        assert again is not None
        assert parse_query(render(again)).root == again


@CALM
@given(st.text(max_size=30))
def test_a_name_stays_one_term(value: str) -> None:
    from newscrawl.search import QueryError
    from newscrawl.search.query import Name

    try:
        term = name_term("source", value)
    except QueryError:
        return
    assert isinstance(parse_query(term).root, Name)


def test_days_narrow_each_other() -> None:
    asked = Asked(q="棉花 since:2026-03-05 until:2026-12", since="2026-03", until="2026-03-20")
    assert asked.query() == '"棉花" since:2026-03-05 until:2026-03-20'


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/x", True),
        ("HTTP://a.example/", True),
        ("javascript:alert(1)", False),
        (" javascript:x", False),
        ("data:text/html,x", False),
        ("//a.example/", False),
        ("https:/\\a.example", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(url: str, shown: bool) -> None:
    assert bool(weblink(url)) == shown


@pytest.mark.parametrize(
    ("period", "by", "expected"),
    [(2026, "year", 2025), (202601, "month", 202512), (20260301, "day", 20260228), (20240301, "day", 20240229)],
)
def test_periods_before(period: int, by: str, expected: int) -> None:
    assert before(period, by) == expected  # type: ignore[arg-type]


def test_time_lines_have_no_gaps_and_an_end() -> None:
    assert [bar.period for bar in fill({202511: 2, 202602: 1}, "month")] == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert len(fill({19000101: 1, 20260101: 1}, "day")) == MOST_BARS
    assert fill({}, "day") == []
    assert [choose_period([first, "2026-03"]) for first in ("2026-01", "2025-01", "1999-01")] == [
        "day",
        "month",
        "year",
    ]


def test_a_story_is_drawn_within_its_frame() -> None:
    original = make("a")
    copies = [Copy(original, is_original=True)]
    copies += [Copy(make(f"b{number}", days=number, duplicate_of=original.id)) for number in range(1, MOST_ROWS + 5)]
    copies.append(Copy(make("undated", published=None, published_day="", fetched_at=START + timedelta(days=1))))
    picture = draw(copies)
    assert picture is not None
    assert len(picture.dots) == MOST_ROWS
    assert all(picture.left <= dot.x <= picture.right and 0 < dot.y < picture.height for dot in picture.dots)
    assert draw(copies[:1]) is None


def test_a_site_without_runs_is_grey() -> None:
    assert look_at("a", 3, []).light == "grey"
    found = look_at(
        "linxi", 3, sorted((run for run in runs() if run.site == "linxi"), key=lambda run: run.started, reverse=True)
    )
    assert (found.light, found.failures, found.verdict) == ("red", 1, "no items")
    assert [spark.field for spark in found.sparks] == ["title", "body", "published", "reporters", "source"]
    assert len(found.sparks[0].points.split()) == 10
