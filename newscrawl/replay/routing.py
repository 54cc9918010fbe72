"""What becomes of each archived response: a page to read, a list page that dates others, a sighting, or nothing."""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from newscrawl.items import article_id
from newscrawl.replay.reading import Task, charset_of, read
from newscrawl.text.urls import article_part

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator
    from datetime import datetime

    from newscrawl.archive import ArchivedResponse
    from newscrawl.page import Link, Page
    from newscrawl.replay.journal import Journal
    from newscrawl.replay.lessons import Lessons
    from newscrawl.replay.rules import Router, SiteRule
    from newscrawl.replay.source import Place, Record

#: Redirects whose target has not come yet; older ones are forgotten.
MOST_REDIRECTS = 2000
_NO_PAGES = ("image/", "video/", "audio/", "font/", "text/css", "text/javascript", "application/javascript")
_NO_PAGE_NAMES = ("/robots.txt", "/favicon.ico")
#: What a machine-readable list begins with: a feed, a sitemap, JSON, gzip.
_OFFERS = (b"<?xml", b"<rss", b"<feed", b"<urlset", b"<sitemapindex", b"<rdf", b"{", b"[", b"\x1f\x8b")


@dataclass(slots=True)
class Seen:
    """An article that still stood at a moment (a 304 answer, a revisit record)."""

    article_id: str
    at: datetime


@dataclass(slots=True)
class Raw:
    """A page that was read already and may be a further part of an article."""

    task: Task
    page: Page


#: What a record leads to: a task for a worker, or one of the others.
Step = Task | Seen | Raw


@dataclass(slots=True, frozen=True)
class Redirect:
    """A redirect: the address that was asked for, and the place of its record."""

    address: str
    place: Place


class Routing:
    """Routes records, in order. `counts` tells what was left out and why.

    wanted: names of sites, empty for all; since: only articles fetched from this moment on.
    lessons: gives what a site had taught a run, by names of site and run.
    read_offer: reads a feed, a sitemap or a JSON list into links (`newscrawl.crawl.frontier.discovery`), None for what
    is none.
    """

    def __init__(
        self,
        router: Router,
        journal: Journal,
        *,
        wanted: Container[str] = (),
        since: datetime | None = None,
        lessons: Callable[[str, str], Lessons | None] | None = None,
        read_offer: Callable[..., list[Link] | None] | None = None,
    ) -> None:
        self.router = router
        self.journal = journal
        self.wanted = wanted
        self.since = since
        self.lessons = lessons
        self.read_offer = read_offer
        self.counts: Counter[str] = Counter()
        self._redirects: OrderedDict[str, Redirect] = OrderedDict()  # by target
        self._followed: dict[tuple[str, int], Place] = {}  # by the record that a redirect led to

    def route(self, record: Record) -> Step | None:
        """Return what is to be done for a record, None where nothing is."""
        response, own = record.response, record.file.own
        rule = self.router.known(response.url)
        if rule is None:
            rule = None if own else self.router.generic(response.url)
        if rule is None or (self.wanted and rule.name not in self.wanted):
            self.counts["other sites"] += 1
            return None
        if response.kind == "revisit" or response.status == 304:
            return self._seen(record, rule)
        if 300 <= response.status < 400:
            self._redirected(record, rule)
            return None
        if response.status != 200:
            self.counts["not 200"] += 1
            return None
        if response.content_type.lower().startswith(_NO_PAGES) or urlsplit(response.url).path in _NO_PAGE_NAMES:
            self.counts["no pages"] += 1
            return None
        return self._page(record, rule)

    def done(self, record: Record) -> None:
        """Take note that what a record led to is done."""
        self._followed.pop((record.file.name, record.response.pointer.offset), None)

    def held(self) -> Iterator[Place]:
        """Yield the places of redirects that are still needed: a resumed replay has to begin before them."""
        yield from (redirect.place for redirect in self._redirects.values())
        yield from self._followed.values()

    def _seen(self, record: Record, rule: SiteRule) -> Seen | None:
        canonical = rule.canonical(record.response.url)
        self.counts["still there"] += 1
        if not rule.is_article(canonical) or self._too_old(record):
            return None
        return Seen(article_id(canonical), record.moment)

    def _redirected(self, record: Record, rule: SiteRule) -> None:
        """Remember where a redirect leads: a crawl stores the page under the address that it asked for."""
        self.counts["redirects"] += 1
        url = record.response.url
        target = record.response.headers.get("location", "")
        before = self._redirects.pop(_key(url), None)
        if before is None and (rule.generic or not rule.is_article(rule.canonical(url))):
            return
        if target:
            self._redirects[_key(urljoin(url, target))] = before or Redirect(url, record.place)
        while len(self._redirects) > MOST_REDIRECTS:
            self._redirects.popitem(last=False)

    def _page(self, record: Record, rule: SiteRule) -> Step | None:
        response = record.response
        canonical, address = rule.canonical(response.url), response.url
        redirect = self._redirects.pop(_key(response.url), None)
        is_article = rule.is_article(canonical)
        if redirect is not None:
            self._followed[record.file.name, response.pointer.offset] = redirect.place
            asked = rule.canonical(redirect.address)
            if is_article or urlsplit(asked).path == urlsplit(canonical).path:
                canonical, address, is_article = asked, redirect.address, True
        part = article_part(canonical)[1] > 1 and redirect is None
        if not is_article and not (part and rule.is_article(article_part(canonical)[0])):
            return self._other_page(record, rule, canonical)
        if self._too_old(record):
            return None
        task = self._task(record, rule, canonical, address, part=part)
        if not part and not rule.generic and (listed := self.journal.listed(canonical)) is not None:
            task.listed_date, task.address = listed
        return task

    def _task(self, record: Record, rule: SiteRule, canonical: str, address: str, *, part: bool) -> Task:
        response = record.response
        return Task(
            url=response.url,
            body=response.body,
            content_type=response.content_type,
            fetched_at=record.moment,
            pointer=response.pointer,
            rule=rule,
            canonical=canonical,
            address=address,
            run=record.file.run,
            part=part,
            lessons=self.lessons(rule.name, record.file.run) if record.file.run and self.lessons else None,
        )

    def _other_page(self, record: Record, rule: SiteRule, canonical: str) -> Step | None:
        """Read a page of a portal that is no article by its URL: a list page, a feed, a part of an article.

        In a foreign archive it may be an article of times when the portal had other addresses.
        """
        response = record.response
        offer = self._offer(response, record.moment)
        if offer is not None:
            self._list(offer, rule)
            return None
        if not record.file.own and not rule.is_section(canonical):
            generic = self.router.generic(response.url)
            if generic is not None and not self._too_old(record):
                return self._task(record, generic, canonical, response.url, part=False)
        task = self._task(record, rule, canonical, response.url, part=True)
        page = read(task)
        self._list(page.links, rule)
        if page.article is None:
            return None
        page.find_links = list  # holds the parsed page
        return Raw(task, page)

    def _offer(self, response: ArchivedResponse, moment: datetime) -> list[Link] | None:
        start = response.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        if self.read_offer is None or not start.startswith(_OFFERS):
            return None
        return self.read_offer(response.body, response.url, encoding=charset_of(response.content_type), now=moment)

    def _list(self, links: list[Link], rule: SiteRule) -> None:
        self.counts["list pages"] += 1
        for link in links:
            canonical = rule.canonical(link.url)
            if rule.is_article(canonical):
                self.journal.list_article(canonical, link.listed_date, link.url)

    def _too_old(self, record: Record) -> bool:
        old = self.since is not None and record.moment < self.since
        self.counts["too old"] += old
        return old


def _key(url: str) -> str:
    return url.partition("#")[0]
