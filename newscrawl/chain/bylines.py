"""Step of the chain: bylines. Merges the labelled line, what metadata names, and the head and tail of the body."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.text.bylines import Byline, parse_byline

if TYPE_CHECKING:
    from newscrawl.items import Article

#: Lines of the body that are looked at from its head and its tail.
HEAD_LINES, TAIL_LINES = 4, 6
#: A line longer than this is a paragraph: only its dateline and its last bracket can be credits.
LONGEST_CREDIT_LINE = 80
_FIELDS = ("reporters", "correspondents", "photographers", "editors", "interns")
_VISIBLE = ("line", "jsonld")
_BRACKET = re.compile(r"[（(【\[〔［]([^（）()【】\[\]〔〕［］\n]{2,80})[）)】\]〕］]")
_ROLE = re.compile(r"记者|記者|通讯员|通訊員|实习生|實習生|作者|[摄攝编編]|[文图圖][/／:：|｜丨]|[采採][写寫]|撰[文稿]|供稿|[责責]|报道|報導")
_CAPTION = re.compile(r"([^。！？\n]{1,40}[摄攝])[）)]?$")


def read_bylines(article: Article) -> None:
    """Fill people, source, agency and dateline place of an article from its candidates and its body, in place.

    The body stays as it is. A name that only <meta name="author"> gives is not taken.
    """
    credits = [parse_byline(text) for text in _candidate_lines(article)]
    body = _body_credits(article.body)
    article.reporters = article.reporters or _first_people(credits, body, article)
    for field in _FIELDS[1:]:
        if not getattr(article, field):
            setattr(article, field, _merged(field, [*credits, *body]))
    if not article.source:
        article.source = _source(article, credits, body)
    for byline in (*body, *credits):
        article.agency = article.agency or byline.agency or ""
        article.dateline_place = article.dateline_place or byline.place or ""


def _candidate_lines(article: Article) -> list[str]:
    lines = [article.byline_raw] if article.byline_raw else []
    for candidate in article.candidates:
        if candidate.field == "credit" and candidate.text not in lines and len(candidate.text) <= 400:
            lines.append(candidate.text)
    return lines


def _body_credits(body: str) -> list[Byline]:
    """Parse the lines of the body that can hold credits: a few at its head and tail, photo credits anywhere."""
    lines = [line for line in body.split("\n") if line and not line.isspace()]
    found = []
    last = len(lines) - 1
    for number, line in enumerate(lines):
        edge = number < HEAD_LINES or number > last - TAIL_LINES
        if len(line) > LONGEST_CREDIT_LINE:
            if edge:
                found.extend(_paragraph_credits(line, first=number == 0))
        elif (edge and _ROLE.search(line)) or "摄" in line or "攝" in line:
            found.append(parse_byline(line))
    return found


def _paragraph_credits(line: str, *, first: bool) -> list[Byline]:
    found = []
    head, tail = line[:120], line[-120:]
    if first or "讯" in head[:60] or "电" in head[:60] or "訊" in head[:60] or "電" in head[:60]:
        close = max(head.find("）"), head.find(")"))
        found.append(parse_byline(head[: close + 1] if close > 0 else head[:60]))
    for match in _BRACKET.finditer(tail):
        if _ROLE.search(match[1]) and match.end() >= len(tail) - 12:
            found.append(parse_byline(match[0]))
    return found


def _merged(field: str, bylines: list[Byline]) -> list[str]:
    merged: list[str] = []
    for byline in bylines:
        merged.extend(name for name in getattr(byline, field) if name not in merged)
    return merged


def _first_people(credits: list[Byline], body: list[Byline], article: Article) -> list[str]:
    """Reporters: of the body where it names them, then of the credit line, then the named author."""
    for group in (body, credits):
        people = _merged("reporters", group)
        if people:
            return people
    named = [candidate for candidate in article.candidates if candidate.field == "author"]
    for candidate in named:
        people = _author(candidate.text)
        if people and (candidate.origin in _VISIBLE or _agreed(people, candidate.origin, article)):
            return people
    return []


def _author(text: str) -> list[str]:
    """Names of an author candidate, which may be bare or carry its label."""
    if len(text) > 100:
        return []
    byline = parse_byline(text)
    return byline.reporters or ([] if byline.editors else parse_byline("作者：" + text).reporters)


def _agreed(people: list[str], origin: str, article: Article) -> bool:
    """Whether a second place of the page names the same people as the metadata does."""
    others = [candidate.text for candidate in article.candidates if candidate.origin != origin]
    edges = article.body[:200] + "\n" + article.body[-200:]
    return all(any(name in text for text in others) or name in edges for name in people)


def _source(article: Article, credits: list[Byline], body: list[Byline]) -> str:
    for origin in ("line", "jsonld", ""):
        for candidate in article.candidates:
            if candidate.field == "source" and candidate.origin.startswith(origin) and len(candidate.text) <= 100:
                text = candidate.text.strip()
                value = parse_byline(text if "来源" in text or "來源" in text else "来源：" + text).source
                if value:
                    return value
    for byline in (*credits, *body):
        if byline.source:
            return byline.source
    return ""
