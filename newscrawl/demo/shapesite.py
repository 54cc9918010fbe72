"""The pages of a portal of some shape: home, lists, articles, feeds, the JSON API of the app-like one."""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import replace
from datetime import timedelta
from html import escape
from string import Template
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from newscrawl.demo import feeds
from newscrawl.demo.content import changed_story
from newscrawl.demo.http import Resource
from newscrawl.demo.shapes import SECTIONS, list_path, meta_line, place_stories, shape_parts, shape_truth
from newscrawl.demo.site import LAUNCHED, asset

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from newscrawl.demo.content import ExpectedArticle
    from newscrawl.demo.shapes import Placed, Shape, ShapeTruth
    from newscrawl.demo.site import Variant

PER_PAGE = 10


class ShapeSite:
    """A portal of one shape; see `newscrawl.demo.site.Site`. base: scheme, host and port."""

    def __init__(self, shape: Shape, base: str, *, articles: int = 48) -> None:
        """Place the stories and set up the addresses."""
        self.shape = shape
        self.base = base
        self._all = place_stories(shape, articles)
        self._cache: dict[tuple[str, str, str], Resource | None] = {}
        self._hidden: frozenset[str] = frozenset()
        self._arrange()

    def _arrange(self) -> None:
        """Sort the visible stories and number the list pages."""
        self._visible = tuple(entry for entry in self._all if entry.path not in self._hidden)
        self._by_path = {entry.path: entry for entry in self._visible}
        self._sections = [
            [entry for entry in self._visible if entry.section == number] for number in range(len(SECTIONS))
        ]
        self._lists: dict[str, tuple[int, int]] = {}
        for number, entries in enumerate(self._sections):
            for page in range(1, max(1, -(-len(entries) // PER_PAGE)) + 1):
                self._lists[list_path(self.shape, number, page)] = (number, page)
        self._cache = {}

    def paths(self) -> list[str]:
        """The paths of all articles, newest first, hidden ones too."""
        return [entry.path for entry in self._all]

    def times(self) -> dict[str, datetime]:
        """When each of all articles was published, by path."""
        return {entry.path: entry.story.time for entry in self._all}

    def hide(self, paths: Collection[str]) -> None:
        """Take exactly these articles off the portal."""
        if frozenset(paths) != self._hidden:
            self._hidden = frozenset(paths)
            self._arrange()

    def truth(self) -> ShapeTruth:
        """What is to be found out about this portal."""
        return shape_truth(self.shape, self._visible, PER_PAGE)

    def expected(self, changes: Mapping[str, str] = MappingProxyType({})) -> dict[str, ExpectedArticle]:
        """The truth about the visible articles by path."""
        entries = tuple(
            replace(entry, story=changed_story(entry.story, changes[entry.path])) if entry.path in changes else entry
            for entry in self._visible
        )
        return shape_truth(self.shape, entries, PER_PAGE).articles

    def get(self, target: str, variant: Variant = "", note: str = "") -> Resource | None:
        """Return what stands at a target; unknown query fields are ignored where the path alone is known."""
        known = target if target in self._by_path or target in self._lists else target.partition("?")[0]
        if self.shape.needs_js and target.startswith("/api/"):
            known = target
        key = (known, variant, note)
        if key not in self._cache:
            self._cache[key] = self._render(known, variant, note)
        return self._cache[key]

    def _render(self, target: str, variant: Variant, note: str) -> Resource | None:
        """Make the resource at a target."""
        if target in self._by_path:
            return self._article(self._by_path[target], variant, note)
        if target in self._lists and not (self.shape.needs_js and target.startswith("/api/")):
            return self._list(*self._lists[target])
        if target in {"/", "/index.html", "/index.shtml", "/index.asp"}:
            return self._page(self._home_html(), self._newest())
        if target.startswith("/api/news/list"):
            return self._api(target)
        return self._machine(target) or asset(target)

    # -- pages

    def _article(self, entry: Placed, variant: Variant, note: str) -> Resource:
        """The page of an article, as it is or in a variant."""
        story, modified = entry.story, entry.story.time + timedelta(minutes=3)
        if variant == "changed":
            story, modified = changed_story(story, note), modified + timedelta(days=1)
        elif variant == "emptied":
            story, modified = replace(story, paragraphs=()), modified + timedelta(days=2)
        begin, end = shape_parts()["paragraph"][self.shape.paragraph]
        section = self._sections[entry.section]
        place = section.index(entry)
        around = [other for other in section[max(0, place - 1) : place + 2] if other is not entry]
        start = story.id % max(1, len(self._visible) - 6)
        related = [other for other in self._visible[start : start + 6] if other is not entry]
        html = Template(self.shape.parts["page"]).substitute(
            self._frame(),
            title=escape(story.title),
            section=SECTIONS[entry.section][1],
            section_url=list_path(self.shape, entry.section, 1),
            base=self.base,
            path=entry.path,
            id=story.id,
            keywords=",".join(story.tags),
            summary=escape(story.paragraphs[0][:60] if story.paragraphs else ""),
            source=story.source,
            pubdate=f"{story.time:%Y-%m-%d %H:%M}",
            iso=story.time.isoformat(),
            editor_id=f"编辑{story.id % 40:03d}",
            meta_line=meta_line(self.shape, story),
            body="".join(begin + escape(line, quote=False) + end for line in story.printed),
            neighbours=" ".join(f'<a href="{escape(other.path)}">{escape(other.story.title)}</a>' for other in around),
            related="".join(f'<li><a href="{escape(e.path)}">{escape(e.story.title)}</a></li>' for e in related),
        )
        return self._page(html, modified)

    def _list(self, number: int, page: int) -> Resource:
        """A page of a section's list; the app-like shape has an empty shell that a script fills."""
        shown = self._sections[number][(page - 1) * PER_PAGE : page * PER_PAGE]
        if self.shape.needs_js:
            content = self._shell(number)
        else:
            content = self._items_html(shown, list_path(self.shape, number, page)) + self._pager(number, page)
        name = SECTIONS[number][1]
        frame = self._frame()
        html = (
            f"<!DOCTYPE html>\n<html><head>{frame['charset_meta']}<title>{name}-{self.shape.site}</title></head><body>"
            f'{frame["top"]}<div class="position">当前位置：<a href="/">首页</a> &gt; {name}</div>\n{content}\n'
            f"{frame['foot']}</body></html>"
        )
        return self._page(html, self._newest())

    def _items_html(self, entries: list[Placed], here: str) -> str:
        """The links of a list in the shape's style; relative to the list's own directory where the family does so."""
        style = shape_parts()["list"][self.shape.style]
        relative = self.shape.parts.get("relative", False)
        item = Template(style["item"])
        pieces = [
            item.substitute(
                href=escape("./" + posixpath.relpath(entry.path, here.rpartition("/")[0]) if relative else entry.path),
                title=escape(entry.story.title),
                summary=escape(entry.story.paragraphs[0][:48]) + "…",
                date=entry.story.time.strftime(style["date"]),
            )
            for entry in entries
        ]
        return Template(style["wrap"]).substitute(items="\n".join(pieces))

    def _pager(self, number: int, page: int) -> str:
        """The links between list pages: all numbers, only a next link, or TRS's script that writes them."""
        count = max(1, -(-len(self._sections[number]) // PER_PAGE))
        if self.shape.parts["pager"] == "trs":
            return f'<div class="page"><script>createPageHTML({count}, {page - 1}, "index", "html");</script></div>'
        following = ""
        if page < count:
            following = f'<a href="{escape(list_path(self.shape, number, page + 1))}">下一页</a>'
        if self.shape.parts["pager"] == "next":
            return f'<div class="pagination">第{page}页 {following}</div>'
        numbers = " ".join(
            f"<b>{n}</b>" if n == page else f'<a href="{escape(list_path(self.shape, number, n))}">{n}</a>'
            for n in range(1, count + 1)
        )
        return f'<div class="dede_pages">{numbers} {following}</div>'

    def _shell(self, number: int) -> str:
        """The app-like list: a script asks the API and fills the page."""
        api = f"/api/news/list?channelId={number + 3}&page=1&size={PER_PAGE}"
        script = (
            f'fetch("{api}").then(function(r){{return r.json();}}).then(function(j){{'
            'document.getElementById("list").innerHTML=j.data.list.map(function(n){'
            'return "<a href=\\""+n.url+"\\">"+n.title+"</a> <i>"+n.publishTime+"</i>";}).join("<br>");});'
        )
        return f'<div id="list" data-api="{escape(api)}">加载中…</div><script>{script}</script>'

    def _home_html(self) -> str:
        """The home page: a block of links per section, or the app's shell."""
        frame = self._frame()
        blocks: list[str] = []
        for number, entries in enumerate(self._sections):
            links = "".join(f'<li><a href="{escape(e.path)}">{escape(e.story.title)}</a></li>' for e in entries[:6])
            more = escape(list_path(self.shape, number, 1))
            heading = f'<h3><a href="{more}">{SECTIONS[number][1]}</a></h3>'
            blocks.append(f'<div class="block">{heading}{"" if self.shape.needs_js else f"<ul>{links}</ul>"}</div>')
        feed = {"rss": "/rss.xml", "wordpress": "/feed/"}.get(self.shape.parts["feed"])
        link = f'<link rel="alternate" type="application/rss+xml" href="{feed}" />' if feed else ""
        return (
            f"<!DOCTYPE html>\n<html><head>{frame['charset_meta']}<title>{self.shape.site}</title>{link}</head><body>"
            f"{frame['top']}{''.join(blocks)}{frame['foot']}</body></html>"
        )

    def _frame(self) -> dict[str, str]:
        """What all pages share: charset declaration, navigation, footer."""
        declared = self.shape.declared
        links = "".join(
            f'<a href="{escape(list_path(self.shape, number, 1))}">{name}</a> '
            for number, (_, name) in enumerate(SECTIONS)
        )
        return {
            "site": self.shape.site,
            "charset_meta": f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">'
            if declared
            else "",
            "top": f'<div class="nav"><a href="/">首页</a> {links}<a href="/about/">关于我们</a></div>\n',
            "foot": f'\n<div class="footer">版权所有：{self.shape.site} 未经授权不得转载</div>',
        }

    # -- for machines

    def _api(self, target: str) -> Resource | None:
        """The JSON list of the app-like shape."""
        if not self.shape.needs_js:
            return None
        wanted = re.fullmatch(r"/api/news/list\?channelId=(\d{1,6})&page=(\d{1,6})(?:&size=\d+)?", target)
        number, page = (int(wanted[1]) - 3, int(wanted[2])) if wanted else (-1, 0)
        if not 0 <= number < len(SECTIONS):
            return None
        entries = self._sections[number]
        shown = entries[(page - 1) * PER_PAGE : page * PER_PAGE]
        rows: list[dict[str, Any]] = [
            {
                "id": entry.story.id,
                "title": entry.story.title,
                "url": entry.path,
                "publishTime": f"{entry.story.time:%Y-%m-%d %H:%M:%S}",
                "source": entry.story.source,
            }
            for entry in shown
        ]
        data = {"total": len(entries), "page": page, "hasMore": page * PER_PAGE < len(entries), "list": rows}
        text = json.dumps({"code": 0, "msg": "ok", "data": data}, ensure_ascii=False)
        return Resource(text.encode("utf-8"), "application/json; charset=utf-8", modified=self._newest())

    def _machine(self, path: str) -> Resource | None:
        """robots.txt, feed and sitemap, where the family has them."""
        if path == "/robots.txt":
            return Resource(b"User-agent: *\nDisallow: /admin/\n", "text/plain", modified=LAUNCHED)
        entries = [feeds.feed_entry(entry.story, entry.path) for entry in self._visible]
        if path == {"rss": "/rss.xml", "wordpress": "/feed/"}.get(self.shape.parts["feed"]):
            text = feeds.rss(self.base, self.shape.site, entries[:20])
            return Resource(text.encode("utf-8"), "text/xml; charset=utf-8", modified=self._newest())
        if path and path == self.shape.parts["sitemap"]:
            return Resource(feeds.sitemap_articles(self.base, entries).encode(), "text/xml", modified=self._newest())
        return None

    def _newest(self) -> datetime:
        """When the newest visible article came."""
        return self._visible[0].story.time + timedelta(minutes=3) if self._visible else LAUNCHED

    def _page(self, html: str, modified: datetime) -> Resource:
        """An HTML page; the header names the charset only where the page does not."""
        kind = "text/html" if self.shape.declared else f"text/html; charset={self.shape.encoding}"
        return Resource(html.encode(self.shape.encoding, "xmlcharrefreplace"), kind, modified=modified)
