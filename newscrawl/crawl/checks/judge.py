"""Judge what a visit saw: against what a portal has to give, and against what the site's fixtures say it gave once."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from newscrawl import clock
from newscrawl.crawl.fixtures import CaseError, cases_of, load_case
from newscrawl.crawl.monitoring.verdict import NO_ITEMS, UNREACHABLE
from newscrawl.crawl.scaffold.urlrules import clusters, form_of, path_of, rule_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newscrawl.crawl.checks.result import SiteCheck
    from newscrawl.crawl.fixtures.offline import Recorder
    from newscrawl.spiders._base import NewsSpider

#: A portal without an article younger than this has moved, or its lists are not read right.
STALE = timedelta(days=30)
#: Shortest text of a link that is a headline; so many of a form that the rule misses are told.
HEADLINE = 8
MISSED = 8
#: Fields that every article of a portal has.
NEEDED = ("title", "body", "published")
#: Fields that are held against the fixtures: filled in all of them, they have to be filled today.
DRIFTING = ("source", "section", "reporters", "editors")


def judge(check: SiteCheck, spider: type[NewsSpider], recorder: Recorder, headlines: Mapping[str, str]) -> None:
    """Add the points about lists and articles to a check."""
    if not check.lists:
        check.note("lists", ok=False, seen="the spider asks for nothing", code=NO_ITEMS)
        return
    if not _lists(check, recorder):
        _missed(check, spider, headlines)
        return
    _missed(check, spider, headlines)
    _articles(check)
    if any(entry.values for entry in check.articles):
        _fields(check)
        _layout(check, spider)
        _age(check)
        _drift(check, expectations(spider))


def expectations(spider: type[NewsSpider]) -> list[dict[str, Any]]:
    """Return what the site's fixtures expect; those that cannot be read are passed over."""
    found = []
    for name in cases_of(spider):
        try:
            found.append(load_case(spider, name).expected)
        except CaseError:
            continue
    return found


def _lists(check: SiteCheck, recorder: Recorder) -> bool:
    """Judge reachability and links; tells whether there are articles to judge."""
    problems = Counter(entry.problem for entry in check.lists if entry.problem)
    failed = sum(problems.values())
    if failed == len(check.lists):
        problem = problems.most_common(1)[0][0].removesuffix(": left alone in this run")
        check.note("lists", ok=False, seen=f"cannot be reached: {problem}", code=UNREACHABLE)
        return False
    if failed:
        first = next(entry for entry in check.lists if entry.problem)
        check.note("lists", ok=False, seen=f"{failed} of {len(check.lists)} lists fail: {first.url}: {first.problem}")
    answered = [entry for entry in check.lists if not entry.problem]
    if not recorder.offered:
        seen = f"{len(answered)} list pages read, none links to an article"
        check.note("links", ok=False, seen=seen, code=NO_ITEMS)
        return False
    empty = [entry.url for entry in answered if not entry.links]
    few = len(empty) * 2 > len(answered)
    seen = f"{len(recorder.offered)} links to articles on {len(answered)} lists"
    if few:
        seen = f"{len(empty)} of {len(answered)} lists bring no further articles: {empty[0]}"
    check.note("links", not few, seen)
    return True


def _missed(check: SiteCheck, spider: type[NewsSpider], headlines: Mapping[str, str]) -> None:
    """Tell of headlines whose addresses the rule does not meet."""
    rule = spider.article_url
    missed = [
        path_of(url)
        for url, text in headlines.items()
        if len(text.strip()) >= HEADLINE and not re.search(rule or "$^", _target(url, rule)) and _is_telling(url)
    ]
    largest = next(iter(clusters(missed)), None)
    if largest is None or len(largest.paths) < MISSED:
        return
    met = sum(bool(re.search(rule or "$^", _target(url, rule))) for url in headlines)
    if len(largest.paths) * 2 < met:  # the portal's other pages: videos, topics
        return
    check.proposed_rule = rule_for(largest.paths)
    seen = f"{len(largest.paths)} headlines lead to addresses that article_url misses: {largest.paths[0]}"
    check.note("article_url", ok=False, seen=seen)


def _target(url: str, rule: str) -> str:
    """Return what a rule is searched in: path and query, with the host where the rule begins with one."""
    return re.sub("^https?:", "", url) if rule.startswith("^//") else path_of(url)


def _is_telling(url: str) -> bool:
    return form_of(path_of(url)).is_telling


def _articles(check: SiteCheck) -> None:
    read = [entry for entry in check.articles if entry.values]
    if len(read) == len(check.articles):
        check.note("articles", ok=True, seen=f"{len(read)} of {len(check.articles)} read")
        return
    problem = Counter(entry.problem for entry in check.articles if entry.problem).most_common(1)[0][0]
    if not read:
        seen = f"none of {len(check.articles)} articles could be read: {problem}"
        check.note("articles", ok=False, seen=seen, code=NO_ITEMS)
        return
    enough = len(read) * 5 >= len(check.articles) * 4
    check.note("articles", enough, f"{len(read)} of {len(check.articles)} read; others: {problem}")


def _fields(check: SiteCheck) -> None:
    read = [entry for entry in check.articles if entry.values]
    for name in NEEDED:
        missing = [entry.url for entry in read if not any(entry.values[name])]
        if missing:
            check.note(name, ok=False, seen=f"{len(missing)} of {len(read)} articles have no {name}: {missing[0]}")
        else:
            check.note(name, ok=True, seen=f"on all {len(read)}")


def _layout(check: SiteCheck, spider: type[NewsSpider]) -> None:
    """Tell of layouts that match no more: the generic way reads the pages, which is worth a look."""
    if not spider.layouts:
        return
    read = [entry for entry in check.articles if entry.values]
    generic = [entry for entry in read if entry.layout == "generic"]
    names = ", ".join(layout.name for layout in spider.layouts)
    disagree = [note for entry in read for note in entry.notes if "share" in note]
    if len(generic) * 2 > len(read):
        matched = f"{len(read) - len(generic)} of {len(read)} articles"
        check.note("layout", ok=False, seen=f"layout {names} matches {matched}; the others are read the generic way")
    elif len(disagree) * 2 > len(read):
        check.note("layout", ok=False, seen=disagree[0])
    else:
        check.note("layout", ok=True, seen=f"{names} matches {len(read) - len(generic)} of {len(read)}")


def _age(check: SiteCheck) -> None:
    moments = [
        datetime.fromisoformat(entry.values["published"])
        for entry in check.articles
        if entry.values and entry.values["published"]
    ]
    if not moments:
        return
    newest = max(moments)
    fresh = clock.now() - newest < STALE
    check.note("newest", fresh, f"the newest article is of {newest.date().isoformat()}")


def _drift(check: SiteCheck, expected: list[dict[str, Any]]) -> None:
    """Hold today's articles and lists against the fixtures."""
    articles = [values for values in expected if "body" in values]
    read = [entry.values for entry in check.articles if entry.values]
    for name in DRIFTING:
        if len(articles) < 2 or len(read) < 3 or not all(values.get(name) for values in articles):
            continue
        if not any(values[name] for values in read):
            seen = f"{name}: on all {len(articles)} fixtures, on none of today's {len(read)} articles"
            check.note("drift", ok=False, seen=seen)
    lists = [values for values in expected if values.get("articles")]
    for field, what in (("next_list", "next pages"), ("listed_dates", "dates in lists")):
        had = [values for values in lists if values.get(field)]
        today = any(entry.next_list if field == "next_list" else entry.dated for entry in check.lists)
        if had and len(had) == len(lists) and not today:
            check.note("drift", ok=False, seen=f"{what}: the fixtures have them, today's lists do not")
