from __future__ import annotations

import random
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawl.search import IndexUnusableError, open_index, schema
from newscrawl.search import sync as sync_module
from newscrawl.store import open_store
from tests.search.corpus import make

if TYPE_CHECKING:
    from pathlib import Path

    from newscrawl.search import SearchIndex
    from newscrawl.store import Store

LATER = datetime(2026, 10, 1, tzinfo=UTC)


def rows_with_tokens(index: SearchIndex) -> set[int]:
    """Rows that the full-text table holds anything of; checks it for inner damage first."""
    index.connection.execute("INSERT INTO fts (fts) VALUES ('integrity-check')")
    return {doc for (doc,) in index.connection.execute("SELECT DISTINCT doc FROM places")}


def live_rows(index: SearchIndex) -> set[int]:
    return {doc for (doc,) in index.connection.execute("SELECT id FROM docs")}


def test_second_sync_finds_nothing_to_do(index: SearchIndex) -> None:
    report = index.sync()
    assert (report.indexed, report.removed, report.purged) == (0, 0, 0)


def test_changed_text_replaces_the_old(store: Store, index: SearchIndex) -> None:
    store.put([make("cotton", title="棉价下跌", body="收购放缓。", fetched_at=LATER)])
    assert index.search("亩产创新高").total == 1  # the copy; the changed one is seen to be stale
    assert index.sync().indexed == 1
    assert [index.search(query).total for query in ("棉价下跌", "阿拉尔", "新疆棉花")] == [1, 1, 1]
    assert index.search("亩产创新高").notes == []


def test_stale_hit_is_left_out_and_noted(store: Store, index: SearchIndex) -> None:
    store.put([make("wheat", title="改了", body="改了", fetched_at=LATER)])
    results = index.search("小麦")
    assert (results.total, results.hits) == (0, [])
    assert "have changed" in results.notes[0]


def test_forgotten_article_leaves_no_token(store: Store, index: SearchIndex) -> None:
    store.forget(make("wheat").id, LATER)
    report = index.sync()
    assert (report.removed, report.purged) == (1, 1)
    assert index.search("小麦").total == 0
    assert rows_with_tokens(index) == live_rows(index)
    assert index.sync().removed == 0


def test_article_is_removed_before_the_store_forgets_it(store: Store, index: SearchIndex) -> None:
    article = store.get(make("wheat").id)
    assert article is not None
    assert index.remove(article)
    assert not index.remove(article)
    assert rows_with_tokens(index) == live_rows(index)
    assert (index.count(), index.search("小麦").total) == (4, 0)
    store.forget(article.id, LATER)
    report = index.sync()
    assert (report.removed, report.purged) == (0, 0)


def test_article_that_the_index_has_otherwise_is_not_removed(index: SearchIndex) -> None:
    assert not index.remove(make("wheat", body="别的"))
    assert index.search("小麦").total == 1


def test_story_and_status_leave_the_tokens_alone(store: Store, index: SearchIndex) -> None:
    before = rows_with_tokens(index)
    store.set_story([{"id": make("wheat").id, "story_id": make("cotton").id}])
    store.set_status(make("traditional").id, "gone", LATER)
    assert index.sync().indexed == 2
    assert rows_with_tokens(index) == before
    assert index.search("收购", stories=True).total == 1
    assert index.search("棉花 status:gone").total == 1


def test_gone_article_is_found_only_when_asked_for(store: Store, index: SearchIndex) -> None:
    store.set_status(make("wheat").id, "gone", LATER)
    index.sync()
    totals = [index.search(f"小麦 {status}").total for status in ("", "status:gone", "status:any")]
    assert totals == [0, 1, 1]
    assert index.search("status:gone").total == 1
    store.mark_seen([make("wheat").id], LATER + timedelta(days=1))
    index.sync()
    assert index.search("小麦").total == 1


def test_many_changes_are_purged_together(store: Store, index: SearchIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_module, "PURGE_SHARE", 10.0)
    for turn in range(1, 4):
        store.put([make("wheat", body=f"第{turn}版", fetched_at=LATER + timedelta(days=turn))])
        index.sync()
    assert len(rows_with_tokens(index)) == 8
    assert index.search("版").total == 1
    assert sync_module.purge(index.connection) == 3
    assert rows_with_tokens(index) == live_rows(index)
    assert index.search("第3版").total == 1


def test_article_that_commits_late_is_not_missed(index: SearchIndex) -> None:
    class Late:
        """A store in which an article appears behind the watermark, as a slow writer's does."""

        def changed_since(self, watermark: datetime | None) -> object:
            late = make("late", body="迟到的棉花")
            assert watermark is not None
            late.updated_at = watermark + timedelta(seconds=1)
            return iter([late])

        def forgotten_since(self, watermark: object) -> object:
            del watermark
            return iter(())

    before = schema.get_meta(index.connection, "watermark")
    assert index.sync(Late()).indexed == 1  # type: ignore[arg-type]
    assert schema.get_meta(index.connection, "watermark") == before


def test_what_is_settled_is_not_read_again(index: SearchIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    assert index.sync().read == 5
    watermark = datetime.fromisoformat(schema.get_meta(index.connection, "watermark"))
    monkeypatch.setenv("NEWSCRAWL_NOW", (watermark + timedelta(minutes=5)).isoformat())
    assert [index.sync().read for _ in range(3)] == [5, 1, 1]  # one bears the watermark itself
    index.store.put([make("new", body="新来的棉花")])
    assert [index.sync().indexed for _ in range(2)] == [1, 0]
    assert index.search("新来的棉花").total == 1


def test_broken_off_sync_goes_on(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_module, "STEP", 10)
    store.put([make(f"n{number}", body=f"第{number}篇棉花") for number in range(35)])
    index = open_index(store, tmp_path / "i.db")

    def stop(read: int) -> None:
        if read >= 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.sync(progress=stop)
    assert index.count() == 20
    index.sync()
    assert index.search("棉花").total == 35
    index.close()


def test_index_of_another_version_is_built_again(index: SearchIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_module, "version", lambda: "another")
    report = index.sync()
    assert (report.rebuilt, report.indexed) == (True, 5)
    assert index.search("棉花").total == 4


def test_rebuild_and_lost_file(store: Store, index: SearchIndex) -> None:
    assert index.rebuild().indexed == 5
    assert index.search("棉花").total == 4
    path = index.path
    index.close()
    path.unlink()
    again = open_index(store)
    assert again.search("棉花").total == 0
    again.sync()
    assert again.search("棉花").total == 4
    again.close()


def test_large_sync_leaves_one_piece_without_gaps(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_module, "STEP", 50)
    monkeypatch.setattr(sync_module, "MERGE_PAGES", 3)
    source = random.Random(5)
    characters = [chr(code) for code in range(0x4E00, 0x5200)]
    store.put([make(f"n{number}", body="".join(source.choices(characters, k=400))) for number in range(300)])
    index = open_index(store, tmp_path / "i.db")
    index.sync()
    (segments,) = index.connection.execute("SELECT count(DISTINCT segid) FROM fts_idx").fetchone()
    (free,) = index.connection.execute("PRAGMA freelist_count").fetchone()
    assert (segments, free) == (1, 0)
    assert rows_with_tokens(index) == live_rows(index)
    index.close()


def test_ids_that_are_no_hashes(store: Store, index: SearchIndex) -> None:
    article = make("odd", body="奇怪的编号")
    article.id = "import:7"
    store.put([article])
    index.sync()
    assert [hit.article.id for hit in index.search("奇怪的编号").hits] == ["import:7"]


@pytest.mark.parametrize("body", ["", "\x00", "a" * 100_000, "棉" * 50_000, "\u200b" * 1000, "·§" * 100])
def test_any_text_is_indexed(store: Store, index: SearchIndex, body: str) -> None:
    store.put([make("any", title="任意", body=body, reporters=["", "  ", "§0"], section="·")])
    index.sync()
    assert index.search("任意").total == 1
    assert index.search("reporter:§0").total == 1


ACTIONS, WORDS = st.sampled_from(["put", "forget", "gone", "sync"]), st.sampled_from(["棉花", "小麦", "棉麦"])
histories = st.lists(st.tuples(ACTIONS, st.integers(0, 3), WORDS), max_size=12)


@settings(derandomize=True, deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=histories)
def test_after_a_sync_the_index_says_what_the_store_says(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, str]]
) -> None:
    folder = tmp_path_factory.mktemp("history")
    store = open_store(f"sqlite:///{folder}/corpus.db")
    index = open_index(store)
    for moment, (action, number, word) in enumerate(steps):
        at = LATER + timedelta(hours=moment)
        if action == "put":
            store.put([make(f"n{number}", title=word, body=f"{word}的消息", fetched_at=at)])
        elif action == "forget":
            store.forget(make(f"n{number}").id, at)
        elif action == "gone":
            store.set_status(make(f"n{number}").id, "gone", at)
        else:
            index.sync()
    index.sync()
    live = [article for article in store.articles() if article.status != "gone"]
    for word in ("棉花", "小麦", "麦的"):
        wanted = {article.id for article in live if word in article.body}
        results = index.search(word)
        assert {hit.article.id for hit in results.hits} == wanted
        assert (results.total, results.notes) == (len(wanted), [])
    index.close()
    store.close()


def test_two_that_build_at_once_build_one_index(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_module, "STEP", 7)
    store.put([make(f"n{number}", body=f"第{number}篇棉花") for number in range(40)])
    index = open_index(store, tmp_path / "i.db")
    threads = [threading.Thread(target=index.sync) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert (index.count(), index.search("棉花").total) == (40, 40)
    assert rows_with_tokens(index) == live_rows(index)
    index.close()


def test_damaged_index_is_told(index: SearchIndex) -> None:
    index.connection.execute("DROP TABLE docs")
    for use in (index.search, index.sync):
        with pytest.raises(IndexUnusableError, match="build it again"):
            use()
