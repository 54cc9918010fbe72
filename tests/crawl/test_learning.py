"""What a site teaches: frozen while a run reads with it, grown beside it, a new version when it has grown enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newscrawl.crawl.run.learning import MORE_PAGES, Lessons, SiteLearning, read_lessons
from newscrawl.page import read_page

if TYPE_CHECKING:
    from newscrawl.page import Page
    from newscrawl.store import Store

NOTICE = "青杨网友情提示：出门请带好雨具。"


def page(number: int) -> Page:
    paragraphs = "".join(
        f"<p>青杨市第{number}小学的{part}班今天去了河边，孩子们数了{number * part + 3}只水鸟，老师说明天还要再来。</p>"
        for part in range(1, 6)
    )
    html = (
        f"<html><head><title>第{number}小学观鸟_青杨网</title></head><body><div class=main><h1>第{number}小学观鸟</h1>"
        f"<div class=text.body>{paragraphs}<p>{NOTICE}</p></div></div></body></html>"
    )
    return read_page(html, f"https://portal.example/a/2026-09-{number % 28 + 1:02d}/{number}.html")


def learn(learning: SiteLearning, numbers: range) -> None:
    for number in numbers:
        found = page(number)
        assert found.article is not None
        learning.learn_page(found)
        learning.learn_lines(found.article.body)


def test_a_run_reads_with_what_was_there_at_its_start() -> None:
    learning = SiteLearning("portal")
    learning.begin(None, None)
    learn(learning, range(30))
    assert learning.profile is None
    assert learning.lines is None
    assert learning.version == ""
    assert learning.has_learned
    assert learning.learned.lines.is_repeated(NOTICE)


@pytest.mark.parametrize(("pages", "is_new"), [(0, False), (MORE_PAGES - 1, False), (MORE_PAGES, True)])
def test_a_version_is_made_when_enough_was_learned(pages: int, *, is_new: bool) -> None:
    learning = SiteLearning("portal")
    learning.begin(None, None)
    learn(learning, range(pages))
    assert learning.is_new_version is is_new


def test_learning_goes_on_over_runs_and_versions_stay_few(store: Store) -> None:
    for number in range(30):
        learning = SiteLearning("portal")
        learning.begin(store.get_profile("portal"), store.site_state("portal").get("learning"))
        learn(learning, range(number * 10, number * 10 + 10))
        store.put_site_state("portal", {"learning": learning.learned.to_dict()})
        if learning.is_new_version:
            store.put_profile("portal", learning.learned.version, learning.learned.to_dict())
    assert store.site_state("portal")["learning"]["profile"]["pages"] == 300
    assert 3 <= len(store.profile_versions("portal")) <= 12


def test_a_version_reads_pages_the_same_for_ever(store: Store) -> None:
    learning = SiteLearning("portal")
    learning.begin(None, None)
    learn(learning, range(40))
    version = learning.learned.version
    store.put_profile("portal", version, learning.learned.to_dict())
    stored = store.get_profile("portal", version)
    assert stored is not None
    profile, lines, again = read_lessons(stored)
    assert again == version
    assert Lessons.from_dict(stored) == learning.learned
    assert lines.is_repeated(NOTICE)
    read = read_page(
        "<h1>第7小学观鸟</h1><p>" + "孩子们在河边数水鸟，老师说明天还要再来。" * 9,
        "https://p.example/1",
        profile=profile,
    )
    assert read.article is not None
    assert read.article.extractor.version.endswith(f"+{version}")


def test_a_demo_neither_reads_nor_learns() -> None:
    learning = SiteLearning("portal", enabled=False)
    learning.begin(Lessons().to_dict(), None)
    learn(learning, range(30))
    assert learning.profile is None
    assert not learning.has_learned
    assert not learning.is_new_version


@pytest.mark.parametrize("values", [{}, {"profile": 7, "lines": None}, {"lines": {}}])
def test_damaged_lessons_are_empty(values: dict[str, object]) -> None:
    assert Lessons.from_dict(values) == Lessons()
