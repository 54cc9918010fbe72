"""`newscrawl kwic`, `stats` and `export`: the tools of corpus work."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.cells import cell_len

from newscrawl.cli.console import console, plain, print_json, printable, progress, table
from newscrawl.cli.lookup import existing_store
from newscrawl.errors import WrongUseError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from newscrawl.search import SearchIndex

#: Greatest width of the bars of a time line, in columns.
BAR = 40


@contextmanager
def synced_index(uri: str | None, query: str = "") -> Iterator[SearchIndex]:
    """Open the index of a store with everything taken in that the store has; a query is looked at before that.

    Raises QueryError, NotFoundError and what store and index raise.
    """
    from newscrawl.search import open_index, parse_query

    parse_query(query)

    store = existing_store(uri)
    index = open_index(store)
    try:
        with progress("taking new articles into the index") as update:
            index.sync(store, progress=update)
        yield index
    finally:
        index.close()
        store.close()


def kwic(options: Namespace) -> int:
    """Print a concordance: every place of the words, in the middle of its line."""
    from newscrawl.search.concordance import kwic as concordance

    with synced_index(options.store, " ".join(options.query)) as index:
        found = concordance(
            index,
            " ".join(options.query),
            width=options.width,
            limit=options.limit,
            sort=options.sort,
            stories=options.stories,
        )
    if options.json:
        print_json(asdict(found))
        return 0 if found.total else 1
    out = console()
    day = max((len(line.day) for line in found.lines), default=0)
    site = max((cell_len(line.site) for line in found.lines), default=0)
    node = max((cell_len(line.node) for line in found.lines), default=0)
    context = max(4, (out.width - max(3, day) - max(4, site) - node - 12) // 2)
    rows = [
        [
            line.day,
            line.site,
            _fitting(printable(line.left), context, end=True),
            line.node,
            _fitting(printable(line.right), context),
        ]
        for line in found.lines
    ]
    made = table(f"{found.total:,} lines from {found.articles:,} articles", ["day", "site", "", "", ""], rows)
    made.columns[2].justify = "right"
    made.columns[3].style = "bold"
    for column in made.columns:
        column.no_wrap = True
    out.print(made)
    for note in found.notes:
        out.print(plain(note), markup=False)
    return 0 if found.total else 1


def _fitting(text: str, width: int, *, end: bool = False) -> str:
    """Return the beginning, or the end, of a text that fits into so many cells of the terminal."""
    while cell_len(text) > width:
        text = text[1:] if end else text[:-1]
    return text


def stats(options: Namespace) -> int:
    """Count: articles by a field, or a word over time, n-grams, what stands beside a word."""
    query = " ".join(options.query)
    kinds = {"over time": options.over, "n-grams": options.ngrams, "collocations": options.near}
    if sum(bool(value) for value in kinds.values()) > 1:
        raise WrongUseError("one of --over, --ngrams and --near at a time")
    with synced_index(options.store, query) as index:
        if options.over:
            return _over_time(index, query, options)
        if options.ngrams:
            return _ngrams(index, query, options)
        if options.near:
            return _collocations(index, query, options)
        return _facets(index, query, options)


def _over_time(index: SearchIndex, query: str, options: Namespace) -> int:
    from newscrawl.search.timeline import frequency

    found = frequency(index, query, by=options.over, stories=options.stories)
    if options.json:
        print_json(asdict(found))
        return 0
    most = max((point.per_million for point in found.points), default=0.0) or 1.0
    bar = max(8, min(BAR, console().width - 55))
    rows = [
        [
            point.period,
            point.count,
            point.articles,
            f"{point.per_million:,.1f}",
            "█" * round(bar * point.per_million / most),
        ]
        for point in found.points
    ]
    columns = ["period", "places", "articles", "per million characters", ""]
    console().print(table(query, columns, rows, right=columns[1:4]))
    return 0


def _ngrams(index: SearchIndex, query: str, options: Namespace) -> int:
    from newscrawl.search.words import ngrams

    found = ngrams(index, query, size=options.ngrams, limit=options.limit)
    if options.json:
        print_json(asdict(found))
        return 0
    rows = [[row.text, row.count, row.articles] for row in found.rows]
    title = f"{options.ngrams}-grams of {found.unit} in {found.articles:,} articles"
    console().print(table(title, ["n-gram", "places", "articles"], rows, right=["places", "articles"]))
    return 0


def _collocations(index: SearchIndex, query: str, options: Namespace) -> int:
    from newscrawl.search.words import collocations

    found = collocations(index, query, window=options.near, limit=options.limit)
    if options.json:
        print_json(asdict(found))
        return 0
    rows = [[row.text, row.near, row.count, f"{row.log_likelihood:.1f}", f"{row.log_dice:.2f}"] for row in found.rows]
    columns = [found.unit, "near", "in all", "log-likelihood", "logDice"]
    title = f"within {options.near} of {found.places:,} places in {found.articles:,} articles"
    console().print(table(title, columns, rows, right=columns[1:]))
    return 0


def _facets(index: SearchIndex, query: str, options: Namespace) -> int:
    from newscrawl.search import FACETS

    names = options.by or ["site", "month", "source", "reporter", "section"]
    unknown = [name for name in names if name not in FACETS]
    if unknown:
        raise WrongUseError(f"articles cannot be counted by {unknown[0]}; write one of {', '.join(FACETS)}")
    found = index.search(query, limit=0, facets=names, stories=options.stories)
    if options.json:
        print_json({"total": found.total, "facets": {name: dict(rows) for name, rows in found.facets.items()}})
        return 0
    out = console()
    out.print(f"{found.total:,} articles")
    for name, counts in found.facets.items():
        out.print(table("", [name, "articles"], counts[: options.limit], right=["articles"]))
    return 0


def export(options: Namespace) -> int:
    """Write articles into a file that other tools read."""
    from newscrawl.archive import archive_path, default_archive
    from newscrawl.store import ArticleFilter
    from newscrawl.store.export import ExportOptions
    from newscrawl.store.export import export as export_articles

    settings = ExportOptions(
        revisions=options.revisions, unit=options.unit, archive_root=archive_path(options.archive or default_archive())
    )
    where = ArticleFilter(site=options.site, since=options.since, until=options.until)
    query = " ".join(options.query)
    if query:
        if any((options.site, options.since, options.until)):
            raise WrongUseError("with a query, say it in the query: site:… since:… until:…")
        with synced_index(options.store, query) as index, progress("exporting") as update:
            done = export_articles(
                index.store,
                options.target,
                format_name=options.format,
                articles=index.articles(query),
                selection=query,
                options=settings,
                progress=update,
            )
    else:
        store = existing_store(options.store)
        with progress("exporting") as update:
            done = export_articles(
                store, options.target, format_name=options.format, where=where, options=settings, progress=update
            )
        store.close()
    left_out = f", {done.left_out:,} left out (nothing in them for this format)" if done.left_out else ""
    console().print(f"{done.written:,} articles in {done.path} ({done.format_name}){left_out}", markup=False)
    return 0
