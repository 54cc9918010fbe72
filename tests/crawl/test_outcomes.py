"""What a crawl of the demo portal amounts to: articles, records, verdicts, exit codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newscrawl.demo import PRIVATE_TARGETS, Portal, run_portal
from tests.crawl.support import Crawls

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def portal() -> Iterator[Portal]:
    with run_portal(articles=24) as running:
        yield running


@pytest.fixture
def crawls(portal: Portal, tmp_path: Path) -> Crawls:
    return Crawls(portal.url, tmp_path)


def test_every_article_once_and_nothing_that_robots_forbids(portal: Portal, crawls: Crawls) -> None:
    assert crawls.run(CONCURRENT_REQUESTS=16) == 0
    assert set(crawls.articles()) == set(portal.expected())
    assert len(portal.forbidden()) == 50
    assert not [entry.path for entry in portal.log if entry.path in portal.forbidden()]
    run = crawls.last_run()
    assert (run.verdict, run.exit_code) == ("ok", 0)
    assert run.counts["new"] == len(portal.expected())
    assert run.coverage["title"] == 1.0


def test_an_unchanged_portal_is_ok_and_gives_no_article_bodies(portal: Portal, crawls: Crawls) -> None:
    crawls.now = "2026-11-01T00:00:00+00:00"
    assert crawls.run() == 0
    portal.clear_log()
    crawls.now = "2026-11-01T06:00:00+00:00"
    assert crawls.run() == 0
    articles = [entry for entry in portal.log if entry.path in portal.expected()]
    assert {entry.status for entry in articles} <= {304}
    assert crawls.last_run().counts.get("new", 0) == 0


def test_changed_and_vanished_articles_are_recorded(portal: Portal, crawls: Crawls) -> None:
    crawls.now = "2026-09-24T00:00:00+00:00"
    assert crawls.run() == 0
    changed, vanished = list(portal.expected())[:2]
    before = crawls.articles()[changed]
    portal.fault(changed, "changed")
    portal.fault(vanished, "vanished")
    for now in ("2026-09-25T01:00:00+00:00", "2026-09-27T02:00:00+00:00"):
        crawls.now = now
        assert crawls.run() == 0
    articles = crawls.articles()
    assert articles[changed].body != before.body
    assert articles[changed].revision == 2
    assert articles[changed].status == "changed"
    assert articles[vanished].status == "gone"
    assert articles[vanished].body, "the last text is kept"
    store = crawls.store()
    assert [found.number for found in store.revisions(before.id)] == [1, 2]
    store.close()


def test_a_page_that_is_missing_once_is_not_gone(portal: Portal, crawls: Crawls) -> None:
    crawls.now = "2026-09-24T00:00:00+00:00"
    assert crawls.run() == 0
    path = next(iter(portal.expected()))
    portal.fault(path, "status", status=404)
    crawls.now = "2026-09-25T01:00:00+00:00"
    assert crawls.run() == 0
    portal.clear_faults()
    crawls.now = "2026-09-27T02:00:00+00:00"
    assert crawls.run() == 0
    assert crawls.articles()[path].status == "live"


@pytest.mark.parametrize(
    ("pattern", "fault", "code"),
    [
        ("*", {"kind": "status", "status": 500}, 12),
        ("*", {"kind": "reset"}, 12),
        ("/[a-z]*/20*", {"kind": "status", "status": 404}, 10),
    ],
)
def test_exit_codes(portal: Portal, crawls: Crawls, pattern: str, fault: dict[str, object], code: int) -> None:
    portal.fault(pattern, **fault)  # type: ignore[arg-type]
    assert crawls.run(RETRY_TIMES=0, NEWSCRAWL_MAX_REQUESTS=40) == code
    assert crawls.last_run().exit_code == code
    assert crawls.last_run().reasons


def test_a_portal_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    with run_portal() as portal:
        url = portal.url
    assert Crawls(url, tmp_path).run(RETRY_TIMES=0) == 12


def test_a_run_that_closes_early_says_so(crawls: Crawls) -> None:
    assert crawls.run(CLOSESPIDER_PAGECOUNT=5) == 14
    assert crawls.run() == 0, "the next run takes up what was left"


def test_private_addresses_are_refused_in_every_spelling(portal: Portal, crawls: Crawls) -> None:
    paths = list(portal.expected())[: len(PRIVATE_TARGETS)]
    for path, target in zip(paths, PRIVATE_TARGETS, strict=True):
        portal.fault(path, "redirect-private", location=target.format(port=9))
    assert crawls.run() == 0
    articles = crawls.articles()
    assert not set(paths) & set(articles)
    assert len(articles) == len(portal.expected()) - len(paths)


HOSTILE = ("bomb", "redirect-loop", "trickle", "cut", "huge", "hang")
MOST_MEMORY = 200  # MB


def test_hostile_pages_cost_themselves_and_no_memory(portal: Portal, crawls: Crawls) -> None:
    hostile = dict(zip(HOSTILE, list(portal.expected())[3:], strict=False))
    for kind, path in hostile.items():
        portal.fault(path, kind)  # type: ignore[arg-type]
    code, memory = crawls.measure(DOWNLOAD_TIMEOUT=3, RETRY_TIMES=0)
    assert code == 0
    missing = set(portal.expected()) - set(crawls.articles())
    assert missing <= set(hostile.values())
    assert missing >= {hostile[kind] for kind in ("bomb", "redirect-loop", "trickle", "hang")}
    assert memory < MOST_MEMORY
    store = crawls.store()
    left = {state.url.partition(".net")[2]: state for state in store.url_states("xjnnet")}
    store.close()
    assert all(left[path].reason for path in missing), "the record says why"


@pytest.mark.parametrize("text", ["", "fresh"])
def test_endless_lists_end(portal: Portal, crawls: Crawls, text: str) -> None:
    portal.fault("/baoliao/*", "endless", text=text)
    code, memory = crawls.measure(NEWSCRAWL_MAX_LIST_PAGES=25)
    assert code == 0
    lists = [entry for entry in portal.log if entry.path.startswith("/baoliao/index")]
    assert len(lists) <= 26
    assert memory < MOST_MEMORY


def test_limits_of_a_run(portal: Portal, crawls: Crawls) -> None:
    assert crawls.run(NEWSCRAWL_MAX_ARTICLES=4) == 0
    assert len(crawls.articles()) <= 4
    assert crawls.run(NEWSCRAWL_SINCE="2026-09-22") == 0
    newest = {path for path, truth in portal.expected().items() if truth.published_day >= "2026-09-22"}
    assert 4 < len(newest) < len(portal.expected())
    assert newest <= set(crawls.articles())
    older = set(crawls.articles()) - newest
    assert len(older) <= 4, "only what the first run took"


def test_the_quicker_event_loop_is_used_where_it_is_installed(portal: Portal, crawls: Crawls) -> None:
    stand_in = "import asyncio\n\nclass Loop(asyncio.SelectorEventLoop):\n    pass\n"
    (crawls.home / "uvloop.py").write_text(stand_in)  # the folder is on the crawl's path
    assert crawls.run(LOG_LEVEL="DEBUG") == 0
    assert "Using asyncio event loop: uvloop.Loop" in crawls.log()
    assert set(crawls.articles()) == set(portal.expected())
