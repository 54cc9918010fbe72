"""The search page and the search of the API: hits, facets, time line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse

from newscrawl.search import QueryError
from newscrawl.search.query import NAME_FIELDS, SORTS, read_days
from newscrawl.web.asking import Asked, name_term, read_asked, write_day
from newscrawl.web.download import FORMATS
from newscrawl.web.render import address
from newscrawl.web.timeline import count_articles, count_places

if TYPE_CHECKING:
    from starlette.responses import Response

    from newscrawl.search import Hit
    from newscrawl.web.overview import Overview
    from newscrawl.web.visit import Visit

PER_PAGE, MOST_PAGES = 20, 500
#: Values of a facet that are shown at once; up to MOST_VALUES more unfold.
SHOWN_VALUES, MOST_VALUES = 8, 42
MOST_HITS, DEEPEST = 100, 100_000


@dataclass(slots=True, frozen=True)
class Choice:
    """A value of a facet: "" as `href` where the query language cannot ask for it."""

    value: str
    count: int
    href: str
    chosen: bool = False


def search_page(visit: Visit) -> Response:
    """Show what a search finds; without words, the newest articles."""
    asked = read_asked(visit)
    if asked.q.startswith(("http://", "https://")):
        found = visit.corpus.store.find(asked.q)
        if found:
            return RedirectResponse(f"/articles/{found[0].id}", 303)
    page = visit.number("page", default=1, least=1, most=MOST_PAGES)
    measure = visit.choice("measure", ("articles", "million"))
    context: dict[str, Any] = {"asked": asked, "sorts": SORTS, "problem": "", "measure": measure}
    context |= {"per_page": PER_PAGE, "shown": SHOWN_VALUES}
    context["days"] = [_day(asked.since, 0), _day(asked.until, 1)]
    context["hidden"] = {
        name: value for name, value in asked.values().items() if name not in ("q", "since", "until", "sort", "stories")
    }
    try:
        with visit.corpus.limited():
            query = asked.query()
            results = visit.corpus.index.search(
                query, limit=PER_PAGE, offset=PER_PAGE * (page - 1), stories=asked.stories
            )
            overview = visit.corpus.overviews.get(query, stories=asked.stories, measure=measure)
    except QueryError as error:
        return visit.page("search.html", 400, **{**context, "problem": str(error), "results": None})
    context.update(results=results, query=query, timeline=overview.timeline, has_words=overview.has_words)
    context.update(_links(asked, overview, page, results.total))
    return visit.page("search.html", **context)


def _links(asked: Asked, overview: Overview, page: int, total: int) -> dict[str, Any]:
    """Return all that the page of a search leads to."""
    pages = min(-(-total // PER_PAGE), MOST_PAGES)
    here = asked.values()
    return {
        "facets": {name: choices(asked, name, overview.facets[name]) for name in NAME_FIELDS},
        "chips": _chips(asked),
        "bar_links": [link(asked, since=bar.since, until=bar.until) for bar in overview.timeline.bars],
        "measures": {"articles": link(asked), "million": link(asked, measure="million")},
        "page": page,
        "pages": pages,
        "previous": link(asked, page=str(page - 1)) if page > 1 else "",
        "following": link(asked, page=str(page + 1)) if page < pages else "",
        "downloads": {name: address("/download", {**here, "format": name}) for name in FORMATS},
        "api": address("/api/search", here),
    }


def _day(text: str, end: int) -> str:
    """Return the day for a date field: the first (0) or last (1) of a month or year; "" for what is no day."""
    try:
        return write_day(read_days(text)[end]) if text else ""
    except QueryError:
        return ""


def link(asked: Asked, **changes: str) -> str:
    """Return the address of the search page for a search with some parameters changed; "" takes one away."""
    return address("/", {**asked.values(), **changes})


def choices(asked: Asked, name: str, counts: list[tuple[str, int]]) -> list[Choice]:
    """Return the values of a facet with links that choose them, or give up the one chosen."""
    chosen = getattr(asked, name)
    found = []
    for value, number in counts[:MOST_VALUES]:
        if value and value == chosen:
            found.append(Choice(value, number, link(asked, **{name: ""}), chosen=True))
            continue
        try:
            name_term(name, value)
            href = link(asked, **{name: value})
        except QueryError:
            href = ""
        found.append(Choice(value, number, href))
    return found


def _chips(asked: Asked) -> list[tuple[str, str, str]]:
    """Return (field, value, link without it) of what narrows the search."""
    found = [(name, value, link(asked, **{name: ""})) for name, value in asked.names().items()]
    if asked.since or asked.until:
        days = f"{asked.since or '…'} – {asked.until or '…'}"
        found.append(("days", days, link(asked, since="", until="")))
    return found


def search_api(visit: Visit) -> Response:
    """Answer a search with JSON."""
    asked = read_asked(visit)
    limit = visit.number("limit", default=PER_PAGE, least=0, most=MOST_HITS)
    offset = visit.number("offset", default=0, least=0, most=DEEPEST)
    names = [name for name in visit.value("facets").split(",") if name]
    with visit.corpus.limited():
        query = asked.query()
        results = visit.corpus.index.search(query, limit=limit, offset=offset, facets=names, stories=asked.stories)
    return visit.json(
        {
            "query": query,
            "total": results.total,
            "limit": limit,
            "offset": offset,
            "hits": [hit_record(hit) for hit in results.hits],
            "facets": {
                name: [{"value": value, "count": number} for value, number in counts]
                for name, counts in results.facets.items()
            },
            "notes": results.notes,
        }
    )


def hit_record(hit: Hit) -> dict[str, Any]:
    """Return a hit as plain values; marks are [start, end) in the text beside them."""
    article = hit.article
    return {
        "id": article.id,
        "title": article.title,
        "title_marks": [list(mark) for mark in hit.title.marks],
        "snippet": hit.snippet.text,
        "snippet_marks": [list(mark) for mark in hit.snippet.marks],
        "url": article.canonical_url or article.url,
        "site": article.site,
        "section": article.section,
        "published": article.published,
        "published_day": article.published_day,
        "source": article.source,
        "reporters": article.reporters,
        "status": article.status,
        "story_id": article.story_id,
        "duplicate_of": article.duplicate_of,
        "copies": hit.copies,
        "score": hit.score,
    }


def timeline_api(visit: Visit) -> Response:
    """Answer with the time line of a search."""
    asked = read_asked(visit)
    measure = visit.choice("measure", ("articles", "million"))
    by = visit.choice("by", ("month", "day", "year"))
    counter = count_places if measure == "million" else count_articles
    with visit.corpus.limited():
        line = counter(
            visit.corpus.index,
            asked.query(),
            next(name for name in ("day", "month", "year") if name == by),
            stories=asked.stories,
        )
    points = [{"period": bar.period, "value": bar.value} for bar in line.bars]
    return visit.json({"by": by, "measure": measure, "undated": line.undated, "points": points, "notes": line.notes})
