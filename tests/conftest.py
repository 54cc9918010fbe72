"""Fixtures that several rooms share: stores of both kinds, on a real MongoDB engine where there is one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from newscrawl.store import open_store
from tests.mongo_engine import Engine, start_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newscrawl.store import Store

_ENVIRONMENT = ("NEWSCRAWL_STORE", "NEWSCRAWL_SITES", "MONGO_URI", "MONGO_DATABASE", "NEWSCRAWL_NOW")


@pytest.fixture(autouse=True)
def _no_store_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep tests away from the store that the environment of the person at the keyboard names."""
    for name in _ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)


def _no_engine() -> None:
    reason = (
        "no MongoDB: name a server in NEWSCRAWL_TEST_MONGO_URI, a starter in NEWSCRAWL_TEST_MONGO_ENGINE,"
        " or put mongod on the PATH"
    )
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def mongo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a MongoDB server for the whole run of this process."""
    if named := os.environ.get("NEWSCRAWL_TEST_MONGO_URI"):
        yield named
        return
    engine = start_engine(tmp_path_factory.mktemp("mongo"))
    if engine is None:
        _no_engine()
    else:
        yield engine.uri
        engine.stop()


@pytest.fixture
def mongo_uri(mongo_server: str) -> Iterator[str]:
    """Give the URI of a database of its own for one test."""
    from pymongo import MongoClient

    server, _, options = mongo_server.partition("?")
    name = f"newscrawl_test_{uuid4().hex[:12]}"
    scheme, _, rest = server.partition("://")
    uri = f"{scheme}://{rest.partition('/')[0]}/{name}" + (f"?{options}" if options else "")
    yield uri
    with MongoClient[dict[str, object]](uri, serverSelectionTimeoutMS=5000) as client:
        client.drop_database(name)


@pytest.fixture
def own_mongo(tmp_path: Path) -> Iterator[Engine]:
    """Give an engine that the test may kill and start again."""
    engine = start_engine(tmp_path / "mongo")
    if engine is None:
        _no_engine()
    else:
        yield engine
        engine.stop()


@pytest.fixture(params=["sqlite", pytest.param("mongo", marks=pytest.mark.mongo)])
def store_uri(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URI of an empty store: every test runs on both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    uri: str = request.getfixturevalue("mongo_uri")
    return uri


@pytest.fixture
def store(store_uri: str) -> Iterator[Store]:
    """Give an empty store: every test runs on both kinds."""
    opened = open_store(store_uri)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Give the path of a real Chromium; where there is none, such tests are skipped, and with CI set they fail."""
    from newscrawl.crawl.fetch.browser import find_chromium

    found = find_chromium()
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("no Chromium: apt-get install chromium")
    assert found is not None
    return found
