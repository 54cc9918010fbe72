"""The archive of a crawl of the demo portal, replayed into an empty store, gives what the crawl stored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from newscrawl.demo import run_portal
from tests.crawl.support import Crawls
from tests.replay.support import newscrawl, stored

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Crawl twice: the second time some pages have changed and the others answer 304."""
    home = tmp_path_factory.mktemp("crawl")
    # one page at a time: the order in which articles reach deduplication is that of the archive
    settings = {"DOWNLOAD_SLOTS": {"127.0.0.1": {"delay": 0.01, "concurrency": 1}}}
    with run_portal() as portal:
        crawls = Crawls(portal.url, home, settings=settings)
        assert crawls.run() == 0, crawls.log()
        portal.fault("/*/8*.html", "changed")
        crawls.now = "2026-12-24T00:00:00+00:00"
        assert crawls.run() == 0, crawls.log()
    return home, portal.url.rstrip("/")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_field_by_field(crawled: tuple[Path, str], workers: str) -> None:
    home, base = crawled
    target = f"sqlite:///{home / f'replayed-{workers}.db'}"
    done = newscrawl(
        home, "replay", "--all", "--mirror", f"xjnnet={base}", "--store", target, "--workers", workers, "--json"
    )
    assert done.returncode == 0, done.stderr
    truth, found = stored(f"sqlite:///{home / 'newscrawl.db'}"), stored(target)
    assert found.keys() == truth.keys()
    for identity, versions in truth.items():
        for mine, theirs in zip(found[identity], versions, strict=True):
            assert mine == theirs, {name: (theirs[name], mine[name]) for name in mine if mine[name] != theirs[name]}
    counts = json.loads(done.stdout)["counts"]
    assert counts["articles"] == counts["new"] + counts.get("changed", 0) + counts.get("unchanged", 0)
