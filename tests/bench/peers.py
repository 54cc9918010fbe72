"""The extractors that newscrawl is measured beside, each as its documentation says to call it.

A peer gives what it can of title, date, author and body. What is not installed is left out, and named by `missing`.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Extractor = Callable[[bytes, str], dict[str, Any]]

#: Name, and the module that must be there.
MODULES = {
    "trafilatura": "trafilatura",
    "newspaper4k": "newspaper",
    "GNE": "gne",
    "readability-lxml": "readability",
    "magic-html": "magic_html",
    "resiliparse": "resiliparse",
}


def missing() -> list[str]:
    """Return the peers that are not installed."""
    return [name for name, module in MODULES.items() if find_spec(module) is None]


def installed() -> dict[str, Extractor]:
    """Return the peers that are installed, by name."""
    makers = {
        "trafilatura": _trafilatura,
        "newspaper4k": _newspaper,
        "GNE": _gne,
        "readability-lxml": _readability,
        "magic-html": _magic,
        "resiliparse": _resiliparse,
    }
    return {name: makers[name]() for name, module in MODULES.items() if find_spec(module) is not None}


def _decoded(html: bytes) -> str:
    """Return a page as text for peers that take no bytes: as the page's own charset says, guessed by newscrawl."""
    from newscrawl.page.charset import decode

    return decode(html).text


def _trafilatura() -> Extractor:
    bare_extraction = import_module("trafilatura").bare_extraction

    def extract(html: bytes, url: str) -> dict[str, Any]:
        found = bare_extraction(html, url=url or None, with_metadata=True, include_comments=False)
        if found is None:
            return {}
        values = found.as_dict()
        return {"title": values["title"], "date": values["date"], "author": values["author"], "body": values["text"]}

    return extract


def _newspaper() -> Extractor:
    article_class = import_module("newspaper").Article

    def extract(html: bytes, url: str) -> dict[str, Any]:
        article = article_class(url or "http://example.com/", language="zh", fetch_images=False)
        article.download(input_html=_decoded(html))
        article.parse()
        return {
            "title": article.title,
            "date": article.publish_date,
            "author": article.authors,
            "body": article.text,
        }

    return extract


def _gne() -> Extractor:
    extractor = import_module("gne").GeneralNewsExtractor

    def extract(html: bytes, _url: str) -> dict[str, Any]:
        found = extractor().extract(_decoded(html))
        names = ("title", "publish_time", "author", "content")
        return dict(zip(("title", "date", "author", "body"), (found[name] for name in names), strict=True))

    return extract


def _readability() -> Extractor:
    document_class = import_module("readability").Document
    parse = import_module("lxml.html").fromstring

    def extract(html: bytes, _url: str) -> dict[str, Any]:
        document = document_class(_decoded(html))
        return {"title": document.short_title(), "body": parse(document.summary()).text_content()}

    return extract


def _magic() -> Extractor:
    extractor = import_module("magic_html").GeneralExtractor()
    parse = import_module("lxml.html").fromstring

    def extract(html: bytes, url: str) -> dict[str, Any]:
        found = extractor.extract(_decoded(html), base_url=url)
        return {"title": found.get("title"), "body": parse(found["html"]).text_content()}

    return extract


def _resiliparse() -> Extractor:
    extract_plain_text = import_module("resiliparse.extract.html2text").extract_plain_text

    def extract(html: bytes, _url: str) -> dict[str, Any]:
        return {"body": extract_plain_text(_decoded(html), main_content=True)}

    return extract
