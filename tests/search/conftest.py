from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from newscrawl.search import SearchIndex, open_index
from newscrawl.store import Store, open_store
from tests.search.corpus import ARTICLES, make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/corpus.db")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def corpus_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the corpus and its index, copied for every test that wants them: building takes longer."""
    folder = tmp_path_factory.mktemp("corpus")
    store = open_store(f"sqlite:///{folder}/corpus.db")
    store.put(ARTICLES)
    original = make("cotton").id
    link = {"id": make("copy").id, "story_id": original, "duplicate_of": original, "duplicate_kind": "reprint"}
    store.set_story([link])
    index = open_index(store)
    index.sync()
    index.close()
    store.close()
    return folder


@pytest.fixture
def index(store: Store, corpus_files: Path, tmp_path: Path) -> Iterator[SearchIndex]:
    for file in corpus_files.iterdir():
        shutil.copy(file, tmp_path)
    opened = open_index(store)
    yield opened
    opened.close()


@pytest.fixture
def found(index: SearchIndex) -> Callable[..., set[str]]:
    """Names of the articles that a query finds; the total must agree."""

    def find(query: str, **options: object) -> set[str]:
        results = index.search(query, limit=100, **options)  # type: ignore[arg-type]
        assert results.total == len(results.hits)
        return {hit.article.url.rsplit("/", 1)[1].removesuffix(".html") for hit in results.hits}

    return find
