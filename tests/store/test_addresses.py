"""Store addresses: what `open_store` takes, and what it says to all else."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.store import StoreError, open_store
from newscrawl.store.sqlite import SqliteStore
from newscrawl.store.uri import redact
from tests.store.samples import article, at

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("sqlite:///news.db", "news.db"),
        ("sqlite:////var/lib/news.db", "/var/lib/news.db"),
        (" SQLITE:///data/新闻.db ", "data/新闻.db"),
    ],
)
def test_sqlite_addresses_name_a_file(uri: str, path: str) -> None:
    store = open_store(uri)
    assert isinstance(store, SqliteStore)
    assert str(store.path) == path


@pytest.mark.parametrize(
    ("variables", "uri"),
    [
        ({"NEWSCRAWL_STORE": "sqlite:///a.db", "MONGO_URI": "mongodb://h/"}, "sqlite:///a.db"),
        ({"MONGO_URI": "mongodb://h/"}, "mongodb://h/"),
    ],
)
def test_the_environment_names_the_store(variables: dict[str, str], uri: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert open_store(None).uri == uri


def test_without_environment_it_is_one_file_under_data() -> None:
    assert open_store(None).uri.startswith("sqlite:///")
    assert open_store(None).uri.endswith("data/newscrawl.db")


@pytest.mark.parametrize(
    ("uri", "variable", "name"),
    [
        ("mongodb://h/path?w=1", "other", "path"),
        ("mongodb://h/", "named", "named"),
        ("mongodb://h", "", "newscrawl"),
        ("mongodb://u:p@h1:1,h2:2/path", "", "path"),
    ],
)
def test_the_database_is_that_of_the_path_else_of_the_environment(
    uri: str, variable: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONGO_DATABASE", variable)
    store = open_store(uri)
    assert cast("Any", store).database.name == name
    store.close()


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "  ",
        "news.db",
        "sqlite://",
        "sqlite:///",
        "sqlite:///folder/",
        "sqlite://news.db",
        "sqlite:///:memory:",
        "sqlite:///a.db?mode=ro",
        "mysql://h/db",
        "mongodb://",
        "mongodb:///db",
        "mongodb://h:port/db",
        "mongodb://h:1:2/db",
        "mongodb://h/db?w=x&unknownOption",
        "mongodb://h/a b$c",
        "mongodb://user:secret@h:99999/db",
    ],
)
def test_an_address_that_cannot_be_read_is_refused_in_one_line(uri: str) -> None:
    with pytest.raises(StoreError, match=r"mongodb://HOST|sqlite:///|one plain file") as caught:
        open_store(uri)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


@given(st.text(max_size=30).map("mongodb://".__add__) | st.text(max_size=30).map("sqlite://".__add__) | st.text())
@settings(derandomize=True, deadline=None, max_examples=150)
def test_any_text_opens_or_is_refused(uri: str) -> None:
    message = ""
    try:
        open_store(uri).close()
    except StoreError as error:
        message = str(error)
    assert len(message.splitlines()) <= 1


def test_passwords_are_not_shown() -> None:
    assert redact("mongodb://me:p@ss/w@h:1/db") == "mongodb://me:***@h:1/db"
    store = open_store("mongodb://me:secret@127.0.0.1:9/db?serverSelectionTimeoutMS=50")
    with pytest.raises(StoreError) as caught:
        store.init()
    assert "secret" not in str(caught.value)
    store.close()


def test_the_sqlite_store_does_not_import_pymongo(tmp_path: Path) -> None:
    code = (
        "import sys; from newscrawl.store import open_store;"
        f"store = open_store('sqlite:///{tmp_path}/a.db'); store.init(); print(store.count());"
        "sys.exit(bool({'pymongo', 'bson', 'scrapy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603


def test_reading_makes_no_file(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/none/store.db")
    assert store.count() == 0
    assert list(tmp_path.iterdir()) == []
    store.put([article()])
    assert store.count() == 1


@pytest.mark.parametrize("content", [b"this is no database, but a text of some length" * 50, b"SQLite format 3\0rest"])
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    store = open_store(f"sqlite:///{path}")
    for action in (lambda: store.put([article()]), store.count, store.init):
        with pytest.raises(StoreError, match="damaged or no SQLite file"):
            action()
    assert path.read_bytes() == content


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE articles (id)")
    store = open_store(f"sqlite:///{path}")
    for action in (lambda: store.put([article()]), store.count):
        with pytest.raises(StoreError, match="of another program"):
            action()


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    store.init()
    store.close()
    with closing(sqlite3.connect(tmp_path / "store.db")) as raw:
        raw.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="newer newscrawl"):
        store.count()


@pytest.mark.mongo
def test_a_newer_schema_is_refused_by_mongodb(mongo_uri: str) -> None:
    store = open_store(mongo_uri)
    store.init()
    cast("Any", store).database["meta"].update_one({"_id": "schema"}, {"$set": {"version": 99}})
    store.close()
    with pytest.raises(StoreError, match="newer newscrawl"):
        open_store(mongo_uri).put([article()])


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    store = open_store(f"sqlite:///{tmp_path}/file/sub/store.db")
    with pytest.raises(StoreError, match="Cannot"):
        store.init()
    with pytest.raises(StoreError, match="Cannot"):
        open_store(f"sqlite:///{tmp_path}").put([article()])


def test_a_forgotten_text_is_not_left_in_the_file(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    store.put([article(number, body=f"words to be forgotten {number}") for number in range(20)])
    store.put([article(3, body="later words to be forgotten 3 again", seconds=9)])
    assert store.forget(article(3).id, at(60))
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"forgotten 3" not in files
    assert b"words to be forgotten 4" in files


def test_a_database_that_may_not_grow_is_a_full_disk(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    store.init()
    cast("Any", store)._writer.execute("PRAGMA max_page_count = 60")
    with pytest.raises(StoreError, match="is full: make room"):
        store.put([article(number, body="满" * 3000) for number in range(100)])
    assert store.count() == 0
    cast("Any", store)._writer.execute("PRAGMA max_page_count = 1000000")
    assert store.put([article()]) == ["new"]
    store.mark_seen([article().id], at(5))
