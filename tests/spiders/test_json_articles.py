"""Articles that an API gives as JSON: crawled page by page of the list, and the same again from the archive."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from newscrawl.store import open_store
from tests.spiders.support import PROJECT, TIMEOUT, Sites, serve

if TYPE_CHECKING:
    from pathlib import Path

SPIDER = r"""
from newscrawl.spiders._jsonapi import JsonApiSpider

class AppSpider(JsonApiSpider):
    name = "appnews"
    title = "青石融媒"
    domains = ("appnews.example",)
    indexes = ("https://appnews.example/api/list?page={page}",)
    api_headers = {"siteId": "35"}
    article_url = r"^/api/content/\d+\.json$"
"""
PAGES, PER_PAGE = 3, 4


def shelf() -> dict[str, tuple[str, bytes]]:
    answers = {}
    for page in range(1, PAGES + 2):
        numbers = range((page - 1) * PER_PAGE, page * PER_PAGE) if page <= PAGES else range(0)
        rows = [
            {
                "listTitle": f"青石镇第{n}口老井",
                "jsonUrl": f"/api/content/{9000 + n}.json",
                "published": "2026-09-01 09:00",
            }
            for n in numbers
        ]
        answers[f"/api/list?page={page}"] = ("application/json", json.dumps({"data": rows}).encode())
        for n in numbers:
            text = (
                f"<p>镇上的第{n}口老井重新出水，是九月的第一件喜事。淘井的是三兄弟，老大下井，老二拉绳，老三记数。</p>"
                f"<p>一共淘出{n + 11}筐淤泥，筐筐过秤。井沿换了新石，旧石摆在一旁，留给孩子们当凳子。</p>"
            )
            article = {
                "title": f"青石镇第{n}口老井",
                "source": "青石日报",
                "pubTime": "2026-09-01 09:00:00",
                "content": text,
            }
            answers[f"/api/content/{9000 + n}.json"] = ("application/json", json.dumps({"data": article}).encode())
    return answers


def test_a_crawl_and_a_replay_give_the_same_articles(tmp_path: Path) -> None:
    sites = Sites(tmp_path)
    with serve(shelf()) as served:
        sites.add("appnews", served.url, SPIDER)
        assert sites.crawl(NEWSCRAWL_WARC=True) == 0, sites.log()
        found = sites.articles()["appnews"]
        assert set(found) == {f"/api/content/{9000 + n}.json" for n in range(PAGES * PER_PAGE)}
        assert {article.published_day for article in found.values()} == {"2026-09-01"}
        assert {article.source for article in found.values()} == {"青石日报"}
        served.asked.clear()
        assert sites.crawl() == 0, sites.log()
        assert [path for path in served.asked if "list" in path] == ["/api/list?page=1"], "what brings no news ends it"

        kept = {key: value for key, value in os.environ.items() if not key.startswith(("NEWSCRAWL_", "MONGO_"))}
        mine = {"NEWSCRAWL_DATA": str(tmp_path), "NEWSCRAWL_SITES": str(tmp_path / "testspiders")}
        again = f"sqlite:///{tmp_path / 'again.db'}"
        words = ["replay", "--all", "--store", again, "--mirror", f"appnews={served.url}", "--workers", "1"]
        done = subprocess.run(  # noqa: S603  our own words
            [sys.executable, "-m", "newscrawl.cli", *words],
            env={**kept, **mine, "PYTHONPATH": str(PROJECT)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT,
        )
        assert done.returncode == 0, done.stderr
    store = open_store(again)
    replayed = {article.id: article for article in store.articles()}
    store.close()
    assert {article.id: (article.title, article.body, article.published) for article in found.values()} == {
        key: (article.title, article.body, article.published) for key, article in replayed.items()
    }
