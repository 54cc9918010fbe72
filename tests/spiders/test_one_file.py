"""Adding a portal touches one spider file and one fixture folder: there is nothing to register."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parent.parent.parent
SPIDER = '''"""柳泉新闻网 (Liuquan News): a portal for a test."""

from __future__ import annotations

from newscrawl.spiders._trs import TrsSpider


class LiuquanSpider(TrsSpider):
    """TRS as it comes."""

    name = "liuquan"
    title = "柳泉新闻网"
    title_en = "Liuquan News"
    region = "江苏"
    level = "provincial"
    domains = ("liuquan.example",)
    homepage = "https://www.liuquan.example/"
    evidence = "2026-09"
'''
PARAGRAPHS = [
    "柳泉新闻网讯 九月的第一场雨落在晒谷场上，民警周小溪和村民一起，把三百袋稻谷抬进了旧礼堂。",
    "旧礼堂多年不用，门锁是撬开的。周小溪说，锁可以再装，谷子淋了就发芽了。",
    "雨停之后，村里给礼堂换了新锁，钥匙一式三把，一把就挂在派出所的墙上。",
]
URL = "https://news.liuquan.example/yaowen/202609/t20260902_51177.html"


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("NEWSCRAWL_", "MONGO_", "PYTEST"))}
    return subprocess.run(  # noqa: S603  our own words
        [sys.executable, *words],
        cwd=home,
        env={**kept, "PYTHONPATH": str(home), "NEWSCRAWL_DATA": str(home / "data")},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def write_case(folder: Path, url: str, html: str, expected: dict[str, object]) -> None:
    folder.mkdir(parents=True)
    (folder / "page.html").write_text(html, "utf-8")
    facts = {"url": url, "headers": {}, "fetched_at": "2026-09-03T08:00:00+08:00", "confirmed": "2026-09-03 test"}
    (folder / "case.json").write_text(json.dumps(facts), "utf-8")
    (folder / "expected.json").write_text(json.dumps(expected), "utf-8")


def test_a_new_portal_is_a_file_and_a_folder(tmp_path: Path) -> None:
    for part in ("newscrawl", "tests/sites", "tests/__init__.py", "pyproject.toml", "scrapy.cfg"):
        source = PROJECT / part
        if source.is_dir():
            shutil.copytree(source, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.is_file():
            shutil.copy(source, tmp_path / part)
    test = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "0", "tests/sites/test_fixtures.py", "-k", "liuquan")
    (tmp_path / "newscrawl" / "spiders" / "liuquan.py").write_text(SPIDER, "utf-8")
    done = run(tmp_path, *test)
    assert done.returncode == 1
    assert "liuquan has no fixture" in done.stdout

    cases = tmp_path / "tests" / "sites" / "liuquan"
    body = "".join(f"<p>　　{text}</p>" for text in PARAGRAPHS)
    html = (
        "<html><head><meta charset=utf-8><title>旧礼堂里的稻谷-柳泉新闻网</title></head><body><h1>旧礼堂里的稻谷</h1>"
        f'<div class="info">2026-09-02 09:30　来源：柳泉日报</div><div class="TRS_Editor">{body}</div></body></html>'
    )
    write_case(cases / "article", URL, html, {"kind": "article", "title": "旧礼堂里的稻谷", "body": PARAGRAPHS})
    links = '<li><a href="../yaowen/202609/t20260902_51177.html">旧礼堂里的稻谷</a> 2026-09-02</li>'
    write_case(
        cases / "list",
        "https://news.liuquan.example/yaowen/",
        f"<html><head><title>要闻</title></head><body><ul>{links}</ul></body></html>",
        {"kind": "list", "articles": [URL]},
    )
    done = run(tmp_path, *test)
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout

    listed = json.loads(run(tmp_path, "-m", "newscrawl.cli", "sites", "--json").stdout)
    assert "liuquan" in {row["site"] for row in listed}
    claims = (
        "from newscrawl.crawl.frontier.addresses import Addresses;"
        "from newscrawl.crawl.project import project_settings;"
        "from newscrawl.crawl.sites import all_sites;"
        "sites = all_sites(project_settings()).items();"
        f"print([n for n, s in sites if Addresses(n, s.domains).matches({URL!r}, s.article_url)])"
    )
    assert run(tmp_path, "-c", claims).stdout.strip() == "['liuquan']"
