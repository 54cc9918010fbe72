"""Articles that an app's API gives as JSON: turned into a page, so that they are read as any other is."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Names under which APIs give an article's text (HTML), compared without case and underscores.
_TEXTS = ("content", "htmlcontent", "contenthtml", "body", "text", "articlecontent", "contenttxt", "detail", "html")
_TITLES = ("title", "listtitle", "doctitle", "headline", "articletitle")
#: Names under which APIs give the moment of publication, in the order in which they are believed.
DATE_NAMES = ("publishtime", "pubtime", "publishdate", "pubdate", "published", "docpubtime", "opertime", "datetime")
#: Names of facts, and of the meta elements that stand for them.
_METAS = {
    "pubdate": DATE_NAMES,
    "source": ("source", "sourcename", "copyfrom", "docsource", "medianame"),
    "author": ("author", "authorname", "arthorname", "reporter"),
    "columnname": ("columnname", "channelname", "nodename", "colname", "chnlname"),
}
#: An object whose text is shorter than this, in characters, is no article; of an answer so many are looked at.
SHORTEST = 60
MAX_OBJECTS = 2000
_NO_ARTICLE = "<!DOCTYPE html><html></html>"


def page_of_json(text: str) -> str | None:
    """Return an HTML page with the article that a JSON answer carries, without one where it carries none.

    Of several objects with a title and a text the one with the longest text is the article. None for what is no JSON.
    """
    if text[:200].lstrip("\ufeff \t\r\n")[:1] not in ("{", "["):
        return None
    try:
        value = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
    best: tuple[str, dict[str, Any]] = ("", {})
    for entry in _objects(value):
        plain = {key.lower().replace("_", ""): item for key, item in entry.items()}
        body = max((plain[key] for key in _TEXTS if isinstance(plain.get(key), str)), key=len, default="")
        if len(body) >= max(SHORTEST, len(best[0]) + 1) and _first(plain, _TITLES):
            best = (body, plain)
    body, plain = best
    if not body:
        return _NO_ARTICLE
    title = escape(_first(plain, _TITLES))
    metas = "".join(
        f'<meta name="{name}" content="{escape(found)}">'
        for name, keys in _METAS.items()
        if (found := _first(plain, keys))
    )
    # a text that is no HTML keeps its lines
    inner = body if "<" in body else "".join(f"<p>{escape(line)}</p>" for line in body.splitlines())
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{metas}</head>'
        f'<body><h1>{title}</h1><div class="article-content">{inner}</div></body></html>'
    )


def _first(entry: dict[str, Any], keys: tuple[str, ...]) -> str:
    found = (entry[key] for key in keys if isinstance(entry.get(key), str | int) and entry[key])
    return next((str(value).strip() for value in found), "")


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    waiting = [value]
    for _ in range(MAX_OBJECTS):
        if not waiting:
            return
        entry = waiting.pop()
        if isinstance(entry, dict):
            yield entry
            waiting.extend(child for child in entry.values() if isinstance(child, dict | list))
        elif isinstance(entry, list):
            waiting.extend(reversed(entry))
