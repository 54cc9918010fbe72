"""The bases of the CMS families, on portals of their shape: a site file that names a domain finds every article."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from newscrawl.clock import CHINA
from newscrawl.demo import run_portal
from newscrawl.text.urls import canonicalize
from tests.spiders.support import Sites

if TYPE_CHECKING:
    from newscrawl.demo.content import ExpectedArticle
    from newscrawl.items import Article

#: Portal shape, module and class of the family, and what a site file has to add.
FAMILIES = {
    "empire": ("empire-ul", "_empirecms", "EmpireCmsSpider", ""),
    "trs": ("trs-ul", "_trs", "TrsSpider", ""),
    "founder": ("founder-table", "_founder", "FounderSpider", ""),
    "system": ("system-div", "_system", "SystemSpider", ""),
    "dede": ("dede-dl", "_dedecms", "DedeCmsSpider", ""),
    "phpcms": ("phpcms-ul", "_phpcms", "PhpCmsSpider", ""),
    "wordpress": ("wordpress-cards", "_wordpress", "WordPressSpider", ""),
    "jsonapi": (
        "json-app",
        "_jsonapi",
        "JsonApiSpider",
        r"""
    indexes = tuple(
        f"https://jsonapi.example/api/news/list?channelId={number}&page={{page}}&size=10" for number in range(3, 7)
    )
    article_url = r"^/h5/detail/\d+\.html$"
""",
    ),
}
SOURCE = """
from newscrawl.spiders.{module} import {base}

class Site({base}):
    name = "{name}"
    domains = ("{name}.example",)
    homepage = "https://{name}.example/"
{more}
"""
Found = tuple[dict[str, "ExpectedArticle"], dict[str, "Article"]]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    sites = Sites(tmp_path_factory.mktemp("families"))
    with ExitStack() as stack:
        portals = {name: stack.enter_context(run_portal(shape=shape)) for name, (shape, *_) in FAMILIES.items()}
        for name, (_, module, base, more) in FAMILIES.items():
            source = SOURCE.format(name=name, module=module, base=base, more=more)
            sites.add(name, portals[name].url.rstrip("/"), source)
        assert sites.crawl() == 0, sites.log()
        found = sites.articles()
        return {name: (portal.expected(), found[name]) for name, portal in portals.items()}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_finds_every_article_and_its_day(crawled: dict[str, Found], family: str) -> None:
    expected, found = crawled[family]
    named = {path_of(path): article for path, article in expected.items()}
    assert set(found) == set(named)
    for path, article in found.items():
        assert article.title == named[path].title
        assert article.published is not None
        assert article.published.astimezone(CHINA).date() == named[path].published.date()


def path_of(path: str) -> str:
    """Return an address as its canonical form has it: no index page, the query in order."""
    parts = urlsplit(canonicalize(f"https://portal.example{path}"))
    return parts.path + (f"?{parts.query}" if parts.query else "")
