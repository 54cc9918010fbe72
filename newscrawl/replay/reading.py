"""What a worker does: read pages and run the chain on them. Pure, so that it may be done twice, anywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from newscrawl.chain import STEPS, RejectedArticleError, remove_boilerplate
from newscrawl.dedup import content_hash
from newscrawl.dedup.fingerprint import Fingerprint, fingerprint
from newscrawl.items import Candidate, article_id
from newscrawl.page import Page, read_page
from newscrawl.replay.lessons import unpack

if TYPE_CHECKING:
    from datetime import datetime

    from newscrawl.items import ArchivePointer, Article
    from newscrawl.replay.lessons import Lessons
    from newscrawl.replay.rules import SiteRule

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE | re.ASCII)


@dataclass(slots=True)
class Task:
    """A page to be read as an article, or as a further part of one.

    canonical, address: URL of the article and where it was asked for (a redirect may have led elsewhere: `url`).
    listed_date: what the list page says. lessons: what the site had taught the crawl.
    part: it may be a part; it is read, but not yet taken through the chain.
    """

    url: str
    body: bytes
    content_type: str
    fetched_at: datetime
    pointer: ArchivePointer
    rule: SiteRule
    canonical: str
    address: str
    run: str = ""
    listed_date: str = ""
    part: bool = False
    lessons: Lessons | None = None


@dataclass(slots=True)
class Reading:
    """What came of a task.

    kind: "article" (done, with its fingerprint), "open" (further parts are to come), "part" (raw), "refused" (no
    article; reason says why), "failed" (an error of ours).
    """

    kind: Literal["article", "open", "part", "refused", "failed"]
    article: Article | None = None
    text: Fingerprint | None = None
    next_part: str = ""
    reason: str = ""


def read_chunk(tasks: list[Task]) -> list[Reading]:
    """Read pages; an error with one of them is told, the others are read."""
    readings = []
    for task in tasks:
        try:
            readings.append(read_task(task))
        except Exception as error:  # noqa: BLE001  one page must not end a replay of millions
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            readings.append(Reading("failed", reason=reason[:300]))
    return readings


def read_task(task: Task) -> Reading:
    """Read one page as its crawl did, and run the chain on an article that is complete."""
    return read_raw(read(task), task)


def read_raw(page: Page, task: Task) -> Reading:
    """Turn a page that was read into a reading of its task."""
    article = page.article
    if article is not None:
        article.archive = task.pointer
    if task.part:
        return Reading("part", article, next_part=page.next_part)
    if article is None or (task.rule.generic and page.kind != "article"):
        return Reading("refused", reason=f"{page.kind}: {page.reason}".rstrip(": "))
    if page.next_part and task.rule.owns(task.rule.canonical(page.next_part)) and page.next_part != task.url:
        return Reading("open", article, next_part=page.next_part)
    return finish(article, task)


def finish(article: Article, task: Task) -> Reading:
    """Fill in what the crawl knew of an article, run the chain, make the fingerprint."""
    complete(article, task)
    try:
        _process(article, task)
    except RejectedArticleError as reason:
        return Reading("refused", reason=str(reason))
    article.candidates = []  # they are many, and nobody needs them any more
    article.content_hash = content_hash(article.title, article.body)
    return Reading("article", article, fingerprint(article.body))


def _process(article: Article, task: Task) -> None:
    """Run the steps of the chain, with the lines that the site repeats."""
    lines = unpack(task.lessons)[1] if task.lessons is not None else None
    for step in STEPS:
        if step is remove_boilerplate:
            remove_boilerplate(article, site_lines=lines)
        else:
            step(article)


def complete(article: Article, task: Task) -> None:
    """Fill in what the crawl knew of an article and its page does not say, as the spider does."""
    rule = task.rule
    aliases = {rule.canonical(url) for url in (article.canonical_url, article.url, *article.url_aliases) if url}
    article.url_aliases = sorted(url for url in aliases - {task.canonical} if rule.owns(url))
    article.url = task.address
    article.canonical_url = task.canonical
    article.id = article_id(task.canonical)
    article.site = rule.name
    article.run_id = task.run
    article.fetched_at = article.fetched_at or task.fetched_at
    if task.listed_date:
        article.candidates.append(Candidate("date", task.listed_date, "list"))


def read(task: Task) -> Page:
    """Read a page as the spider of its site did."""
    return read_page(
        task.body,
        task.url,
        encoding=task.rule.encoding or charset_of(task.content_type),
        layouts=task.rule.layouts,
        profile=unpack(task.lessons)[0] if task.lessons is not None else None,
        fetched_at=task.fetched_at,
    )


def charset_of(content_type: str) -> str | None:
    """Return the charset that a Content-Type header declares."""
    found = _CHARSET.search(content_type)
    return found[1] if found else None
