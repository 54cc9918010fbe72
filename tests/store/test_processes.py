"""Several processes at one store, killed processes, a full disk, a server that goes away: with real ones."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newscrawl.items import article_id
from newscrawl.store import StoreUnavailableError, open_store
from tests.store.samples import article, at, id_of, url_of
from tests.store.workers import ARTICLES, VERSIONS, WRITERS, versions_of

if TYPE_CHECKING:
    from newscrawl.store import Store
    from tests.mongo_engine import Engine

ROOT = Path(__file__).parents[2]


def start(task: str, uri: str, number: int, **environment: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.store.workers", task, uri, str(number)]
    variables = {**os.environ, **environment}
    return subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True)  # noqa: S603


def output_of(processes: list[subprocess.Popen[str]]) -> list[str]:
    outputs = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes)
    return outputs


def lines_until_killed(process: subprocess.Popen[str], lines: int) -> list[str]:
    """Read so many lines, kill the process, and return all that it had reported."""
    assert process.stdout is not None
    found = [process.stdout.readline() for _ in range(lines)]
    process.kill()
    found += process.communicate()[0].splitlines()
    return [line.strip() for line in found if line.strip()]


def test_four_processes_end_in_one_head_and_all_revisions(store: Store, store_uri: str, tmp_path: Path) -> None:
    processes = [start("put_versions", store_uri, worker) for worker in range(WRITERS)]
    output_of(processes)
    assert store.count() == ARTICLES
    for number in range(ARTICLES):
        found = store.get(id_of(number))
        assert found is not None
        revisions = store.revisions(id_of(number))
        assert [row.number for row in revisions] == list(range(1, VERSIONS + 1))
        assert [row.fetched_at for row in revisions] == [at(version) for version in range(VERSIONS)]
        assert [row.article.body[3] for row in revisions] == list("甲乙丙甲乙丙")
        assert (found.body, found.fetched_at) == (revisions[-1].article.body, at(VERSIONS - 1))
    alone = open_store(f"sqlite:///{tmp_path / 'alone.db'}")
    for worker in range(WRITERS):
        alone.put(versions_of(worker))
    for one, other in zip(store.articles(), alone.articles(), strict=True):
        one.updated_at = other.updated_at
        assert one == other
    alone.close()


def test_one_of_four_processes_gets_each_lease(store: Store, store_uri: str) -> None:
    store.init()
    rows = output_of([start("race_for_lease", store_uri, worker) for worker in range(WRITERS)])
    assert all(column.count("x") == 1 for column in zip(*(row.strip() for row in rows), strict=True))
    assert len(store.leases(at(1))) == 50


def test_each_url_is_new_to_one_of_four_processes(store: Store, store_uri: str) -> None:
    added = output_of([start("add_same_urls", store_uri, worker) for worker in range(WRITERS)])
    assert sum(map(int, added)) == 200
    assert store.url_counts("") == {"queued": 200}


def test_changes_are_never_written_behind_a_reader(store: Store, store_uri: str) -> None:
    processes = [start("put_versions", store_uri, worker) for worker in range(WRITERS)]
    state: dict[str, str] = {}
    mark = None, ""
    while any(process.poll() is None for process in processes):
        for found in store.changed_since(*mark):
            state[found.id] = found.body
            mark = found.updated_at, found.id  # type: ignore[assignment]
    output_of(processes)
    for found in store.changed_since(*mark):
        state[found.id] = found.body
    assert state == {found.id: found.body for found in store.articles()}


def test_a_killed_writer_loses_nothing_that_was_reported(store: Store, store_uri: str) -> None:
    chance = random.Random(3)
    reported: list[int] = []
    for round_ in range(3):
        process = start("put_endlessly", store_uri, round_)
        reported += map(int, lines_until_killed(process, chance.randint(1, 12)))
    expected = {id_of(first + offset) for first in reported for offset in range(10)}
    assert expected <= {found.id for found in store.articles()}
    assert expected <= {found.id for found in store.changed_since(None)}
    urls = {state.url for state in store.url_states()}
    assert {url_of(first) for first in reported} <= urls
    assert store.put([article(number=first) for first in reported]) == ["unchanged"] * len(reported)


def test_rekeying_goes_on_where_it_was_killed(store: Store, store_uri: str) -> None:
    store.put([article(number, version, seconds) for number in range(30) for seconds, version in enumerate("一二三")])
    chance = random.Random(5)
    for _ in range(3):
        lines_until_killed(start("rekey_endlessly", store_uri, 2), chance.randint(1, 6))
    output_of([start("rekey_endlessly", store_uri, 2)])
    assert store.count() == 30
    for number in range(30):
        (found,) = store.find(url_of(number))
        assert found.id == article_id(f"https://www.example.cn/2/{number}.html")
        assert [row.article.body[3] for row in store.revisions(found.id)] == list("一二三")
    assert store.status().counts["revisions"] == 60


def test_a_full_disk_stores_nothing_half_and_is_overcome(tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path / 'store.db'}"
    first, last = output_of([start("fill_disk", uri, 600_000)])[0].splitlines()
    stored, counted, message = first.split(" ", 2)
    assert int(stored) == int(counted) > 0
    assert "disk" in message
    assert int(last) == int(stored) + 10
    assert open_store(uri).count() == int(last)


@pytest.mark.mongo
def test_a_server_that_is_killed_and_comes_back_loses_nothing(own_mongo: Engine, tmp_path: Path) -> None:
    uri = f"{own_mongo.uri}outage?serverSelectionTimeoutMS=300"
    process = start("put_through_outage", uri, 60, SPOOL=str(tmp_path / "spool.jsonl"))
    assert process.stdout is not None
    while not process.stdout.readline().startswith("stored 9"):
        assert process.poll() is None
    own_mongo.kill()
    while not process.stdout.readline().startswith("spooled"):
        assert process.poll() is None
    own_mongo.restart()
    rest = process.communicate(timeout=120)[0]
    assert process.returncode == 0
    assert "drained" in rest
    store = open_store(uri)
    assert store.count() == 60
    assert all(len(store.revisions(id_of(number))) == 1 for number in range(60))
    store.close()


@pytest.mark.mongo
def test_without_a_server_there_is_one_clear_line() -> None:
    store = open_store("mongodb://user:secret@127.0.0.1:9/none?serverSelectionTimeoutMS=100")
    with pytest.raises(StoreUnavailableError) as caught:
        store.put([article()])
    message = str(caught.value)
    assert "does not answer" in message
    assert "secret" not in message
    assert "\n" not in message
    with pytest.raises(StoreUnavailableError):
        list(store.articles())
    store.close()
