"""One article: its text, what was done to it, its versions, its copies, and the page in the archive."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response

from newscrawl.archive import read_record
from newscrawl.archive.read import ArchiveError
from newscrawl.archive.shared import locate
from newscrawl.items import to_record
from newscrawl.store import ArticleFilter
from newscrawl.web.difference import compare
from newscrawl.web.printed import printed
from newscrawl.web.story import draw, read_story, story_name
from newscrawl.web.visit import NotFoundError, ParameterError

if TYPE_CHECKING:
    from newscrawl.archive import ArchivedResponse
    from newscrawl.items import ArchivePointer, Article, Revision
    from newscrawl.web.corpus import Corpus
    from newscrawl.web.visit import Visit

_PREFIX = re.compile("[0-9a-f]{4,40}")
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]{1,40})", re.IGNORECASE | re.ASCII)
#: A stored page may hold anything: no scripts, no forms, nothing fetched, an origin of its own.
RAW_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none';"
    " base-uri 'none'; frame-ancestors 'self'"
)
#: Revisions of one article that are listed; the newest are kept.
MOST_REVISIONS = 200


def find_article(visit: Visit) -> Article:
    """Return the article of the address: its id, or the beginning of one. Raises NotFoundError."""
    given = visit.path["id"]
    article = visit.corpus.store.get(given)
    if article is None and _PREFIX.fullmatch(given):
        found = visit.corpus.store.find(given)
        article = found[0] if len(found) == 1 else None
    if article is None:
        raise NotFoundError(f"no article has the id {given[:60]!r}")
    return article


def article_page(visit: Visit) -> Response:
    """Show an article's clean text and its facts."""
    article = find_article(visit)
    return visit.page("article.html", article=article, tab="text", copies=_count_copies(visit.corpus, article))


def printed_page(visit: Visit) -> Response:
    """Show an article as its page had it: edits of restoration and what was taken out are marked."""
    article = find_article(visit)
    rules = Counter(edit.rule for edit in article.restoration.edits).most_common()
    return visit.page(
        "printed.html",
        article=article,
        tab="printed",
        copies=_count_copies(visit.corpus, article),
        printed=printed(article),
        rules=rules,
    )


def revisions_page(visit: Visit) -> Response:
    """Show the versions of an article and what changed between two of them (the newest two by default)."""
    article = find_article(visit)
    revisions = visit.corpus.store.revisions(article.id)[-MOST_REVISIONS:]
    after = _revision(visit, revisions, "to", revisions[-1].number if revisions else 1)
    earlier = [found for found in revisions if after is not None and found.number < after.number]
    before = _revision(visit, revisions, "from", earlier[-1].number if earlier else 0) if earlier else None
    difference = compare(before.article, after.article) if before is not None and after is not None else None
    return visit.page(
        "revisions.html",
        article=article,
        tab="revisions",
        copies=_count_copies(visit.corpus, article),
        revisions=revisions,
        before=before,
        after=after,
        difference=difference,
    )


def _revision(visit: Visit, revisions: list[Revision], name: str, default: int) -> Revision | None:
    number = visit.number(name, default=default, least=0, most=1_000_000)
    found = next((revision for revision in revisions if revision.number == number), None)
    if found is None and visit.value(name):
        raise ParameterError(f"there is no revision {number}")
    return found


def story_page(visit: Visit) -> Response:
    """Show the copies of an article: who published when, with which credits, and what each changed."""
    article = find_article(visit)
    copies = read_story(visit.corpus.store, article)
    return visit.page(
        "story.html",
        article=article,
        tab="story",
        copies=len(copies),
        members=copies,
        original=next(copy.article.id for copy in copies if copy.is_original),
        picture=draw(copies),
    )


def compare_page(visit: Visit) -> Response:
    """Show what differs between two articles."""
    article = find_article(visit)
    other = visit.corpus.store.get(visit.path["other"])
    if other is None:
        raise NotFoundError(f"no article has the id {visit.path['other'][:60]!r}")
    return visit.page(
        "compare.html",
        article=article,
        other=other,
        tab="story",
        copies=_count_copies(visit.corpus, article),
        difference=compare(article, other),
    )


def archived_page(visit: Visit) -> Response:
    """Show the archived page in a frame that can do nothing."""
    article = find_article(visit)
    problem = ""
    record = None
    try:
        record = read_archived(visit.corpus, article.archive)
    except ArchiveError as error:
        problem = str(error)
    return visit.page(
        "archived.html",
        article=article,
        tab="archived",
        copies=_count_copies(visit.corpus, article),
        record=record,
        problem=problem,
    )


def raw(visit: Visit) -> Response:
    """Answer with the archived page itself, under a policy that lets it do nothing."""
    article = find_article(visit)
    try:
        record = read_archived(visit.corpus, article.archive)
    except ArchiveError as error:
        return PlainTextResponse(f"{error}\n", 404)
    kind = record.content_type.partition(";")[0].strip().lower()
    charset = _CHARSET.search(record.content_type)
    suffix = f"; charset={charset[1]}" if charset else ""
    media = "text/html" if kind in ("", "text/html", "application/xhtml+xml") else "text/plain"
    headers = {
        "Content-Type": media + suffix,
        "Content-Security-Policy": RAW_POLICY,
        "Cross-Origin-Opener-Policy": "unsafe-none",  # a sandboxed page with any other cannot be opened on its own
    }
    return Response(record.body, headers=headers)


def read_archived(corpus: Corpus, pointer: ArchivePointer | None) -> ArchivedResponse:
    """Return an archived response. Raises ArchiveError, also for a pointer that leads out of the archive's folder."""
    if pointer is None or not pointer.file:
        raise ArchiveError("this article has no archived page")
    root = corpus.archive.resolve()
    if not (root / pointer.file).resolve().is_relative_to(root):
        raise ArchiveError("the archived page lies outside of the archive's folder")
    if not locate(root, pointer.file).is_file():
        raise ArchiveError(f"the archive file {pointer.file} is not in {corpus.archive}")
    return read_record(root, pointer)


def _count_copies(corpus: Corpus, article: Article) -> int:
    return max(1, corpus.store.count(ArticleFilter(story_id=story_name(article))))


def article_api(visit: Visit) -> Response:
    """Answer with an article as it is stored."""
    return visit.json(to_record(find_article(visit)))


def revisions_api(visit: Visit) -> Response:
    """Answer with the versions of an article."""
    article = find_article(visit)
    return visit.json(
        [
            {"number": found.number, "fetched_at": found.fetched_at, "article": to_record(found.article)}
            for found in visit.corpus.store.revisions(article.id)[-MOST_REVISIONS:]
        ]
    )


def story_api(visit: Visit) -> Response:
    """Answer with the copies of an article."""
    records = []
    for copy in read_story(visit.corpus.store, find_article(visit)):
        article = copy.article
        names = ("id", "title", "site", "source", "reporters", "published", "published_day", "duplicate_of")
        record = {name: getattr(article, name) for name in (*names, "duplicate_kind", "similarity")}
        difference = copy.difference
        record["original"] = copy.is_original
        record["added"] = difference.added if difference else None
        record["removed"] = difference.removed if difference else None
        record["changed_fields"] = sorted(difference.fields) if difference else []
        records.append(record)
    return visit.json(records)
