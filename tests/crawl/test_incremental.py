"""Over many runs: what a site teaches, what changed, how far into the past."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from newscrawl.crawl.run.learning import MORE_PAGES
from newscrawl.demo import run_portal
from tests.crawl.support import Crawls

if TYPE_CHECKING:
    from pathlib import Path


def test_a_backfill_walks_the_archive_in_pieces(tmp_path: Path) -> None:
    with run_portal(articles=40, per_page=4) as portal:
        days = sorted(truth.published_day for truth in portal.expected().values())
        since, until = days[len(days) // 4], days[-len(days) // 4]
        wanted = {path for path, truth in portal.expected().items() if since <= truth.published_day <= until}
        assert 6 < len(wanted) < 36
        crawls = Crawls(portal.url, tmp_path, now="2026-10-01T00:00:00+00:00")
        crawls.settings |= {"NEWSCRAWL_SINCE": since, "NEWSCRAWL_UNTIL": until, "NEWSCRAWL_FULL": True}
        crawls.settings |= {"NEWSCRAWL_MAX_LIST_PAGES": 0, "NEWSCRAWL_WARC": False}
        found: set[str] = set()
        budget = 16
        for _ in range(6):
            portal.clear_log()
            crawls.run(NEWSCRAWL_MAX_REQUESTS=budget)
            asked = [entry for entry in portal.log if entry.path != "/robots.txt"]
            parts = [entry for entry in asked if entry.path.endswith("_2.html") and "/index_" not in entry.path]
            assert len(asked) - len(parts) <= budget
            again = set(crawls.articles())
            assert found <= again
            found = again
            if wanted <= found:
                break
        assert len(wanted) < 6 * budget
        assert wanted <= found
        assert {truth.published_day for path, truth in portal.expected().items() if path in found} <= {
            day for day in days if since <= day <= until
        }


def test_the_command_names_a_backfill_by_from_and_to(tmp_path: Path) -> None:
    crawls = Crawls("http://127.0.0.1:9/", tmp_path)
    done = crawls.command_line("crawl", "xjnnet", "--backfill", "--from", "2026-09-31")
    assert done.returncode == 2
    assert "'2026-09-31' is no day" in done.stderr
    done = crawls.command_line("crawl", "xjnnet", "--backfill", "--to", "soon")
    assert "'soon' is no day" in done.stderr


def test_a_changed_article_shows_what_changed_and_an_attachment_is_listed(tmp_path: Path) -> None:
    with run_portal() as portal:
        expected = portal.expected()
        attached = next(path for path, truth in expected.items() if truth.attachments)
        changed = next(path for path in expected if path != attached)
        crawls = Crawls(portal.url, tmp_path, now="2026-09-24T00:00:00+00:00")
        crawls.settings["NEWSCRAWL_WARC"] = False
        assert crawls.run() == 0
        articles = crawls.articles()
        files = [urlsplit(address).path for address in articles[attached].attachments]
        assert files == list(expected[attached].attachments)
        portal.fault(changed, "changed", text="昨天夜里，雨停了。")
        crawls.now = "2026-09-25T01:00:00+00:00"
        assert crawls.run() == 0
        article = crawls.articles()[changed]
        shown = crawls.command_line("show", article.id, "--revisions").stdout
        lines = shown.splitlines()
        assert sum(line.startswith("revision ") for line in lines) == 2
        assert [line for line in lines if line.startswith("+")] == ["+昨天夜里，雨停了。"], shown
        assert not [line for line in lines if line.startswith("-")]
        record = json.loads(crawls.command_line("show", article.id, "--json").stdout)
        assert (record["revision"], record["status"]) == (2, "changed")
        versions = json.loads(crawls.command_line("show", article.id, "--revisions", "--json").stdout)
        assert [version["number"] for version in versions] == [1, 2]


def test_what_a_site_teaches_is_used_from_the_next_run_on(tmp_path: Path) -> None:
    with run_portal(articles=40, held_back=4) as portal:
        crawls = Crawls(portal.url, tmp_path, now="2026-09-24T00:00:00+00:00", settings={"NEWSCRAWL_WARC": False})
        assert crawls.run(NEWSCRAWL_TRIGGER="demo", NEWSCRAWL_MAX_ARTICLES=3) == 0
        assert not versions(crawls), "a demo leaves no trace"
        assert crawls.run() == 0
        assert {article.extractor.version for article in crawls.articles().values()} == {"1"}
        (version,) = versions(crawls)
        assert len(crawls.articles()) > MORE_PAGES
        released = set(portal.release())
        crawls.now = "2026-09-24T00:20:00+00:00"
        assert crawls.run() == 0
        read = {path: article.extractor.version for path, article in crawls.articles().items()}
        assert {read[path] for path in released} == {f"1+{version}"}
        assert crawls.last_run().versions["profile"] == version
        assert versions(crawls) == [version], "four pages more are no new version"


def versions(crawls: Crawls) -> list[str]:
    store = crawls.store()
    found = store.profile_versions("xjnnet")
    store.close()
    return found


@pytest.mark.parametrize("kind", ["status", "hang"])
def test_a_moment_without_robots_txt_costs_no_article(tmp_path: Path, kind: str) -> None:
    with run_portal(articles=6) as portal:
        crawls = Crawls(portal.url, tmp_path, now="2026-09-24T00:00:00+00:00", settings={"RETRY_TIMES": 0})
        assert crawls.run(NEWSCRAWL_MAX_ARTICLES=2) == 0
        portal.clear_log()
        crawls.now = "2026-09-24T01:00:00+00:00"
        portal.fault("/robots.txt", kind, status=503, retry_after="0")  # type: ignore[arg-type]
        assert crawls.run(DOWNLOAD_TIMEOUT=1) == 12
        assert any("no robots.txt" in reason for reason in crawls.last_run().reasons)
        assert {entry.path for entry in portal.log} == {"/robots.txt"}, "nothing is fetched without it"
        portal.clear_faults()
        crawls.now = "2026-09-24T03:00:00+00:00"
        assert crawls.run() == 0
        assert set(crawls.articles()) == set(portal.expected())


def test_an_article_without_its_second_part_is_kept_with_a_note(tmp_path: Path) -> None:
    with run_portal() as portal:
        split = next(path for path in portal.expected() if "_2.html" in _text(portal.url, path))
        portal.fault(split.replace(".html", "_2.html"), "status", status=404)
        crawls = Crawls(portal.url, tmp_path, settings={"NEWSCRAWL_WARC": False})
        assert crawls.run() == 0
        article = crawls.articles()[split]
        assert article.body
        assert any("part 2 is missing: HTTP 404" in note for note in article.notes)


def _text(base: str, path: str) -> str:
    import urllib.request

    with urllib.request.urlopen(base.rstrip("/") + path, timeout=10) as reply:  # noqa: S310  our own portal
        return str(reply.read().decode("utf-8", "replace"))
