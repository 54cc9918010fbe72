"""Raw date, credit, source and author strings that a page offers, each with where it stood."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newscrawl.items import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newscrawl.page.walk import Document

# It begins with one set of characters, so that the search runs from one of them to the next.
DATE = re.compile(
    r"[\d昨今前一二民](?:(?:(?<=1)9|(?<=2)0)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}|(?:(?<=1)9|(?<=2)0)\d{6}(?!\d)"
    r"|(?<=\d)(?<!\d\d)\d?\s*月\s*\d{1,2}\s*日|(?<=\d)\d{0,2}\s*(?:分钟|小时|天|分鐘|小時)前"
    r"|(?<=[昨今前])天\s*\d{1,2}[:：]\d\d|(?<=[一二])[〇零○九]\w{2}年\w{1,2}月|(?<=民)国\w{2,4}年"
    r"|(?<=\d)(?<!\d\d)\d{1,2}年\d{1,2}月\d{1,2}日|(?<=\d)(?<!\d\d)\d?[-/]\d{1,2}\s+\d{1,2}:\d\d)"
)
CREDIT = re.compile(
    r"来源|來源|作者|记者|記者|编辑|編輯|责编|責編|通讯员|通訊員|撰文|文[/／:：|]|摄影|攝影|供稿|报道|報導|綜合|综合|稿源|编译|編譯|出处|出處|发布者|By\b"
)
#: A medium that stands without a label before or behind the date of a meta line.
_NAME = (
    r"[\u3400-\u9fff]{1,10}"
    r"(?:报|報|网|網|社|台|臺|新闻|新聞|融媒|发布|發布|客户端|在线|在線|频道|頻道|周刊|週刊|杂志|雜誌)"
)
_MEDIUM = re.compile(rf"\s*({_NAME})\s*[|·]?\s*$")
_MEDIUM_BEHIND = re.compile(
    rf"[\s日]*(?:\d{{1,2}}[:：]\d\d(?:[:：]\d\d)?)?[\s|·]*({_NAME})\s*(?:第\s*\w{{1,6}}\s*版.{{0,12}})?$"
)
_place = itemgetter(2)
_AUTHOR_PATH = re.compile(r"/(?:reporter|author|writer|journalist|columnist|jizhe|zuozhe)s?[/?=_-]", re.IGNORECASE)
_IDEOGRAPH = re.compile("[\u3400-\u9fff]")
#: Lines at the end of a body between which credits are looked for that were cut out as furniture.
TAIL_LINES = 6
_METAS: dict[str, list[str]] = json.loads((Path(__file__).parent / "data" / "metas.json").read_text("utf-8"))


def head_candidates(document: Document) -> list[Candidate]:
    """Return what meta elements, JSON-LD and <time> elements say."""
    found = [
        Candidate(field, document.metas[name], f"meta:{name}")
        for field, names in _METAS.items()
        for name in names
        if name in document.metas
    ]
    for text in document.json_ld[:8]:
        found.extend(_json_ld(text))
    found.extend(Candidate("date", stamp, "time") for stamp, _ in document.times[:8])
    return found


def line_candidates(document: Document, title_index: int, first: int) -> list[Candidate]:
    """Return the visible lines with a date or a credit around the title and the start of the body.

    title_index: the block of the title, -1 where it is not shown; first: the first block of the body.
    Lines between the two come first, then those shortly before the title, then the body's first two blocks.
    """
    blocks = document.blocks
    start = title_index + 1 if 0 <= title_index < first else max(first - 12, 0)
    sections = section_links(document, start, first)
    found: list[Candidate] = []
    for index in (*range(start, first), *range(start - 1, max(start - 8, -1), -1)):
        text = blocks[index].text
        if len(text) <= 200:
            if index in sections:
                text = text.removesuffix(sections[index]).rstrip(" |·/")
            dated = DATE.search(text)
            if dated:
                found.append(Candidate("date", text, "line"))
            if CREDIT.search(text):
                found.append(Candidate("credit", text, "line"))
            elif dated and index >= start:
                medium = _MEDIUM.match(text[: dated.start()]) or _MEDIUM_BEHIND.match(text[dated.end() :])
                if medium is not None:
                    found.append(Candidate("source", medium.group(1), "line"))
    found.extend(
        Candidate("date", block.text, "head") for block in blocks[first : first + 2] if DATE.search(block.text[:120])
    )
    return found


def anchors_between(document: Document, start: int, stop: int) -> list[tuple[str, str, int]]:
    """Return the links whose text begins in the blocks from `start` to before `stop`; links are in page order."""
    anchors = document.anchors
    return anchors[bisect_left(anchors, start, key=_place) : bisect_left(anchors, stop, key=_place)]


def section_links(document: Document, start: int, stop: int) -> dict[int, str]:
    """Return the short links that close a line between title and body and are in the page's menus too: its section.

    Keys are blocks. What follows a label (来源：, source) is none.
    """
    found: dict[int, str] = {}
    every: list[str] = []
    for _, text, index in anchors_between(document, start, stop):
        line = document.blocks[index].text
        if not 2 <= len(text) <= 8 or not line.endswith(text) or line[: -len(text)].rstrip().endswith((":", "：")):
            continue
        every = every or [other for _, other, _ in document.anchors]
        if every.count(text) >= 2:
            found[index] = text
    return found


def tail_candidates(document: Document, kept: list[int]) -> list[Candidate]:
    """Return the credit lines shortly behind the body, and those that were cut out between its last lines.

    kept: the blocks of the body, in order, at least one.
    """
    last = kept[-1]
    near = set(kept[-TAIL_LINES:])
    cut = (index for index in range(min(near), last) if index not in near)
    lines = (document.blocks[index] for index in (*cut, *range(last + 1, min(last + 9, len(document.blocks)))))
    return [
        Candidate("credit", block.text, "tail")
        for block in lines
        if len(block.text) <= 120 and block.linked * 2 < len(block.text) and CREDIT.search(block.text)
    ]


def author_links(document: Document, title_index: int, first: int, last: int) -> list[Candidate]:
    """Return the visible names that link to a page about their author (/reporter/17.html) by title or body."""
    start = title_index if 0 <= title_index < first else first - 6
    found = [
        Candidate("author", text, "line")
        for begin, end in ((start, first + 1), (last + 1, last + 4))
        for href, text, _ in anchors_between(document, begin, end)
        if _AUTHOR_PATH.search(href) and _is_name(text)
    ]
    return found[:5]


def _is_name(text: str) -> bool:
    """Tell a name from the handle of an account: it is written in Chinese characters, or has two words."""
    return 2 <= len(text) <= 30 and (_IDEOGRAPH.search(text) is not None or " " in text)


def _json_ld(text: str) -> Iterator[Candidate]:
    """Read one JSON-LD script; the ways in which portals break JSON (line breaks in strings) are forgiven."""
    try:
        data = json.loads(text.strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return
    for entry in _json_ld_nodes(data):
        for name, field in (
            ("datePublished", "date"),
            ("pubDate", "date"),
            ("dateModified", "modified"),
            ("headline", "title"),
        ):
            value = entry.get(name)
            if isinstance(value, str) and value.strip():
                yield Candidate(field, value.strip(), "jsonld")
        for name, field in (("author", "author"), ("publisher", "source")):
            for person in _names(entry.get(name)):
                yield Candidate(field, person, "jsonld")


def _json_ld_nodes(data: Any) -> Iterator[dict[str, Any]]:
    queue = [data]
    for _ in range(200):
        if not queue:
            return
        entry = queue.pop(0)
        if isinstance(entry, list):
            queue.extend(entry[:50])
        elif isinstance(entry, dict):
            yield entry
            queue.extend(value for key, value in entry.items() if key in ("@graph", "mainEntity") and value)


def _names(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    names = [entry.get("name") if isinstance(entry, dict) else entry for entry in values[:10]]
    return [name.strip() for name in names if isinstance(name, str) and name.strip()]
