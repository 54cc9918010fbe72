"""Foreign archives, damaged ones, parts, redirects, rendered pages, filters: what becomes of each record."""

from __future__ import annotations

import gzip
from dataclasses import replace as with_changes
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl.dedup import Deduplicator
from newscrawl.items import article_id
from newscrawl.replay import Options, Report, StoreSink, find_files, replay
from newscrawl.store import open_store
from newscrawl.store.fingerprints import open_story_log
from tests.replay.support import START, XJNNET, ArchiveMaker, article_html, sentences

if TYPE_CHECKING:
    from pathlib import Path

    from newscrawl.items import Article

OWN = "newscrawl/0.1.0"
SITE = "https://xjnnet.com"
PAGE = SITE + "/baoliao/2026-02-11/{}.html"


def run(home: Path, files: list[Path], **options: Any) -> tuple[Report, dict[str, Article]]:
    """Replay into the store of `home`; returns the report and the stored articles by URL."""
    store = open_store(f"sqlite:///{home / 'store.db'}")
    sink = StoreSink(store, Deduplicator())
    report = replay(files, [XJNNET], sink, Options(archive=home / "archive", journal=home / "journal.db", **options))
    found = {article.url: article for article in store.articles()}
    store.close()
    return report, found


@pytest.mark.parametrize(("gzipped", "version"), [(True, "1.0"), (False, "1.0"), (True, "1.1")])
def test_a_foreign_archive_of_unknown_portals(tmp_path: Path, gzipped: bool, version: str) -> None:
    maker = ArchiveMaker(tmp_path / "foreign.warc", gzip=gzipped, version=version)
    maker.add("http://news.dongshan.com.cn/a/2026/02/11/4711.html", article_html(1))
    maker.add("http://news.dongshan.com.cn/robots.txt", b"User-agent: *")
    maker.add("http://news.dongshan.com.cn/logo.png", b"\x89PNG", headers=[("Content-Type", "image/png")])
    maker.add("http://news.dongshan.com.cn/a/2026/02/11/4712.html", article_html(2), status="404 Not Found")
    report, found = run(tmp_path, [maker.close()])
    (article,) = found.values()
    assert article.site == "dongshan.com.cn"
    assert article.body.split("\n") == sentences(1)
    assert article.reporters == ["林知远"]
    assert article.archive is not None
    assert article.archive.file == str(tmp_path / "foreign.warc")
    assert report.counts["not 200"] == 1
    assert report.counts["no pages"] == 2


def test_of_an_own_archive_only_the_portals_articles_are_stored(tmp_path: Path) -> None:
    maker = ArchiveMaker(tmp_path / "archive/20260301/xjnnet-1-00000.warc.gz", software=OWN)
    maker.add("https://advertiser.example.com/a/1.html", article_html(1))
    maker.add(SITE + "/about/us.html", article_html(2))
    maker.add(PAGE.format(3), article_html(3))
    _, found = run(tmp_path, [maker.close()])
    assert list(found) == [PAGE.format(3)]
    article = found[PAGE.format(3)]
    assert article.archive is not None
    assert (article.site, article.run_id, article.archive.file) == (
        "xjnnet",
        "xjnnet-1",
        "20260301/xjnnet-1-00000.warc.gz",
    )


def test_an_old_address_of_a_known_portal_is_read_generically(tmp_path: Path) -> None:
    maker = ArchiveMaker(tmp_path / "cc-news.warc.gz")
    maker.add("http://www.xjnnet.com/2011/old-system-4711.shtml", article_html(5))
    _, found = run(tmp_path, [maker.close()])
    assert [article.site for article in found.values()] == ["xjnnet"]


@pytest.mark.parametrize("workers", [1, 2])
def test_parts_are_joined(tmp_path: Path, workers: int) -> None:
    maker = ArchiveMaker(tmp_path / "own.warc.gz", software=OWN)
    maker.add(PAGE.format(7), article_html(7, next_part="7_2.html"))
    maker.add(PAGE.format(8), article_html(8))
    maker.add(PAGE.format("7_2"), article_html(70, next_part="7_3.html"))
    maker.add(PAGE.format("7_3"), article_html(71))
    report, found = run(tmp_path, [maker.close()], workers=workers)
    assert found.keys() == {PAGE.format(7), PAGE.format(8)}
    assert found[PAGE.format(7)].body.split("\n") == sentences(7) + sentences(70) + sentences(71)
    assert found[PAGE.format(7)].fetched_at == found[PAGE.format(8)].fetched_at.replace(second=1)  # type: ignore[union-attr]
    assert report.counts["articles"] == 2


@pytest.mark.parametrize(("software", "stored"), [(OWN, 0), ("Heritrix/3.4", 1)])
def test_an_article_whose_second_part_is_missing(tmp_path: Path, software: str, stored: int) -> None:
    maker = ArchiveMaker(tmp_path / "x.warc.gz", software=software)
    maker.add(PAGE.format(7), article_html(7, next_part="7_2.html"))
    report, found = run(tmp_path, [maker.close()])
    assert len(found) == stored
    assert report.counts["incomplete"] == 1 - stored
    assert all(any("further parts" in note for note in article.notes) for article in found.values())


def test_a_redirected_article_is_stored_where_it_was_asked_for(tmp_path: Path) -> None:
    maker = ArchiveMaker(tmp_path / "own.warc.gz", software=OWN)
    maker.add(PAGE.format(1), status="301 Moved", headers=[("Location", PAGE.format(2))])
    maker.add(PAGE.format(2), article_html(2))
    maker.add(PAGE.format(3), status="302 Found", headers=[("Location", "/")])
    maker.add(SITE + "/", article_html(9))
    _, found = run(tmp_path, [maker.close()])
    assert found.keys() == {PAGE.format(1)}
    article = found[PAGE.format(1)]
    assert article.id == article_id("https://xjnnet.net/baoliao/2026-02-11/1.html")
    assert article.url_aliases == ["https://xjnnet.net/baoliao/2026-02-11/2.html"]


def test_the_rendered_page_takes_the_place_of_its_shell(tmp_path: Path) -> None:
    maker = ArchiveMaker(tmp_path / "own.warc.gz", software=OWN)
    maker.add(PAGE.format(1), article_html(1))
    rendered = maker.add(PAGE.format(1), article_html(2), kind="conversion", after=0)
    report, found = run(tmp_path, [maker.close()])
    (article,) = found.values()
    assert article.body.split("\n") == sentences(2)
    assert article.archive is not None
    assert article.archive.offset == rendered
    assert report.counts["records"] == 1


def test_a_revisit_moves_last_seen_only(tmp_path: Path) -> None:
    maker = ArchiveMaker(tmp_path / "own.warc.gz", software=OWN)
    maker.add(PAGE.format(1), article_html(1))
    maker.add(PAGE.format(1), status="304 Not Modified", kind="revisit", after=3600)
    _, found = run(tmp_path, [maker.close()])
    (article,) = found.values()
    assert article.revision == 1
    assert article.fetched_at is not None
    assert article.last_seen is not None
    assert (article.last_seen - article.fetched_at).total_seconds() == 3600


def test_dates_of_list_pages_go_to_their_articles(tmp_path: Path) -> None:
    maker = ArchiveMaker(tmp_path / "own.warc.gz", software=OWN)
    links = "".join(
        f'<li><a href="/baoliao/2026-02-11/{n}.html">白石镇第{n}次全体会议召开</a><span>2026-02-1{n}</span></li>'
        for n in range(1, 6)
    )
    maker.add(SITE + "/baoliao/", f"<html><body><h2>爆料</h2><ul>{links}</ul></body></html>".encode())
    undated = article_html(3).replace(b"2026-02-04 10:30", b"")
    maker.add(SITE + "/baoliao/2026-02-11/3.html", undated)
    maker.add(SITE + "/baoliao/2026-02-11/9.html", undated)
    _, found = run(tmp_path, [maker.close()])
    days = {article.url[-6:]: article.published_day for article in found.values()}
    assert days["9.html"[-6:]] == "2026-02-11"  # of the URL
    assert any("2026-02-13" in note for note in found[PAGE.format(3)].notes) or days["3.html"] == "2026-02-13"


def test_files_are_read_in_the_order_of_time(tmp_path: Path) -> None:
    late = ArchiveMaker(tmp_path / "a.warc.gz", software=OWN)
    late.add(PAGE.format(1), article_html(1), after=7200)
    late.add(PAGE.format(3), article_html(3), after=7200)
    early = ArchiveMaker(tmp_path / "b.warc.gz", software=OWN)
    early.add(PAGE.format(2), article_html(1), after=3600)
    early.add(PAGE.format(4), article_html(3), after=7200)
    _, found = run(tmp_path, [late.close(), early.close()])
    assert found[PAGE.format(1)].story_id == found[PAGE.format(2)].id, "the copy that came first founds the story"
    assert found[PAGE.format(3)].story_id == found[PAGE.format(4)].id


def test_a_broken_member_is_skipped_and_told(tmp_path: Path) -> None:
    maker = ArchiveMaker(tmp_path / "own.warc.gz", software=OWN)
    offsets = [maker.add(PAGE.format(n), article_html(n)) for n in range(1, 7)]
    path = maker.close()
    data = bytearray(path.read_bytes())
    data[offsets[2] + 40 : offsets[2] + 90] = b"\xaa" * 50
    path.write_bytes(data[:-30])
    report, found = run(tmp_path, [path])
    assert found.keys() == {PAGE.format(n) for n in (1, 2, 4, 5)}
    assert report.troubles.broken_count >= 2
    assert {name for name, *_ in report.troubles.broken} == {str(path)}
    assert not report.troubles.files


@pytest.mark.parametrize("content", [b"", b"no archive", gzip.compress(b"no archive", mtime=0), b"\x1f\x8b\x08garbage"])
def test_what_is_no_archive_is_told_and_the_others_are_read(tmp_path: Path, content: bytes) -> None:
    maker = ArchiveMaker(tmp_path / "good.warc.gz", software=OWN)
    maker.add(PAGE.format(1), article_html(1))
    bad = tmp_path / "bad.warc.gz"
    bad.write_bytes(content)
    report, found = run(tmp_path, [bad, maker.close()])
    assert len(found) == 1
    assert list(report.troubles.files) == [str(bad)]


def test_filters(tmp_path: Path) -> None:
    maker = ArchiveMaker(tmp_path / "mixed.warc.gz")
    maker.add(PAGE.format(1), article_html(1))
    maker.add("http://news.dongshan.com.cn/a/2026/02/11/4711.html", article_html(2), after=86400)
    maker.add(PAGE.format(3), article_html(3))
    path = maker.close()
    _, found = run(tmp_path, [path], sites=("xjnnet",))
    assert found.keys() == {PAGE.format(1), PAGE.format(3)}
    (tmp_path / "store.db").unlink()
    _, found = run(tmp_path, [path], since=START.replace(hour=12))
    assert {url[-6:] for url in found} == {"/3.html"[-6:], "1.html"}


def test_done_twice_is_as_done_once(tmp_path: Path) -> None:
    maker = ArchiveMaker(tmp_path / "own.warc.gz", software=OWN)
    for number in (1, 2, 3, 1):
        maker.add(PAGE.format(number), article_html(number))
    path = maker.close()
    _, first = run(tmp_path, [path])
    report, second = run(tmp_path, [path])
    assert first == second
    assert not report.resumed
    assert report.counts["new"] == 0


def test_better_rules_replace_the_reading_of_the_same_fetch(tmp_path: Path) -> None:
    path = tmp_path / "own.warc.gz"
    for author in ("林知远", "周慕白"):
        maker = ArchiveMaker(path, software=OWN)
        maker.add(PAGE.format(1), article_html(1, author=author))
        maker.close()
        _, found = run(tmp_path, [path])
        (article,) = found.values()
        assert (article.reporters, article.revision) == ([author], 1)


def test_folders_are_searched(tmp_path: Path) -> None:
    for name in ("x/b.warc.gz", "x/y/a.warc", "x/notes.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert [path.name for path in find_files([tmp_path, tmp_path / "x/b.warc.gz"])] == ["b.warc.gz", "a.warc"]


def test_a_mirror_stands_for_its_portal() -> None:
    rule = with_changes(XJNNET, base="http://127.0.0.1:8000")
    assert rule.canonical("http://127.0.0.1:8000/a/2026-01-01/1.html") == "https://xjnnet.net/a/2026-01-01/1.html"


def test_stories_that_a_crawl_left_out_are_made_up_for(tmp_path: Path) -> None:
    maker = ArchiveMaker(tmp_path / "own.warc.gz", software=OWN)
    for number, text in enumerate([1, 2, 1, 3, 2]):
        maker.add(PAGE.format(number), article_html(text))
    path = maker.close()
    found = []
    for name, passes in (("later", (False, True, True)), ("at-once", (True,))):
        store = open_store(f"sqlite:///{tmp_path / name}.db")
        for with_stories in passes:
            sink = StoreSink(store, Deduplicator(open_story_log(store)) if with_stories else None)
            replay([path], [XJNNET], sink, Options(tmp_path / "archive"))
        articles = {article.id: article for article in store.articles()}
        found.append({one.id: (one.story_id, one.duplicate_of, one.duplicate_kind) for one in articles.values()})
        store.close()
    assert found[0] == found[1]
    assert sum(bool(duplicate) for _, duplicate, _ in found[0].values()) == 2
