"""What stands at each address of the portal: `PortalSite` answers a target with a `Resource`, rendered once."""

from __future__ import annotations

import base64
import gzip
import re
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, Protocol

from newscrawl.clock import CHINA
from newscrawl.demo import feeds, pages
from newscrawl.demo.content import changed_story, channels, expected_articles, portal_facts, strays
from newscrawl.demo.http import Resource

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from newscrawl.demo.content import ExpectedArticle, Story, Stray

#: How a page is to be rendered: as it is, after an update of the article, or with an empty body.
Variant = Literal["", "changed", "emptied"]

#: A page of a list or of the portal itself counts as changed at this moment.
LAUNCHED = datetime(2026, 9, 1, 6, 0, tzinfo=CHINA)
#: Pages that robots.txt forbids and that are linked all the same; a polite crawler asks for none of them.
FORBIDDEN_COUNT = 50

_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_ARTICLE = re.compile(r"^(/[a-z]+/\d{4}-\d\d-\d\d/\d+)(_2)?\.html$")
_LIST = re.compile(r"^/([a-z]+)/(?:index(?:_(\d{1,6}))?\.html)?$")


class Site(Protocol):
    """A portal's content, without the server around it."""

    def get(self, target: str, variant: Variant = "", note: str = "") -> Resource | None:
        """Return what stands at a target (path and query), or None for nothing (404)."""
        ...

    def paths(self) -> list[str]:
        """The paths of all articles, newest first, hidden ones too."""
        ...

    def times(self) -> dict[str, datetime]:
        """When each of all articles was published, by path."""
        ...

    def hide(self, paths: Collection[str]) -> None:
        """Take exactly these articles off the portal: off their address, the lists, the feeds and the sitemaps."""
        ...

    def expected(self, changes: Mapping[str, str] = MappingProxyType({})) -> dict[str, ExpectedArticle]:
        """The truth about every article that is on the portal now, by path; `changes` as of `FaultTable.changes`."""
        ...


def _age(entry: Story | Stray) -> tuple[datetime, int]:
    """The order of a list."""
    return entry.time, entry.id


def forbidden_paths() -> list[str]:
    """The addresses that robots.txt forbids and that pages of the portal link to."""
    return [f"/neibu/2026-09-{number % 28 + 1:02d}/{90001 + number}.html" for number in range(FORBIDDEN_COUNT)]


class PortalSite:
    """The EmpireCMS-shaped portal.

    stories: newest first. base: scheme, host and port without a slash at the end. per_page: links on a list page.
    Rendered pages are kept; what depends on which articles are visible is dropped when that changes.
    """

    def __init__(self, stories: tuple[Story, ...], base: str, *, per_page: int = 10, crawl_delay: float = 0.0) -> None:
        """Set the portal up with all stories visible."""
        self.base = base
        self.per_page = per_page
        self.crawl_delay = crawl_delay
        self._all = stories
        self._cache: dict[tuple[str, str, str], Resource | None] = {}
        self._hidden: frozenset[str] = frozenset()
        self._arrange()

    def _arrange(self) -> None:
        """Sort the visible stories into sections."""
        self._visible = tuple(story for story in self._all if story.path not in self._hidden)
        self._by_path = {story.path: story for story in self._visible}
        self._sections: dict[str, tuple[Story, ...]] = {
            slug: tuple(story for story in self._visible if story.channel == slug) for slug in channels()
        }
        self._strays = {stray.path: stray for stray in strays()}
        self._listed: dict[str, tuple[Story | Stray, ...]] = {
            slug: tuple(sorted((*stories, *(s for s in strays() if s.channel == slug)), key=_age, reverse=True))
            for slug, stories in self._sections.items()
        }
        self._cache = {}

    def hide(self, paths: Collection[str]) -> None:
        """Take exactly these articles off the portal; others that were hidden come back."""
        hidden = frozenset(paths)
        if hidden != self._hidden:
            self._hidden = hidden
            self._arrange()

    def paths(self) -> list[str]:
        """The paths of all articles, newest first, hidden ones too."""
        return [story.path for story in self._all]

    def times(self) -> dict[str, datetime]:
        """When each of all articles was published, by path."""
        return {story.path: story.time for story in self._all}

    def expected(self, changes: Mapping[str, str] = MappingProxyType({})) -> dict[str, ExpectedArticle]:
        """The truth about the visible articles by path; a duplicate's original may itself be hidden."""
        stories = (changed_story(story, changes[story.path]) if story.path in changes else story for story in self._all)
        truth = expected_articles(tuple(stories))
        return {path: truth[path] for path in self._by_path}

    def get(self, target: str, variant: Variant = "", note: str = "") -> Resource | None:
        """Return what stands at a target; `note` is the sentence that a changed article gains."""
        path = target.partition("?")[0]
        key = (path, variant, note)
        if key not in self._cache:
            if len(self._cache) > 20_000:
                self._cache.clear()
            self._cache[key] = self._render(path, variant, note)
        return self._cache[key]

    def _render(self, path: str, variant: Variant, note: str) -> Resource | None:
        """Make the resource at a path."""
        if path == "/" or path == "/index.html":
            sections = {slug: stories for slug, stories in self._sections.items() if stories}
            return self._page(pages.home_html(sections, self._forbidden_links(0, 8)), "utf-8", self._newest())
        if path.startswith("/neibu/"):
            return _forbidden_page(path)
        if (stray := self._strays.get(path)) and stray.page:
            return self._page(stray.page, channels()[stray.channel].encoding, stray.time)
        if article := _ARTICLE.match(path):
            return self._article(article[1] + ".html", 2 if article[2] else 1, variant, note)
        if listing := _LIST.match(path):
            return self._list(listing[1], int(listing[2] or 1))
        return self._machine(path) or asset(path)

    def _article(self, path: str, part: int, variant: Variant, note: str) -> Resource | None:
        """The page of an article, as it is or in a variant."""
        story = self._by_path.get(path)
        if story is None or (part == 2 and not story.split):
            return None
        modified = story.time + timedelta(minutes=3)
        neighbours = pages.Neighbours(story, self._sections[story.channel], self._visible)
        if variant == "changed":
            story, modified = changed_story(story, note), modified + timedelta(days=1)
        elif variant == "emptied":
            story, modified = (
                replace(story, paragraphs=(), pictures=(), head_line="", tail_line="", split=0),
                modified + timedelta(days=2),
            )
        charset = "utf-8" if story.mirror else channels()[story.channel].encoding
        return self._page(pages.article_html(story, part, neighbours, self.base), charset, modified)

    def _list(self, channel: str, page: int) -> Resource | None:
        """A page of a section's list."""
        section = self._listed.get(channel, ())
        count = max(1, -(-len(section) // self.per_page))
        if channel not in channels() or not 1 <= page <= count:
            return None
        shown = section[(page - 1) * self.per_page : page * self.per_page]
        links = self._forbidden_links(8 + 7 * list(channels()).index(channel), 7)
        html = pages.list_html(channel, page, count, section, shown, links)
        return self._page(html, channels()[channel].encoding, self._newest())

    def _machine(self, path: str) -> Resource | None:
        """Feeds, sitemaps and robots.txt."""
        name, entries = portal_facts()["name"], [feeds.feed_entry(story) for story in self._visible]
        newest = entries[:30]
        if path == "/robots.txt":
            return Resource(
                feeds.robots_txt(self.base, crawl_delay=self.crawl_delay).encode(),
                "text/plain",
                modified=LAUNCHED,
            )
        if path == "/sitemap_articles.xml.gz":
            return Resource(
                gzip.compress(feeds.sitemap_articles(self.base, entries).encode("utf-8"), mtime=0),
                "application/gzip",
                modified=self._newest(),
                compressible=False,
            )
        texts = {
            "/rss.xml": lambda: feeds.rss(self.base, name, newest),
            "/atom.xml": lambda: feeds.atom(self.base, name, newest),
            "/sitemap.xml": lambda: feeds.sitemap_index(self.base, entries),
            "/sitemap_sections.xml": lambda: feeds.sitemap_sections(self.base),
            "/sitemap_news.xml": lambda: feeds.sitemap_news(self.base, entries[:100]),
        }
        slug = path.removeprefix("/rss/").removesuffix(".xml")
        if path.startswith("/rss/") and slug in self._sections:
            texts[path] = lambda: feeds.rss(
                self.base, channels()[slug].name, [feeds.feed_entry(story) for story in self._sections[slug][:30]]
            )
        if path not in texts:
            return None
        return Resource(texts[path]().encode("utf-8"), "text/xml; charset=utf-8", modified=self._newest())

    def _forbidden_links(self, start: int, count: int) -> str:
        """List items that link to forbidden pages."""
        chosen = forbidden_paths()[start : start + count]
        return "\n".join(f'<li><a href="{path}">内部参考{path[-10:-5]}期</a></li>' for path in chosen)

    def _newest(self) -> datetime:
        """When the newest visible article came."""
        return self._visible[0].time + timedelta(minutes=3) if self._visible else LAUNCHED

    @staticmethod
    def _page(html: str, charset: str, modified: datetime) -> Resource:
        """An HTML page; like many such portals the server names no charset in its header."""
        return Resource(html.encode(charset, "xmlcharrefreplace"), "text/html", modified=modified)


def _forbidden_page(path: str) -> Resource | None:
    """A page behind robots.txt: it looks like an article, so that fetching it would show in a corpus."""
    if path not in forbidden_paths():
        return None
    number = path[-10:-5]
    text = f"内部参考第{number}期，仅供编辑部内部查阅。" * 12
    html = (
        f"<html><head><meta charset='utf-8'><title>内部参考{number}期</title></head><body><h1>内部参考{number}期</h1>"
    )
    return Resource(
        f"{html}<div class='content'><p>{text}</p></div></body></html>".encode(),
        "text/html",
        modified=LAUNCHED,
    )


def pdf(modified: datetime | None) -> Resource:
    """A file that is no HTML."""
    body = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 20
    return Resource(body, "application/pdf", modified=modified, compressible=False)


def asset(path: str) -> Resource | None:
    """Images, style sheets, scripts and the pages of the footer."""
    if path.startswith("/d/file/"):
        if path.endswith(".pdf"):
            return pdf(LAUNCHED)
        return Resource(_PIXEL, "image/gif", modified=LAUNCHED, compressible=False)
    if path.startswith("/skin/"):
        kind = "text/css" if path.endswith(".css") else "application/javascript"
        return Resource(b"/* demo */\n", kind, modified=LAUNCHED)
    if path.startswith("/e/public/ViewClick/"):
        return Resource(b"document.write('137');", "application/javascript")
    if path.startswith(("/about/", "/e/", "/d/ad/")):
        html = "<html><head><meta charset='utf-8'><title>关于我们</title></head><body><p>关于我们</p></body></html>"
        return Resource(html.encode("utf-8"), "text/html", modified=LAUNCHED)
    return None
