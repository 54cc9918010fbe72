"""Every spider on all of its fixtures, a test a case; one that has none, or one that nobody confirmed, fails."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newscrawl.crawl.fixtures import cases_of, check_case
from newscrawl.crawl.project import project_settings
from newscrawl.crawl.sites import all_sites

if TYPE_CHECKING:
    from newscrawl.spiders._base import NewsSpider

SITES = Path(__file__).parent


@cache
def spiders() -> dict[str, type[NewsSpider]]:
    return all_sites(project_settings(SPIDER_MODULES=["newscrawl.spiders"]))


def cases() -> list[tuple[str, str]]:
    return [(name, case) for name, spider in spiders().items() for case in cases_of(spider) or [""]]


@pytest.mark.parametrize(("site", "case"), cases(), ids=lambda part: part or "NO-FIXTURE")
def test_spider_on_its_fixture(site: str, case: str) -> None:
    assert case, f"{site} has no fixture: newscrawl fixture add {site} CASE --url URL --file PAGE"
    complaint = check_case(spiders()[site], case).complaint()
    assert not complaint, complaint


@pytest.mark.parametrize("site", spiders())
def test_every_spider_shows_an_article_and_a_list(site: str) -> None:
    values = [check_case(spiders()[site], case).values for case in cases_of(spiders()[site])]
    assert any("body" in entry for entry in values), f"{site} has no fixture of an article"
    assert any(entry.get("articles") for entry in values), f"{site} has no fixture of a list page with articles on it"


def test_no_folder_is_left_of_a_spider_that_is_gone() -> None:
    folders = {path.name for path in SITES.iterdir() if path.is_dir() and not path.name.startswith((".", "_"))}
    assert folders <= set(spiders())
