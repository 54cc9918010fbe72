"""The archive of a crawl of the demo portal, replayed into an empty store, gives what the crawl stored."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
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
    settings: dict[str, object] = {"DOWNLOAD_SLOTS": {"127.0.0.1": {"delay": 0.01, "concurrency": 1}}}
    with run_portal() as portal:
        newest = max(truth.published_day for truth in portal.expected().values())
        first = datetime.fromisoformat(f"{newest}T20:00:00+08:00")
        crawls = Crawls(portal.url, home, settings=settings, now=first.isoformat())
        assert crawls.run() == 0, crawls.log()
        portal.fault("*[13579].html", "changed")
        crawls.now = (first + timedelta(days=20)).isoformat()
        assert crawls.run() == 0, crawls.log()
    return home, portal.url.rstrip("/")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_field_by_field(crawled: tuple[Path, str], workers: str) -> None:
    home, base = crawled
    target = f"sqlite:///{home / f'replayed-{workers}.db'}"
    origin = f"sqlite:///{home / 'newscrawl.db'}"
    done = newscrawl(
        home,
        *["replay", "--all", "--json", "--workers"],
        workers,
        "--mirror",
        f"xjnnet={base}",
        "--store",
        target,
        "--profiles",
        origin,
    )
    assert done.returncode == 0, done.stderr
    truth, found = stored(origin), stored(target)
    assert found.keys() == truth.keys()
    assert any(len(versions) > 1 for versions in truth.values()), "no article has changed"
    assert any("+" in versions[-1]["extractor"]["version"] for versions in truth.values()), "no profile was used"
    assert any(version["duplicate_of"] for versions in truth.values() for version in versions)
    for identity, versions in truth.items():
        for mine, theirs in zip(found[identity], versions, strict=True):
            assert mine == theirs, {name: (theirs[name], mine[name]) for name in mine if mine[name] != theirs[name]}
    counts = json.loads(done.stdout)["counts"]
    assert counts["still there"] > 0
    assert counts["articles"] == counts["new"] + counts.get("changed", 0) + counts.get("unchanged", 0)
