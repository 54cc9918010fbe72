"""The name of a portal, from its homepage and from what the titles of its articles share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from newscrawl.page.charset import decode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newscrawl.crawl.scaffold.finding import Sample

_SEPARATORS = re.compile(r"\s*(?:[-_|–—,，·:：;；/\\<>《》【】\[\]()（）]|\s{2,})\s*")
_MEDIUM = re.compile(r"(?:网|報|报|在线|热线|新闻|发布|观察|之窗|信息港|融媒|日报|晚报|广播|电视台|客户端|门户|传媒)$")
_IDLE = re.compile(r"^(?:首页|网站首页|欢迎.*|主页|官网|官方网站|home)$", re.IGNORECASE)
MOST = 24


def portal_title(home: Sample, articles: Sequence[Sample]) -> str:
    """Return the portal's name: of og:site_name, else what closes the titles of its articles, else of the homepage."""
    tree = _tree(home)
    for selector in ('meta[property="og:site_name"]', 'meta[name="SiteName"]'):
        node = tree.css_first(selector)
        name = (node.attributes.get("content") or "").strip() if node is not None else ""
        if 2 <= len(name) <= MOST:
            return name
    home_parts = _parts(_title(tree))
    closing = _parts(_closing([_title(_tree(sample)) for sample in articles]))
    for part in (*reversed(closing), *home_parts):
        if part in home_parts or (_MEDIUM.search(part) and len(part) <= MOST):
            return part
    return home_parts[0] if home_parts else ""


def _closing(titles: Sequence[str]) -> str:
    """Return what all titles end with."""
    shown = [title for title in titles if title]
    if len(shown) < 2:
        return ""
    shortest = min(shown, key=len)
    ends = (shortest[place:] for place in range(len(shortest)))
    return next((end for end in ends if all(title.endswith(end) for title in shown)), "")


def _parts(title: str) -> list[str]:
    found = [part.strip() for part in _SEPARATORS.split(title)]
    return [part for part in found if 2 <= len(part) <= MOST and not _IDLE.match(part)]


def _title(tree: LexborHTMLParser) -> str:
    node = tree.css_first("title")
    return " ".join((node.text() or "").split()) if node is not None else ""


def _tree(sample: Sample) -> LexborHTMLParser:
    return LexborHTMLParser(decode(sample.fetched.body, sample.fetched.charset).text)
