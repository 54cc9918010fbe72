"""The corpus as a notebook asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import newscrawl
from newscrawl.items import Article

if TYPE_CHECKING:
    from newscrawl.notebook import Corpus
    from newscrawl.store import Store


@pytest.fixture
def corpus(store: Store, store_uri: str) -> Corpus:
    store.put(
        [
            Article(
                url=f"https://xjnnet.net/a/2026-09-2{day}/1.html",
                id=f"{day}" * 40,
                site="xjnnet" if day else "other",
                title=f"第{day}篇",
                body="青杨湖的芦苇已经没过人头。",
                published_day=f"2026-09-2{day}",
            )
            for day in range(4)
        ]
    )
    return newscrawl.open_store(store_uri)


def test_articles_by_field_and_day(corpus: Corpus) -> None:
    with corpus:
        found = corpus.articles(site="xjnnet", since="2026-09-22")
        assert [article.title for article in found] == ["第3篇", "第2篇"]
        assert len(found) == 2
        assert [article.title for article in corpus.articles(limit=1)] == ["第3篇"]
        found_one = corpus.article("3" * 40)
        assert found_one is not None
        assert found_one.title == "第3篇"
        assert corpus.article("f" * 40) is None
        with pytest.raises(TypeError):
            corpus.articles(colour="red")


def test_a_frame_of_pandas(corpus: Corpus) -> None:
    pytest.importorskip("pandas")
    frame = corpus.articles(site="xjnnet").to_pandas()
    assert list(frame["title"]) == ["第3篇", "第2篇", "第1篇"]
    corpus.close()
