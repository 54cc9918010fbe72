"""`newscrawl search` and `newscrawl show`: ask the corpus."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from rich.text import Text

from newscrawl.cli.article import print_article, print_revisions
from newscrawl.cli.console import console, plain, print_json, printable, table
from newscrawl.cli.lookup import existing_store, one_article
from newscrawl.items import to_record

if TYPE_CHECKING:
    from argparse import Namespace

    from rich.console import Console

    from newscrawl.search import Results, Snippet


def show(options: Namespace) -> int:
    """Show one article, or its versions."""

    store = existing_store(options.store)
    article = one_article(store, options.article)
    if options.story:
        from newscrawl.cli.stories import print_story

        print_story(console(), store, article.id, as_json=options.json)
    elif options.revisions:
        revisions = store.revisions(article.id)
        if options.json:
            print_json([{"number": found.number, **to_record(found.article)} for found in revisions])
        else:
            print_revisions(console(), revisions)
    elif options.json:
        print_json(to_record(article))
    else:
        print_article(console(), article)
    store.close()
    return 0


def search(options: Namespace) -> int:
    """Find articles and print them with the words in their context."""
    from newscrawl.cli.corpus import synced_index

    with synced_index(options.store, " ".join(options.query)) as index:
        results = index.search(
            " ".join(options.query),
            limit=options.limit,
            offset=options.limit * (options.page - 1),
            sort=options.sort,
            stories=options.stories,
        )
        if options.json:
            print_json(results_record(results))
        else:
            print_results(console(), results)
    return 0 if results.total else 1


def results_record(results: Results) -> dict[str, Any]:
    """Return search results as plain values."""
    hits = [
        {
            "id": hit.article.id,
            "title": hit.article.title,
            "site": hit.article.site,
            "published_day": hit.article.published_day,
            "source": hit.article.source,
            "reporters": hit.article.reporters,
            "url": hit.article.canonical_url,
            "snippet": hit.snippet.text,
        }
        for hit in results.hits
    ]
    return {"total": results.total, "hits": hits, "notes": results.notes}


def print_results(out: Console, results: Results) -> None:
    """Print search results: day, title, source, and the place where the words stand."""
    rows: list[list[object]] = []
    if not results.hits:
        out.print(f"{results.total:,} found")
    for hit in results.hits:
        article = hit.article
        rows.append([article.id[:10], article.published_day, highlighted(hit.title), article.source or article.site])
        rows.append(["", "", highlighted(hit.snippet), ""])
    if rows:
        out.print(table(f"{results.total:,} found", ["id", "day", "title", "source"], rows))
    for note in results.notes:
        out.print(plain(note), markup=False)


def highlighted(snippet: Snippet) -> Text:
    """Return a piece of text with what was found set off: in bold on a terminal, in 【】 elsewhere."""
    text = Text()
    for piece, found in snippet.pieces():
        clean = printable(re.sub(r"\s+", " ", piece))
        text.append(clean if not found or sys.stdout.isatty() else f"【{clean}】", style="bold" if found else "")
    return text
