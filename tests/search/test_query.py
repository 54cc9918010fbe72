from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.search.query import (
    DEEPEST_GROUP,
    LONGEST_QUERY,
    MOST_TERMS,
    Group,
    Name,
    Not,
    Phrase,
    QueryError,
    parse_query,
    read_days,
)

PIECES = [*'棉花 ()"“”-*:：§·\x00\ud800', " OR ", " AND ", " NOT ", "site:", "since:", "2026", "sort:"]
A, B, C = Phrase("棉花"), Phrase("小麦"), Phrase("收购")


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("", None),
        ("棉花", A),
        ("棉花 小麦", Group("AND", (A, B))),
        ("棉花\u3000AND 小麦", Group("AND", (A, B))),
        ("棉花 OR 小麦 收购", Group("OR", (A, Group("AND", (B, C))))),
        ("(棉花 OR 小麦) 收购", Group("AND", (Group("OR", (A, B)), C))),
        ("（棉花 OR 小麦）收购", Group("AND", (Group("OR", (A, B)), C))),
        ("棉花 -小麦", Group("AND", (A, Not(B)))),
        ("棉花 NOT (小麦 OR 收购)", Group("AND", (A, Not(Group("OR", (B, C)))))),
        ("NOT 棉花", Not(A)),
        ('"棉花 小麦"', Phrase("棉花 小麦")),
        ("“棉花 小麦”", Phrase("棉花 小麦")),
        ("「棉花」", A),
        ('"OR"', Phrase("OR")),
        ("covid*", Phrase("covid", prefix=True)),
        ('"covid 1"*', Phrase("covid 1", prefix=True)),
        ("COVID-19", Phrase("COVID-19")),
        ("9:30", Phrase("9:30")),
        ("https://portal.example/a", Phrase("https://portal.example/a")),
        ("title:棉花", Phrase("棉花", title_only=True)),
        ("site:portal", Name("site", "portal")),
        ("Site：portal", Name("site", "portal")),
        ('section:"社会 新闻"', Name("section", "社会 新闻")),
        ("source:新华*", Name("source", "新华", prefix=True)),
        ("site:a-b:c", Name("site", "a-b:c")),
        ("-reporter:李四", Not(Name("reporter", "李四"))),
    ],
)
def test_understands(text: str, root: object) -> None:
    assert parse_query(text).root == root


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("since:2026-09-23", 20260923, 0),
        ("since:2026-09 until:2026-09", 20260901, 20260930),
        ("until:2024-02", 0, 20240229),
        ("since:2026", 20260101, 0),
        ("since:2026年9月23日", 20260923, 0),
        ("published:2026-09-01..2026-09-23", 20260901, 20260923),
        ("published:2026-09", 20260901, 20260930),
        ("published:2026-09..", 20260901, 0),
        ("published:..2026", 0, 20261231),
        ("棉花 since:2026 OR 小麦", 20260101, 0),
    ],
)
def test_days(text: str, since: int, until: int) -> None:
    query = parse_query(text)
    assert (query.since, query.until) == (since, until)


def test_what_holds_for_the_whole_query() -> None:
    query = parse_query("棉花 status:gone sort:date story:abc")
    assert (query.status, query.sort, query.story, query.root) == ("gone", "date", "abc", A)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('"棉花', "quotation mark"),
        ("(棉花", "( is not closed"),
        ("棉花)", ") stands without"),
        ("OR 棉花", "OR needs"),
        ("棉花 OR", "OR needs"),
        ("AND 棉花", "AND needs"),
        ("棉花 AND", "AND needs"),
        ("棉花 AND AND 小麦", "AND needs"),
        ("(棉花 AND)", "AND needs"),
        ("NOT", "NOT or -"),
        ("NOT OR 棉花", "NOT or -"),
        ("autor:李四", 'unknown field "autor:"'),
        ("site:", "site: needs a value"),
        ('site:""', "site: needs a value"),
        ("since:gestern", "is no day"),
        ("since:2026-02-30", "is no day"),
        ("since:2026-13", "is no day"),
        ("since:0000", "is no day"),
        ("published:a..b", "is no day"),
        ("since:2026 until:2025", "later than"),
        ("status:lost", "status: is"),
        ("sort:best", "sort: is one of"),
        ("NOT since:2026", "hold for the whole query"),
        ("(棉花 since:2026 OR 小麦) 收购", "hold for the whole query"),
        ("x" * (LONGEST_QUERY + 1), "characters"),
        ("a " * (MOST_TERMS + 1), "terms"),
        ("(" * (DEEPEST_GROUP + 2) + "a" + ")" * (DEEPEST_GROUP + 2), "nested"),
        ("NOT " * 300 + "a", "nested"),
    ],
)
def test_says_in_one_line_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_any_text_is_understood_or_refused(text: str) -> None:
    message = ""
    try:
        query = parse_query(text)
    except QueryError as error:
        message = str(error)
    assert (message and "\n" not in message) or query.text == text


@pytest.mark.parametrize(("text", "days"), [("2026", (20260101, 20261231)), ("2026/9/3", (20260903, 20260903))])
def test_read_days(text: str, days: tuple[int, int]) -> None:
    assert read_days(text) == days
