"""Formats that are written article after article into one stream: JSONL, CSV, JSON-LD, vertical."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from newscrawl.clock import CHINA
from newscrawl.errors import NewscrawlError, WrongUseError
from newscrawl.items import to_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from newscrawl.items import Article


class ExportError(NewscrawlError):
    """An export cannot be written; the message says why and what to do, in one line."""


class ExportFormatError(ExportError, WrongUseError):
    """A format that there is none of; the message names those there are."""


@dataclass(slots=True, frozen=True)
class LineFormat:
    """A stream of articles: `header`, then `encode(article)` with `separator` between any two, then `footer`."""

    encode: Callable[[Article], bytes]
    header: bytes = b""
    separator: bytes = b""
    footer: bytes = b""


def jsonl(revisions: Callable[[Article], Iterable[Article]] | None = None) -> LineFormat:
    """Return the format that keeps everything: one JSON object a line, as of `newscrawl.items.to_record`.

    `revisions` gives the older versions of an article, oldest first; each goes on a line of its own before it.
    """

    def encode(article: Article) -> bytes:
        older = revisions(article) if revisions else ()
        return b"".join(_json_line(version) for version in (*older, article))

    return LineFormat(encode)


def _json_line(article: Article) -> bytes:
    return (json.dumps(to_record(article), ensure_ascii=False, default=_plain) + "\n").encode("utf-8", "replace")


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


#: Columns of CSV and of the metadata beside text files; lists are joined by "; ".
COLUMNS = (
    *("id", "url", "site", "section", "title", "subtitle", "published", "published_day", "published_precision"),
    *("reporters", "correspondents", "photographers", "editors", "interns", "source", "agency", "dateline_place"),
    *("language", "script", "status", "revision", "story_id", "duplicate_of", "duplicate_kind", "similarity"),
    *("first_seen", "last_seen", "fetched_at"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def table_cell(value: Any) -> str:
    """Return a value as the text of a table's cell: times in Asia/Shanghai, lists joined by "; "."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(CHINA).isoformat(timespec="seconds")
    return "; ".join(value) if isinstance(value, list) else str(value)


def csv_cell(value: Any) -> str:
    """Return a cell that a spreadsheet shows and does not run: "'" before what would be a formula (OWASP)."""
    text = table_cell(value)
    if isinstance(value, (int, float)):
        return text
    return "'" + text if text.startswith(_FORMULA) else text


def csv_row(cells: Iterable[str]) -> bytes:
    """Return one row of CSV."""
    row = io.StringIO()
    csv.writer(row).writerow([cell.replace("\0", "") for cell in cells])
    return row.getvalue().encode("utf-8", "replace")


def csv_format() -> LineFormat:
    """Return CSV with a byte order mark, so that Excel reads it as UTF-8; the body is the last column."""
    return LineFormat(
        lambda article: csv_row([*(csv_cell(getattr(article, name)) for name in COLUMNS), csv_cell(article.body)]),
        header=b"\xef\xbb\xbf" + csv_row([*COLUMNS, "body"]),
    )


def json_ld() -> LineFormat:
    """Return schema.org NewsArticle objects in one JSON-LD document."""

    def encode(article: Article) -> bytes:
        return json.dumps(news_article(article), ensure_ascii=False).encode("utf-8", "replace")

    return LineFormat(encode, b'{"@context": "https://schema.org", "@graph": [\n', b",\n", b"\n]}\n")


def news_article(article: Article) -> dict[str, Any]:
    """Return an article as a schema.org NewsArticle; what is not known is left out.

    datePublished is as precise as the page was: a day, or an instant with the offset of Asia/Shanghai.
    """
    published = table_cell(article.published)
    if article.published is None or article.published_precision in {"day", "month"}:
        published = article.published_day
    found = {
        "@type": "NewsArticle",
        "@id": f"urn:sha1:{article.id}",
        "url": article.canonical_url or article.url,
        "headline": article.title,
        "alternativeHeadline": article.subtitle,
        "articleBody": article.body,
        "articleSection": article.section,
        "datePublished": published,
        "dateModified": table_cell(article.modified),
        "inLanguage": article.language,
        "author": _named("Person", [*article.reporters, *article.correspondents]),
        "editor": _named("Person", article.editors),
        "publisher": next(iter(_named("Organization", [article.source])), None),
        "sourceOrganization": next(iter(_named("Organization", [article.agency])), None),
        "locationCreated": next(iter(_named("Place", [article.dateline_place])), None),
        "image": [
            {"@type": "ImageObject", "contentUrl": image.url, **({"caption": image.caption} if image.caption else {})}
            for image in article.images
        ],
        "isBasedOn": f"urn:sha1:{article.duplicate_of}" if article.duplicate_of else "",
    }
    return {name: value for name, value in found.items() if value}


def _named(kind: str, names: Iterable[str]) -> list[dict[str, str]]:
    return [{"@type": kind, "name": name} for name in names if name]


def vertical(unit: str) -> LineFormat:
    """Return the vertical format of Sketch Engine and CWB: one token a line, structures as tags.

    `unit` "words": word and part of speech by rjieba (ICTCLAS tags); "characters": every Han character and every
    Latin word or number, with its kind (han, word, sign). Structures: doc with attributes, p, s.
    """
    split = _words() if unit == "words" else _characters

    def encode(article: Article) -> bytes:
        attributes = " ".join(
            f'{name}="{_escape(table_cell(getattr(article, field)))}"' for name, field in _DOC_ATTRIBUTES
        )
        lines = [f"<doc {attributes}>"]
        for number, paragraph in enumerate([article.title, *article.body.split("\n")]):
            if not paragraph.strip():
                continue
            lines.append('<p type="head">' if number == 0 else '<p type="text">')
            for sentence in _SENTENCES.findall(paragraph):
                tokens = [f"{_escape(token)}\t{tag}" for token, tag in split(sentence) if token.strip()]
                lines += ["<s>", *tokens, "</s>"] if tokens else []
            lines.append("</p>")
        lines.append("</doc>\n")
        return "\n".join(lines).encode("utf-8", "replace")

    return LineFormat(encode)


_DOC_ATTRIBUTES = (
    *(("id", "id"), ("url", "url"), ("site", "site"), ("section", "section"), ("date", "published_day")),
    *(("source", "source"), ("reporters", "reporters"), ("title", "title")),
)
_SENTENCES = re.compile(r"[^。！？!?；;…]+[。！？!?；;…”’」』）)]*|[。！？!?；;…”’」』）)]+")
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": " ", "\r": " ", "\t": " ", "\0": ""}
)


def _escape(text: str) -> str:
    return text.translate(_ESCAPES)


def _words() -> Callable[[str], Iterable[tuple[str, str]]]:
    try:
        rjieba = import_module("rjieba")
    except ImportError:
        raise ExportError(
            "words and parts of speech need rjieba: pip install rjieba (or export characters as tokens)"
        ) from None
    tag: Callable[[str], Iterable[tuple[str, str]]] = rjieba.tag
    return tag


_CHARACTERS = re.compile(
    r"(?P<han>[\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd])|(?P<word>[^\W_\u3005-\u3007\u3400-\u9fff]+)|(?P<sign>\S)"
)


def _characters(text: str) -> Iterable[tuple[str, str]]:
    return [(match[0], match.lastgroup or "") for match in _CHARACTERS.finditer(text)]
