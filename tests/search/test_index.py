from __future__ import annotations

import random
import re
import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawl.search import IndexUnusableError, QueryError, default_path, open_index
from newscrawl.text.folding import fold
from tests.search.corpus import ARTICLES, make, wide

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from newscrawl.search import SearchIndex
    from newscrawl.store import Store

ALL = {"cotton", "wheat", "traditional", "copy", "undated"}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("棉花", {"cotton", "traditional", "copy", "undated"}),
        ("孙步乾", {"cotton", "copy"}),
        ("北京市民", {"cotton"}),
        ("京市民众", {"wheat"}),
        ('"棉花 收购"', set()),
        ("棉花 收购", {"cotton"}),
        ("丰收 OR 小麦", {"cotton", "copy", "wheat"}),
        ("棉花 -丰收", {"traditional", "undated"}),
        ("棉花 NOT (丰收 OR 故事)", {"traditional"}),
        ("NOT 棉花", {"wheat"}),
        ("经济发展", {"traditional"}),
        ("經濟發展", {"traditional"}),
        ("论坛", {"traditional"}),
        (wide("COVID"), {"traditional"}),
        ("covid-19", {"traditional"}),
        ("cov", set()),
        ("cov*", {"traditional"}),
        ("gdp增长3", {"traditional"}),
        ("5G基站", {"wheat"}),
        ("基站，5G", {"undated"}),
        ("阿依 古丽", {"undated"}),
        ("依", {"undated"}),
        ("乾", {"cotton", "copy"}),
        ("7.5元", {"cotton"}),
        ("title:棉花", {"cotton", "copy"}),
        ("title:亩产", set()),
        ("site:island", {"traditional"}),
        ("section:经济", {"wheat", "traditional"}),
        ("reporter:孙步乾", {"cotton", "traditional"}),
        ("reporter:孙", set()),
        ("reporter:孙*", {"cotton", "traditional"}),
        ("source:新华社 OR site:island", {"cotton", "copy", "traditional"}),
        ("source:新华*", {"cotton", "copy", "wheat"}),
        ("棉花 -source:新华社", {"traditional", "undated"}),
        ("since:2026-09", {"cotton", "copy", "traditional"}),
        ("until:2026-09-02", {"wheat", "traditional"}),
        ("棉花 published:2026-09-02..2026-09-23", {"cotton", "traditional"}),
        ("", ALL),
        ("，。", ALL),
        ("棉花 ，", {"cotton", "traditional", "copy", "undated"}),
        ("不存在的词", set()),
        ("status:gone", set()),
        ("story:" + make("cotton").id, {"cotton", "copy"}),
    ],
)
def test_finds(found: Callable[..., set[str]], query: str, names: set[str]) -> None:
    assert found(query) == names


def test_terms_of_punctuation_are_noted(index: SearchIndex) -> None:
    assert "left out" in index.search("棉花 ！").notes[0]


def test_what_found_nothing_gets_a_hint(index: SearchIndex) -> None:
    assert index.search("covi").notes == ["words and numbers are found whole: covi* finds what begins so"]
    assert index.search("不存在").notes == []
    assert "no article has the site" in index.search("site:elsewhere").notes[0]


def test_query_that_takes_too_long_is_broken_off(store: Store, index: SearchIndex) -> None:
    store.put([make(f"many{number}", body="棉花" * 50) for number in range(300)])
    index.sync()
    with pytest.raises(QueryError, match="takes longer than 0 s"):
        index.search("棉 OR 花", time_limit=0.0)
    assert index.search("棉 OR 花", time_limit=60).total == 304


def test_title_counts_more(index: SearchIndex) -> None:
    hits = index.search("棉花").hits
    assert {hit.article.site for hit in hits[:2]} == {"portal", "other"}
    assert "棉花" in hits[0].article.title
    assert hits[0].score >= hits[-1].score > 0


@pytest.mark.parametrize(
    ("query", "sort", "days"),
    [
        ("", None, ["2026-09-24", "2026-09-23", "2026-09-02", "2026-06-10", ""]),
        ("棉花", "date", ["2026-09-24", "2026-09-23", "2026-09-02", ""]),
        ("棉花 sort:oldest", "date", ["2026-09-02", "2026-09-23", "2026-09-24", ""]),
    ],
)
def test_sorts_by_date(index: SearchIndex, query: str, sort: str | None, days: list[str]) -> None:
    hits = index.search(query, sort=sort).hits  # type: ignore[arg-type]
    assert [hit.article.published_day for hit in hits] == days


@pytest.mark.parametrize("sort", ["rank", "date", "oldest"])
@pytest.mark.parametrize("stories", [False, True])
def test_pages_join_without_gaps(index: SearchIndex, sort: str, *, stories: bool) -> None:
    def ids(**options: int) -> list[str]:
        results = index.search("棉花", sort=sort, stories=stories, **options)  # type: ignore[arg-type]
        return [hit.article.id for hit in results.hits]

    whole = ids(limit=100)
    assert ids(limit=1) + ids(limit=2, offset=1) + ids(limit=5, offset=3) == whole
    assert ids(limit=5, offset=99) == []


def test_stories_stand_for_their_copies(index: SearchIndex) -> None:
    results = index.search("丰收", stories=True)
    assert (results.total, len(results.hits), results.hits[0].copies) == (1, 1, 1)


def test_facets(index: SearchIndex) -> None:
    facets = index.search("棉花", facets=("site", "section", "reporter", "source", "month"), limit=0).facets
    assert dict(facets["site"]) == {"portal": 1, "other": 2, "island": 1}
    assert dict(facets["reporter"]) == {"孙步乾": 1, "孫步乾": 1}
    assert dict(facets["source"]) == {"新华社": 2, "": 2}
    assert facets["month"] == [("", 1), ("2026-09", 3)]
    assert dict(index.search("棉花", facets=["site"], stories=True).facets["site"])["other"] == 2
    assert dict(index.search("", facets=["month"]).facets["month"])["2026-06"] == 1


@pytest.mark.parametrize("options", [{"limit": -1}, {"offset": -1}, {"facets": ["colour"]}])
def test_refuses_wrong_options(index: SearchIndex, options: dict[str, object]) -> None:
    with pytest.raises(QueryError):
        index.search("棉花", **options)  # type: ignore[arg-type]


def test_names_cannot_be_reached_as_text(index: SearchIndex, found: Callable[..., set[str]]) -> None:
    numbers = [number for (number,) in index.connection.execute("SELECT id FROM names")]
    assert len(numbers) >= 8
    assert all(found(f'"§{number}"') == found(str(number)) for number in numbers)


@settings(derandomize=True, deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(st.sampled_from('棉花收购 ab5"()*-§·^{}:+\x00\ud800'), max_size=12))
def test_no_query_breaks_the_index(index: SearchIndex, query: str) -> None:
    try:
        results = index.search(query)
    except QueryError:
        return
    assert results.total == len(results.hits)


def test_random_substrings_are_found_exactly(store: Store, index: SearchIndex) -> None:
    source = random.Random(3)
    characters = "今日新疆棉花收购价格上涨市民記者報導發展"
    articles = [
        make(
            f"r{number}",
            title="".join(source.choices(characters, k=8)),
            body="".join(source.choices(characters + "，。5", k=200)),
        )
        for number in range(60)
    ]
    store.put(articles)
    index.sync()
    texts = {a.id: fold(f"{a.title}\n{a.body}") for a in [*articles, *ARTICLES]}
    for _ in range(200):
        run = source.choice(re.findall("[\u4e00-\u9fff]{2,}", source.choice(articles).body))
        start = source.randrange(len(run) - 1)
        text = run[start : start + source.randint(2, 12)]
        results = index.search(f'"{text}"', limit=100)
        assert {hit.article.id for hit in results.hits} == {key for key, held in texts.items() if fold(text) in held}
        assert results.total == len(results.hits)


def test_threads_search_side_by_side(index: SearchIndex) -> None:
    totals: list[int] = []
    threads = [threading.Thread(target=lambda: totals.append(index.search("棉花").total)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert totals == [4, 4, 4, 4]


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("sqlite:///data/newscrawl.db", "data/newscrawl.search.db"),
        ("sqlite:////srv/a.db", "/srv/a.search.db"),
        ("sqlite:///corpus", "corpus.search.db"),
        ("sqlite:////srv/50%20#1.db", "/srv/50%20#1.search.db"),
    ],
)
def test_lies_beside_an_sqlite_store(uri: str, path: str) -> None:
    assert default_path(uri).as_posix() == path


def test_mongo_index_is_named_after_the_database_not_the_password() -> None:
    path = default_path("mongodb://user:secret@db.example:27017/news")
    assert path == default_path("mongodb://other:word@DB.example:27017/news?w=1")
    assert path != default_path("mongodb://db.example:27017/olds")
    assert path != default_path("mongodb://db.example:27017/")
    assert path == default_path("mongodb://db.example:27017/news?replicaSet=a@b")
    assert path.parent.as_posix() == "data"
    assert "secret" not in path.name


def test_mongo_index_of_the_database_that_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGO_DATABASE", "news")
    assert default_path("mongodb://db.example") == default_path("mongodb://db.example/news")


def test_file_of_another_kind_is_refused(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.write_text("no database at all" * 100)
    with pytest.raises(IndexUnusableError, match="cannot be opened"):
        open_index(store, path)
