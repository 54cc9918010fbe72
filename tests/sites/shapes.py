"""What `newscrawl new` finds out about portals of the demo's shapes, held against their truth."""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from newscrawl.crawl.fixtures import Case, Part, run_case
from newscrawl.crawl.project import project_settings
from newscrawl.crawl.scaffold import Finding, scaffold
from newscrawl.crawl.scaffold.spiderfile import spider_text
from newscrawl.crawl.scaffold.urlrules import path_of
from newscrawl.crawl.scaffold.write import _load
from newscrawl.demo import Portal, comparable, run_portal
from newscrawl.demo.shapesite import ShapeSite
from newscrawl.text.urls import canonicalize

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scrapy.settings import Settings

    from newscrawl.demo import ExpectedArticle
    from newscrawl.demo.shapes import ShapeTruth

#: The generator's families by the name of our family spider for them; the others belong to none.
FAMILIES = {
    "empire": "EmpireCMS",
    "trs": "TRS WCM",
    "founder": "Founder",
    "dede": "DedeCMS",
    "wordpress": "WordPress",
    "phpcms": "PHPCMS",
    "system": "system",
}
#: Articles of a portal whose fields are compared.
READ = 16
FIELDS = ("sections", "rule", "feeds", "sitemap", "encoding", "needs_js", "family", "title", "body", "date", "source")


def name_of(shape: str) -> str:
    """Return the site name under which a shape is looked at."""
    return shape.replace("-", "_")


def home_of(shape: str) -> str:
    """Return the address that a shape's portal has for the crawl."""
    return f"https://{shape}.example/"


def settings_for(portals: dict[str, Portal]) -> Settings:
    """Return the project's settings, with demo portals in the place of the addresses of shapes."""
    return project_settings(
        NEWSCRAWL_SITE_BASE={name_of(shape): portal.url for shape, portal in portals.items()},
        NEWSCRAWL_OPEN_LOOPBACK=[urlsplit(portal.url).netloc for portal in portals.values()],
        DOWNLOAD_SLOTS={"127.0.0.1": {"delay": 0, "concurrency": 8}},
        AUTOTHROTTLE_ENABLED=False,
        LOG_LEVEL="ERROR",
    )


def look_at(shapes: Sequence[str]) -> dict[str, dict[str, bool] | str]:
    """Investigate portals of shapes, all in this process; returns the score of each, or why there is none."""
    with ExitStack() as stack:
        portals = {shape: stack.enter_context(run_portal(shape=shape)) for shape in shapes}
        found = scaffold({name_of(shape): home_of(shape) for shape in shapes}, settings_for(portals))
        scores: dict[str, dict[str, bool] | str] = {}
        for shape, portal in portals.items():
            finding = found[name_of(shape)]
            if isinstance(finding, BaseException):
                scores[shape] = f"{type(finding).__name__}: {finding}"
            else:
                assert isinstance(portal.site, ShapeSite)
                scores[shape] = score(finding, portal.site)
        return scores


def score(finding: Finding, site: ShapeSite) -> dict[str, bool]:
    """Tell, field by field, whether a finding is the truth."""
    truth = site.truth()
    return {
        "sections": {path_of(url) for url in finding.sections} == set(truth.sections),
        "rule": rule_is_right(finding, truth),
        "feeds": {path_of(url) for url in finding.feeds} == set(truth.feeds),
        "sitemap": {path_of(url) for url in finding.sitemaps} == ({truth.sitemap} if truth.sitemap else set()),
        "encoding": finding.encoding == truth.encoding,
        "needs_js": finding.lists_need_js == truth.needs_js,
        "family": finding.family == FAMILIES.get(truth.family, ""),
        **fields_read(finding, site),
    }


def rule_is_right(finding: Finding, truth: ShapeTruth) -> bool:
    """Tell whether the article rule meets every article of the portal and no other page of it."""
    home = finding.homepage.rstrip("/")
    further = [page for pages in truth.list_pages.values() for page in pages]
    others = ["/", "/about/", *truth.sections, *truth.feeds, *further]
    rule = _rule(finding)
    met = [bool(re.search(rule, path_of(canonicalize(home + path)))) for path in truth.articles]
    wrong = [path for path in others if re.search(rule, path_of(canonicalize(home + path)))]
    return all(met) and not wrong


def _rule(finding: Finding) -> str:
    rule = _load(compile(spider_text(finding), "new", "exec"), finding.name).article_url
    return str(rule)


def fields_read(finding: Finding, site: ShapeSite) -> dict[str, bool]:
    """Tell which fields the spider that would be written reads right on all of a sample of articles."""
    spider = _load(compile(spider_text(finding), "new", "exec"), finding.name)
    right = dict.fromkeys(("title", "body", "date", "source"), True)
    for path, expected in list(site.truth().articles.items())[::3][:READ]:
        resource = site.get(path)
        assert resource is not None
        url = finding.homepage.rstrip("/") + path
        part = Part(url, resource.body, {"Content-Type": resource.content_type})
        moment = finding.articles[0].fetched.moment
        values: dict[str, Any] = run_case(spider, Case(finding.name, "x", _nowhere(), url, [part], moment)).values
        right["title"] &= values.get("title") == expected.title
        right["body"] &= is_body("".join(values.get("body", [])), expected)
        right["date"] &= values.get("published", "")[:16] == expected.published.isoformat()[:16]
        right["source"] &= values.get("source") == expected.source
    return right


def is_body(text: str, expected: ExpectedArticle) -> bool:
    """Tell whether a text is the article's: all of its prose, and no more than the page prints (a credit may stay)."""
    body, prose, printed = (
        comparable(entry) for entry in (text, "".join(expected.paragraphs), "".join(expected.printed))
    )
    return prose in body and body in printed


def _nowhere() -> Path:
    from pathlib import Path

    return Path("nowhere")
