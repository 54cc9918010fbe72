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
    with run_portal() as running:
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
    assert crawls.run(RETRY_TIMES=0) == code
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


@pytest.mark.parametrize("kind", ["bomb", "redirect-loop", "trickle", "cut", "huge", "hang"])
def test_a_hostile_page_costs_one_article(portal: Portal, crawls: Crawls, kind: str) -> None:
    path = list(portal.expected())[3]
    portal.fault(path, kind)  # type: ignore[arg-type]
    assert crawls.run(DOWNLOAD_TIMEOUT=3, RETRY_TIMES=0) == 0
    assert set(portal.expected()) - set(crawls.articles()) <= {path}


def test_endless_lists_end(portal: Portal, crawls: Crawls) -> None:
    portal.fault("/baoliao/*", "endless")
    assert crawls.run() == 0
    lists = [entry for entry in portal.log if entry.path.startswith("/baoliao/index")]
    assert len(lists) < 30


def test_limits_of_a_run(portal: Portal, crawls: Crawls) -> None:
    assert crawls.run(NEWSCRAWL_MAX_ARTICLES=7) == 0
    assert 5 <= len(crawls.articles()) <= 7  # some links of the portal lead to no article
    assert crawls.run(NEWSCRAWL_SINCE="2026-09-22") == 0
    days = {article.published_day for article in crawls.articles().values()}
    assert len(crawls.articles()) > 7
    newest = {path for path, truth in portal.expected().items() if truth.published_day >= "2026-09-22"}
    assert newest <= set(crawls.articles()), days


def test_two_runs_of_one_site_never_overlap(portal: Portal, crawls: Crawls) -> None:
    portal.fault("/baoliao/*", "slow", delay=0.5)
    first = crawls.start()
    while not portal.log:
        assert first.poll() is None
    assert crawls.run() == 75
    assert first.wait(60) == 0
