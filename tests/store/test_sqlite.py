"""What only concerns SQLite: that queries use indexes, and that threads and readers get along."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl.store import ArticleFilter
from newscrawl.store.sqlite import SqliteStore
from tests.store.samples import article, at, id_of, url_of, url_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from newscrawl.store import Store


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore("sqlite:///store.db", str(tmp_path / "store.db"))
    opened.put([article(number) for number in range(600)])
    opened.add_urls([url_state(number) for number in range(5)])
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("call", "most_sorts"),
    [
        (lambda store: list(store.articles(newest_first=True)), 0),
        (lambda store: list(store.articles(ArticleFilter(site="example", since="2026-01-01", until="2026-02-01"))), 0),
        (lambda store: list(store.articles(ArticleFilter(story_id="s"))), 1),
        (lambda store: list(store.articles(ArticleFilter(reporter="赵一"))), 1),
        (lambda store: list(store.changed_since(at(0))), 0),
        (lambda store: list(store.forgotten_since(at(0))), 0),
        (lambda store: list(store.dump_articles()), 0),
        (lambda store: store.find(url_of(1)), 0),
        (lambda store: store.find(id_of(1)[:6]), 0),
        (lambda store: store.revisions(id_of(1)), 0),
        (lambda store: store.with_content_hash("h"), 1),
        (lambda store: store.due_urls("example", at(9)), 0),
        (lambda store: store.due_urls("example", at(9), states=["stored"]), 1),
        (lambda store: store.get_urls([url_of(1)]), 0),
        (lambda store: store.runs("example"), 0),
    ],
)
def test_queries_use_indexes(sqlite: SqliteStore, call: Callable[[Store], object], most_sorts: int) -> None:
    plans: list[str] = []
    ask = sqlite.rows

    def explained(statement: str, parameters: Any = ()) -> list[Any]:
        steps = [row[3] for row in ask("EXPLAIN QUERY PLAN " + statement, parameters)]
        plans.extend(step for step in steps if "json_each" not in step)
        return ask(statement, parameters)

    sqlite.rows = explained  # type: ignore[method-assign]
    call(sqlite)
    assert plans
    assert not [step for step in plans if step.startswith("SCAN") and "INDEX" not in step]
    assert sum("TEMP B-TREE" in step for step in plans) <= most_sorts * max(1, len(plans) // 2)


def test_threads_share_a_store(sqlite: SqliteStore) -> None:
    batches = [[article(number, version, second) for number in range(20)] for second, version in enumerate("一二三四")]
    counts: list[int] = []
    threads = [threading.Thread(target=sqlite.put, args=(batch,)) for batch in batches]
    threads += [threading.Thread(target=lambda: counts.append(sum(1 for _ in sqlite.articles()))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert counts == [600] * 3
    assert [len(sqlite.revisions(id_of(number))) for number in range(20)] == [4] * 20


def test_a_reader_in_the_middle_does_not_stop_writers(sqlite: SqliteStore, tmp_path: Path) -> None:
    reading = sqlite.articles()
    next(reading)
    other = SqliteStore("sqlite:///store.db", str(tmp_path / "store.db"))
    assert other.put([article(1, "二", 9), article(1000)]) == ["changed", "new"]
    other.close()
    assert len(list(reading)) == 600
