"""Every real article URL that is known of a portal is claimed by its spider alone; what only looks like one is not.

cases/urls.jsonl: a URL, the site that has to claim it (null for none), and where it comes from: "facts" and "cited" are
addresses of real articles, "rule" one made of the portal's own rule where no real one is known, anything else says what
a near miss is.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from newscrawl.crawl.frontier.addresses import Addresses
from newscrawl.crawl.project import project_settings
from newscrawl.crawl.sites import all_sites
from newscrawl.replay.rules import Router, SiteRule
from newscrawl.spiders._epaper import MONTH

if TYPE_CHECKING:
    from newscrawl.spiders._base import NewsSpider

CASES: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "cases" / "urls.jsonl").read_text("utf-8").splitlines()
]
REAL = [case for case in CASES if case["site"]]
LEVELS = {"national", "provincial", "city", "county", "commercial"}
STATUSES = {"attested", "inferred"}


@cache
def spiders() -> dict[str, type[NewsSpider]]:
    return all_sites(project_settings(SPIDER_MODULES=["newscrawl.spiders"]))


def claimed_by(url: str, rule: str = "article_url") -> list[str]:
    """Return the sites whose rule a URL meets."""
    return [
        name
        for name, spider in spiders().items()
        if Addresses(name, spider.domains).matches(url, getattr(spider, rule))
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["url"])
def test_a_url_is_claimed_by_its_spider_alone(case: dict[str, Any]) -> None:
    assert claimed_by(case["url"]) == ([case["site"]] if case["site"] else []), case["origin"]


@pytest.mark.parametrize("case", REAL, ids=lambda case: case["url"])
def test_what_stands_around_an_article_is_claimed_by_none(case: dict[str, Any]) -> None:
    url = case["url"]
    scheme, _, rest = url.partition("://")
    host, _, path = rest.partition("/")
    stem, dot, _ = path.partition("?")[0].rpartition(".")
    others = [
        f"{scheme}://{host}.evil.example/{path}",
        f"{scheme}://not{urlsplit(url).hostname}".replace("//notwww.", "//www.not") + f"/{path}",
        f"{scheme}://portal.example/{path}",
        f"{scheme}://{host}/{path.rpartition('/')[0]}/",
        *([f"{scheme}://{host}/{stem}{dot}{ending}" for ending in ("jpg", "pdf", "css")] if dot else []),
    ]
    for other in others:
        registered = ".".join((urlsplit(other).hostname or "").split(".")[-3:])
        if registered in (urlsplit(url).hostname, f"www.{urlsplit(url).hostname}"):
            continue  # "not" before a channel's host is another channel of the same portal
        own = [name for name in claimed_by(other) if other.startswith(f"{scheme}://{host}/")]
        assert not own, other


@pytest.mark.parametrize("site", spiders())
def test_list_pages_are_no_articles(site: str) -> None:
    spider = spiders()[site]
    pages = [*spider.sections, spider.homepage, *(url.replace("{page}", "1") for url in spider.indexes)]
    pages += [url.replace(MONTH, "202609") for url in getattr(spider, "periods", ())]
    for page in pages:
        assert not claimed_by(page)
        assert Addresses(site, spider.domains).is_own(page), f"{page} is not on the portal's own hosts"


@pytest.mark.parametrize("site", spiders())
def test_facts_about_a_portal_are_complete_and_in_their_words(site: str) -> None:
    spider = spiders()[site]
    assert spider.title
    assert spider.title_en.isascii()
    assert spider.region
    assert spider.level in LEVELS
    assert spider.status in STATUSES
    assert (spider.level in ("city", "county")) == bool(spider.city)
    assert len(spider.evidence) == 7
    assert spider.evidence[4] == "-"
    assert spider.homepage or spider.indexes
    assert any(case["site"] == site for case in CASES), f"cases/urls.jsonl has no URL of {site}"


def test_no_domain_belongs_to_two_portals() -> None:
    owners: dict[str, str] = {}
    for name, spider in spiders().items():
        for domain in spider.domains:
            assert domain not in owners, f"{name} and {owners.get(domain)} both have {domain}"
            owners[domain] = name


def test_a_replay_finds_the_same_portal() -> None:
    rules = [SiteRule(name, spider.domains, spider.article_url) for name, spider in spiders().items()]
    router = Router(rules)
    for case in REAL:
        rule = router.known(case["url"])
        assert rule is not None
        assert rule.name == case["site"], case["url"]
        assert rule.is_article(rule.canonical(case["url"]))


def test_every_region_has_a_portal() -> None:
    """All regions of the facts file; Ningxia and Qinghai are in none."""
    provinces = (
        "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南"
        " 四川 贵州 云南 陕西 甘肃 广西 内蒙古 西藏 新疆 全国"
    )
    assert set(provinces.split()) == {spider.region for spider in spiders().values()}
