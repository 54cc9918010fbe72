"""Step of the chain: bylines. Merges the labelled line, what metadata names, and the head and tail of the body."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newscrawl.text.bylines import Byline, is_person, parse_byline

if TYPE_CHECKING:
    from newscrawl.items import Article

#: Lines of the body that are looked at from its head and its tail.
HEAD_LINES, TAIL_LINES = 6, 6
#: A line longer than this is a paragraph: only its beginning and its end can be credits.
LONGEST_CREDIT_LINE = 60
#: A short line may hold a credit anywhere in the body (a photo credit, an author under a summary).
LONGEST_INNER_LINE = 40
_LONGEST_CANDIDATE = 400
_LONGEST_AUTHOR = 100
_OTHER_FIELDS = ("correspondents", "editors", "interns")
_OPEN, _CLOSE = "(（【[〔［", ")）】]〕］"  # noqa: RUF001  the brackets that portals print
_SENTENCE_ENDS = ("。", "？", "！", "”", "…")
_LEADING = re.compile(rf"\s*[{re.escape(_OPEN)}][^{re.escape(_OPEN + _CLOSE)}\n]{{2,60}}[{re.escape(_CLOSE)}]")
_LAST_BRACKET = re.compile(
    rf"[{re.escape(_OPEN)}]([^{re.escape(_OPEN + _CLOSE)}\n]{{2,80}})[{re.escape(_CLOSE)}]\W{{0,3}}\w{{0,6}}\s*$"
)
_AFTER_SENTENCE = re.compile(r"[。！？”…]\s*([^。！？”…]{3,40})$")
_ROLE = re.compile(
    r"记者|記者|通讯员|通訊員|实习生|實習生|作者|[摄攝]|[编編][辑輯审審译譯:：]|[责責][编編]|[文图圖][/／:：|｜丨]|[采採][写寫]"
    r"|撰[文稿]|供[稿图圖]|执笔|執筆|[报報][道導]\W*$|[审審][:：核稿签簽]|[一二三初终終复複][审審]|监制|監製|特派[员員]"
)
_LABEL = re.compile(r"\s*(?:作者|撰文|采写|採寫|[图圖]?文|记者|記者)\s?[:：/／|｜丨]")
_WIRE = re.compile(
    r"[讯訊]|[电電][\s（(:：题題]|[电電]$|日[^\s，。]{0,6}[电電]|[日网網端闻聞]消息|日[报報][道導]|中央社"
)
_NAME_SEPARATOR = re.compile(r"[\s、，,;；/|]+")
_AUTHOR_LABEL = re.compile(r"^\s*(?:作者|记者|記者|文|撰文)\s?[:：/／|]")
_OF_PICTURE = re.compile(r"\W*(?:图|圖|资料来|資料來|视频来|影片|题图|題圖)")
#: What stands behind 来源 where no medium is named.
_NO_SOURCE = frozenset({"资料图", "资料图片", "转载文章", "图", "综合", "本站", "原创", "本站原创", "~"})
#: Captions that name who took the picture, and the end of one that does.
_PICTURE = re.compile(r"[摄攝拍]|供[图圖]|[图圖]片?\s?[/／:：|｜丨]")
_LONGEST_CAPTION = 400
#: A dateline and its credits, with 报道 (reports) before the text.
_REPORTS = re.compile(r"[^。！？“”\n]{2,70}?(?:报道|報道|报导|報導|消息)\s?[:：，,]")
#: Words of a closing line that names where the story is from.
_ORIGIN = re.compile(
    r"^[\s(（【\[]{0,3}(?:本文|文章|稿件|新闻|新聞|信息|资讯|内容|原文)?(?:来源|來源|稿源|转自|轉自|来自|來自)[于於]?\s?[:：/|｜丨]"
)
_BARE = re.compile(r"[\u3400-\u9fff\s、]{2,12}")


@dataclass(slots=True)
class _Body:
    """Bylines of the body by where they stand."""

    head: list[Byline] = field(default_factory=list)
    inner: list[Byline] = field(default_factory=list)
    tail: list[Byline] = field(default_factory=list)
    signed: list[str] = field(default_factory=list)

    def all(self) -> list[Byline]:
        return [*self.head, *self.inner, *self.tail]


def read_bylines(article: Article) -> None:
    """Fill people, source, agency and dateline place of an article from its candidates and its body, in place.

    The body stays as it is. A name that only <meta name="author"> gives is not taken.
    """
    labelled = [parse_byline(text) for text in _credit_lines(article)]
    body = _read_body(article.body)
    everything = [*labelled, *body.all()]
    pictures = [_picture_credit(image.caption) for image in article.images if _PICTURE.search(image.caption)]
    if not article.photographers:
        article.photographers = _merged("photographers", [*everything, *pictures])
    for name in _OTHER_FIELDS:
        if not getattr(article, name):
            setattr(article, name, _merged(name, everything))
    if not article.reporters:
        article.reporters = _reporters(article, labelled, body)
    story = [byline for byline in everything if byline.reporters or not byline.photographers]
    article.source = article.source or _source(article, story)
    for byline in (*body.head, *labelled, *body.tail):
        if byline.photographers and not byline.reporters:
            continue
        article.agency = article.agency or byline.agency or ""
        article.dateline_place = article.dateline_place or byline.place or ""


def _picture_credit(caption: str) -> Byline:
    """Read the credit of a caption; of a long one only its end."""
    return parse_byline(caption[-_LONGEST_CAPTION:])


def _credit_lines(article: Article) -> list[str]:
    """The labelled lines of the page, each once; the joined line only where no single ones are offered."""
    lines = [
        candidate.text
        for candidate in article.candidates
        if candidate.field == "credit" and len(candidate.text) <= _LONGEST_CANDIDATE
    ]
    if all(candidate.origin != "line" for candidate in article.candidates if candidate.field == "credit"):
        # a date with nothing but a medium beside it is offered as a date only
        lines += [
            candidate.text
            for candidate in article.candidates
            if candidate.field == "date" and candidate.origin == "line" and 20 <= len(candidate.text) <= _LONGEST_AUTHOR
        ]
    if not lines and 0 < len(article.byline_raw) <= _LONGEST_CANDIDATE:
        lines.append(article.byline_raw)
    return list(dict.fromkeys(lines))


def _read_body(body: str) -> _Body:
    """Parse the lines of the body that can hold credits."""
    found = _Body()
    lines = [line for line in body.split("\n") if line and not line.isspace()]
    last = len(lines) - 1
    for number, line in enumerate(lines):
        head, tail = number < HEAD_LINES, number > last - TAIL_LINES
        if len(line) <= LONGEST_CREDIT_LINE and (head or tail or len(line) <= LONGEST_INNER_LINE):
            if line.endswith(_SENTENCE_ENDS):
                if head:
                    _read_beginning(line, found)
                continue
            if _ROLE.search(line) or (head and _WIRE.search(line)):
                byline = parse_byline(line)
                if _OF_PICTURE.match(line):
                    byline.source = byline.agency = None
                (found.head if head else found.tail if tail else found.inner).append(byline)
        elif head or tail:
            if head:
                _read_beginning(line, found)
            if tail:
                _read_end(line, found, final=number == last)
        elif line.endswith(("摄", "攝", "摄）", "攝）")):
            _read_end(line, found, final=False)
    return found


def _read_beginning(line: str, found: _Body) -> None:
    """Read the dateline or the bracket that a paragraph begins with."""
    opening = line[:100]
    match = _LEADING.match(opening)
    if match is not None:
        if _ROLE.search(match[0]) or "社" in match[0]:
            found.head.append(parse_byline(match[0]))
        return
    if _LABEL.match(opening):
        found.head.append(parse_byline(opening[:LONGEST_CREDIT_LINE]))
        return
    if not _WIRE.search(opening, 0, 60):
        return
    reports = _REPORTS.match(opening)
    if reports is not None and _ROLE.search(reports[0]):
        found.head.append(parse_byline(reports[0].rstrip("：:，, ")))
        return
    close = max(opening.find("）"), opening.find(")"))
    if close > 0 and _ROLE.search(opening, 0, close):
        opening = opening[: close + 1]
    found.head.append(parse_byline(opening[:80]))


def _read_end(line: str, found: _Body, *, final: bool) -> None:
    """Read the bracket, or the words behind the last full stop, that a paragraph ends with."""
    closing = line[-120:]
    match = _LAST_BRACKET.search(closing)
    if match is not None:
        if _ROLE.search(match[1]):
            found.tail.append(parse_byline(match[0]))
        elif final and _BARE.fullmatch(match[1]):
            found.signed = [name for name in parse_byline("作者：" + match[1]).reporters if is_person(name)]
        return
    match = _AFTER_SENTENCE.search(closing)
    if match is not None and _ROLE.search(match[1]):
        found.tail.append(parse_byline(match[1]))


def _merged(name: str, bylines: list[Byline]) -> list[str]:
    return list(dict.fromkeys(person for byline in bylines for person in getattr(byline, name)))


def _reporters(article: Article, labelled: list[Byline], body: _Body) -> list[str]:
    """Reporters: beside the dateline, at the end of the text, on the credit line; then a named author."""
    for group in (body.head, body.tail, labelled, body.inner):
        people = _merged("reporters", group)
        if people:
            return people
    return _author(article) or [name for name in body.signed if name not in article.editors]


def _author(article: Article) -> list[str]:
    """The author that a candidate names: visible ones and JSON-LD at once, metadata only where the page agrees."""
    named = [candidate for candidate in article.candidates if candidate.field == "author"]
    for candidate in sorted(named, key=lambda offered: offered.origin != "line"):
        text = candidate.text
        if not 2 <= len(text) <= _LONGEST_AUTHOR:
            continue
        visible = candidate.origin in ("line", "head", "tail")
        people = [name for name in (_names(text) if visible else _persons(text)) if name not in article.editors]
        if people and (visible or candidate.origin == "jsonld" or _agreed(people, article)):
            return people
    return []


def _persons(text: str) -> list[str]:
    """Names of a piece of metadata that lists persons and nothing else."""
    parts = [part for part in _NAME_SEPARATOR.split(_AUTHOR_LABEL.sub("", text)) if part]
    return parts if all(map(is_person, parts)) else []


def _names(text: str) -> list[str]:
    """Names of a visible author, who may be bare or carry a label."""
    byline = parse_byline(text)
    return byline.reporters or ([] if byline.editors else parse_byline("作者：" + text).reporters)


def _agreed(people: list[str], article: Article) -> bool:
    """Whether the page names the same people a second time, at the edges of its text or on a credit line."""
    edges = [other.text for other in article.candidates if other.origin in ("line", "head", "tail", "jsonld")]
    edges += [article.body[:200], article.body[-200:]]
    return all(any(name in text for text in edges) for name in people)


def _closing_source(article: Article) -> str:
    """The source of a line of its own at the end of the text, or of a bracket that closes it."""
    lines = [
        entry.text for entry in article.candidates if entry.field in ("credit", "source") and entry.origin == "tail"
    ]
    for paragraph in article.body.rstrip().split("\n")[-TAIL_LINES:]:
        if "源" not in paragraph and "自" not in paragraph:
            continue
        bracket = _LAST_BRACKET.search(paragraph[-80:])
        if bracket is not None or len(paragraph) <= LONGEST_INNER_LINE:
            lines.append(bracket[0] if bracket else paragraph)
    for line in lines:
        if len(line) <= _LONGEST_AUTHOR and _ORIGIN.match(line):
            value = parse_byline(line).source
            if value and value not in _NO_SOURCE and value != "网络" and not is_person(value):
                return value
    return ""


def _source(article: Article, bylines: list[Byline]) -> str:
    """Who first published the story: the closing line, the visible label, metadata, a medium that a byline names.

    Below the text stands where it was taken from; the label above it may only name the portal that reprints it.
    """
    closing = _closing_source(article)
    if closing:
        return closing
    offered = [
        candidate for candidate in article.candidates if candidate.field == "source" and len(candidate.text) <= 100
    ]
    for candidate in sorted(offered, key=lambda candidate: candidate.origin != "line"):
        if candidate.origin != "line" and any(byline.source for byline in bylines):
            break
        text = candidate.text.strip()
        value = parse_byline(text if "来源" in text or "來源" in text else "来源：" + text).source
        if value and value not in _NO_SOURCE:
            return value
    return next((byline.source for byline in bylines if byline.source and byline.source not in _NO_SOURCE), "")
