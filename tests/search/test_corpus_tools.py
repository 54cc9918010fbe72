from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawl.search import QueryError, collocations, frequency, kwic, ngrams, words
from newscrawl.search.tokens import phrase_forms
from newscrawl.search.writer import count_characters
from newscrawl.text.folding import fold
from tests.search.corpus import ARTICLES, make

if TYPE_CHECKING:
    from newscrawl.search import SearchIndex
    from newscrawl.store import Store


def test_concordance_lists_every_place(index: SearchIndex) -> None:
    lines = kwic(index, "棉花", width=4).lines
    assert [(line.left, line.node, line.right, line.day) for line in lines] == [
        ("新疆", "棉花", "喜获丰收", "2026-09-24"),
        ("访。今年", "棉花", "亩产创新", "2026-09-24"),
        ("新疆", "棉花", "喜获丰收", "2026-09-23"),
        ("访。今年", "棉花", "亩产创新", "2026-09-23"),
        ("新棉。 ", "棉花", "收购价每", "2026-09-23"),
        ("會者討論", "棉花", "貿易。C", "2026-09-02"),
        ("•古丽种", "棉花", "。基站，", ""),
    ]


def test_concordance_sorted_by_context(index: SearchIndex) -> None:
    right = [fold(line.right) for line in kwic(index, "棉花", width=6, sort="right").lines]
    left = [fold(line.left)[::-1] for line in kwic(index, "棉花", width=6, sort="left").lines]
    assert (right, left) == (sorted(right), sorted(left))
    assert len(set(right)) > 4


def test_concordance_of_filters_pages_and_stories(index: SearchIndex) -> None:
    assert kwic(index, "棉花 site:island").total == 1
    assert kwic(index, "棉花").articles == 4
    assert {line.article_id for line in kwic(index, "棉花", stories=True).lines} == {
        make(name).id for name in ("copy", "traditional", "undated")
    }
    whole = kwic(index, "棉花").lines
    assert kwic(index, "棉花", limit=2, offset=1).lines == whole[1:3]
    quick = kwic(index, "棉花", limit=2, sort="none")
    assert (len(quick.lines), quick.complete) == (2, False)


@pytest.mark.parametrize("options", [{"sort": "size"}, {"width": 0}, {"width": 10_000}])
def test_concordance_refuses(index: SearchIndex, options: dict[str, Any]) -> None:
    with pytest.raises(QueryError):
        kwic(index, "棉花", **options)


@pytest.mark.parametrize("tool", [kwic, frequency, collocations])
@pytest.mark.parametrize("query", ["", "site:portal", "NOT 棉花"])
def test_tools_need_a_word(index: SearchIndex, tool: Any, query: str) -> None:
    with pytest.raises(QueryError, match="word or phrase"):
        tool(index, query)


def test_frequency_by_month(index: SearchIndex) -> None:
    result = frequency(index, "棉花")
    assert [(point.period, point.count, point.articles) for point in result.points] == [
        ("2026-06", 0, 0),
        ("2026-09", 6, 3),
    ]
    september = [article for article in ARTICLES if article.published_day.startswith("2026-09")]
    size = sum(count_characters(article.title) + count_characters(article.body) for article in september)
    assert result.points[1].characters == size
    assert math.isclose(result.points[1].per_million, 6e6 / size)
    assert "without a date" in result.notes[0]


@pytest.mark.parametrize(
    ("query", "by", "counts"),
    [
        ("棉花", "day", {"2026-06-10": 0, "2026-09-02": 1, "2026-09-23": 3, "2026-09-24": 2}),
        ("棉花", "year", {"2026": 6}),
        ("棉花 site:portal", "year", {"2026": 3}),
        ("棉花 -reporter:孙步乾", "year", {"2026": 2}),
        ("棉花收购", "year", {"2026": 1}),
        ("新疆棉花喜获丰收", "year", {"2026": 2}),
        ("5G基", "year", {"2026": 1}),
        ("cov*", "year", {"2026": 1}),
        ("棉花 OR 收购", "year", {"2026": 9}),
        ("阿依·古丽 status:any", "year", {"2026": 0}),
        ("棉花 收购", "year", {"2026": 4}),
        ("title:棉花", "year", {"2026": 2}),
        ("棉", "year", {"2026": 7}),
        ("gdp since:2026-09", "month", {"2026-09": 1}),
    ],
)
def test_frequency_of(index: SearchIndex, query: str, by: Any, counts: dict[str, int]) -> None:
    assert {point.period: point.count for point in frequency(index, query, by=by).points} == counts


def test_names_restrict_both_sides_of_the_ratio(index: SearchIndex) -> None:
    (island,) = [article for article in ARTICLES if article.site == "island"]
    result = frequency(index, "棉花 site:island", by="year")
    assert result.characters == count_characters(island.title + island.body)


def test_frequency_of_stories(index: SearchIndex) -> None:
    assert frequency(index, "棉花", by="year", stories=True).count == 4


def test_places_that_overlap_count_once(store: Store, index: SearchIndex) -> None:
    store.put([make("laugh", body="哈哈哈哈，哈哈哈")])
    index.sync()
    assert frequency(index, "哈哈", by="year").count == 3


def test_unknown_period_is_refused(index: SearchIndex) -> None:
    with pytest.raises(QueryError):
        frequency(index, "棉花", by="week")  # type: ignore[arg-type]


def test_ngrams_of_characters(index: SearchIndex) -> None:
    result = ngrams(index, "", size=4, unit="characters", limit=3)
    assert (result.articles, result.unit) == (5, "characters")
    assert all((row.count, row.articles) == (2, 2) for row in result.rows)
    assert "新疆棉花" in {row.text for row in ngrams(index, "", size=4, unit="characters", limit=30).rows}
    assert ngrams(index, "小麦", size=1, unit="characters").rows[0].articles == 1


def test_ngrams_end_at_punctuation(store: Store, index: SearchIndex) -> None:
    store.put([make("cut", title="", body="甲乙，丙丁。甲乙")])
    index.sync()
    rows = ngrams(index, "甲乙", size=2, unit="characters").rows
    assert [(row.text, row.count) for row in rows] == [("甲乙", 2), ("丙丁", 1)]


def test_ngrams_of_words(index: SearchIndex) -> None:
    pytest.importorskip("rjieba")
    counts = {row.text: row.count for row in ngrams(index, "棉花", size=1, unit="words").rows}
    assert counts["棉花"] == 7


def test_collocations(store: Store, index: SearchIndex) -> None:
    bodies = ["收购棉花的企业增加。天气晴好。", "企业收购棉花。天气转冷。", "棉花收购开始。天气不错，会议召开。"]
    store.put([make(f"c{number}", body=body * 3, site="col") for number, body in enumerate(bodies)])
    index.sync()
    result = collocations(index, "棉花 site:col", unit="characters")
    assert result.rows[0].text == "收购"
    assert (result.places, result.rows[0].near, result.rows[0].count) == (9, 9, 9)
    assert result.rows[0].log_dice == 14.0
    assert "天气" not in {row.text for row in result.rows}


def test_most_articles_is_kept_to(index: SearchIndex) -> None:
    result = ngrams(index, "", size=1, unit="characters", most_articles=2)
    assert result.articles == 2
    assert "newest 2" in result.notes[0]


def test_counting_words_without_rjieba(index: SearchIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "find_spec", lambda _name: None)
    assert ngrams(index, "棉花").unit == "characters"
    with pytest.raises(QueryError, match="rjieba"):
        ngrams(index, "棉花", unit="words")


@settings(derandomize=True, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(phrase=st.text("棉花收购，a5", min_size=1, max_size=4), title=st.booleans())
def test_index_counts_places_as_the_texts_do(index: SearchIndex, *, phrase: str, title: bool) -> None:
    texts = ["棉花收购，a5棉花，收购 棉花a5", "a5，棉，花收购a5a 5 棉花棉花收", "购花棉购，收购收购a"]
    if index.count() == len(ARTICLES):
        index.store.put([make(f"p{number}", title=text[::-1], body=text) for number, text in enumerate(texts)])
        index.sync()
    query = f'title:"{phrase}"' if title else f'"{phrase}"'
    pattern = phrase_forms(phrase).pattern
    pieces = [
        fold(text)
        for a in index.store.articles()
        if a.published
        for text in ([a.title] if title else [a.title, a.body])
    ]
    if index.plan(query).has_words:
        assert frequency(index, query, by="year").count == sum(len(pattern.findall(piece)) for piece in pieces)
