"""`newscrawl dedup` and `newscrawl show --story`: stories, made anew, joined, split, and told."""

from __future__ import annotations

from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING

from rich.text import Text

from newscrawl.cli.article import shorten
from newscrawl.cli.console import console, print_json, progress, table
from newscrawl.cli.lookup import existing_store, one_article, open_deduplicator
from newscrawl.errors import WrongUseError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable
    from datetime import datetime

    from rich.console import Console

    from newscrawl.dedup import Link
    from newscrawl.items import Article
    from newscrawl.store import Store

#: Links are written to the store so many at a time.
BATCH = 500


def dedup(options: Namespace) -> int:
    """Do what the action says: update, rebuild, join, split."""

    store = existing_store(options.store)
    try:
        if options.action == "rebuild":
            return rebuild(store, options.processes)
        if options.action == "update":
            return update(store)
        articles = [one_article(store, name) for name in options.articles]
        if options.action == "join":
            return join(store, articles)
        return split(store, articles)
    finally:
        store.close()


def rebuild(store: Store, processes: int) -> int:
    """Decide all stories anew, with today's parameters; what was joined and split by hand stays so."""
    from newscrawl import dedup as room
    from newscrawl.store.fingerprints import open_story_log

    count = 0
    with progress("putting articles into stories") as update:

        def in_order() -> Iterable[Article]:
            nonlocal count
            for article in sorted_by_coming(store):
                count += 1
                update(count)
                yield article

        names = own_names()
        links = room.rebuild(open_story_log(store), in_order(), processes=processes, names=names)
        changed = write_links(store, links)
    console().print(f"{count:,} articles in their stories, {changed:,} links written")
    return 0


def update(store: Store) -> int:
    """Put the articles into stories that crawls have left out, those written since the last time; safe to repeat."""
    from newscrawl.crawl.monitoring.alerts import ALL_SITES
    from newscrawl.replay.sink import STORY_FIELDS

    deduplicator = open_deduplicator(store, cached=True)
    last = store.site_state(ALL_SITES).get("stories", {})
    changed = store.changed_since(last.get("at"), last.get("id", ""))
    seen = admitted = 0
    with progress("putting articles into stories") as show:
        while batch := list(islice(changed, BATCH)):
            unknown = deduplicator.unknown(article.id for article in batch)
            new = sorted((one for one in batch if one.id in unknown), key=lambda one: (plain(one.first_seen), one.id))
            links = deduplicator.admit_many(new)
            own = [{"id": one.id, **{name: getattr(one, name) for name in STORY_FIELDS}} for one in new]
            store.set_story([*own, *links])
            state = {**store.site_state(ALL_SITES), "stories": {"at": batch[-1].updated_at, "id": batch[-1].id}}
            store.put_site_state(ALL_SITES, state)
            seen, admitted = seen + len(batch), admitted + len(new)
            show(seen)
    deduplicator.close()
    console().print(f"{seen:,} articles written since the last time, {admitted:,} of them were in no story yet")
    return 0


def sorted_by_coming(store: Store) -> Iterable[Article]:
    """Go through all articles in the order in which the corpus got them, holding only their ids in memory."""
    order = sorted((plain(article.first_seen), article.id) for article in store.articles())
    for start in range(0, len(order), BATCH):
        ids = [article_id for _, article_id in order[start : start + BATCH]]
        found = store.get_many(ids)
        yield from (found[article_id] for article_id in ids if article_id in found)


def plain(moment: datetime | None) -> str:
    """Return a moment as text that sorts by time."""
    return moment.isoformat() if moment else ""


def own_names() -> dict[str, tuple[str, ...]]:
    """Return the names under which sites credit themselves."""
    from newscrawl.crawl.project import project_settings
    from newscrawl.crawl.sites import site_names

    return site_names(project_settings())


def write_links(store: Store, links: Iterable[Link]) -> int:
    """Write links in batches; returns how many."""
    batch: list[Link] = []
    written = 0
    for link in links:
        batch.append(link)
        written += 1
        if len(batch) >= BATCH:
            store.set_story(batch)
            batch = []
    store.set_story(batch)
    return written


def join(store: Store, articles: list[Article]) -> int:
    """Make the stories of articles one, by hand."""
    if len(articles) < 2:
        raise WrongUseError("dedup join takes two articles or more: newscrawl dedup join ID ID")
    deduplicator = open_deduplicator(store)
    for other in articles[1:]:
        store.set_story(deduplicator.join(articles[0].id, other.id))
    print_story(console(), store, articles[0].id, as_json=False)
    return 0


def split(store: Store, articles: list[Article]) -> int:
    """Take articles out of their story into one of their own, by hand."""
    if not articles:
        raise WrongUseError("dedup split takes articles: newscrawl dedup split ID …")
    store.set_story(open_deduplicator(store).split(articles))
    print_story(console(), store, articles[0].id, as_json=False)
    return 0


def print_story(out: Console, store: Store, article_id: str, *, as_json: bool) -> None:
    """Print who published a story when, who credits whom, and what each copy changed."""
    from newscrawl.dedup import lineage
    from newscrawl.store import ArticleFilter

    article = store.get(article_id)
    members = list(store.articles(ArticleFilter(story_id=article.story_id))) if article and article.story_id else []
    if not members and article is not None:
        members = [article]
    steps = lineage(members, names=own_names())
    known = {member.id: member for member in members}
    if as_json:
        print_json({"story_id": article.story_id if article else "", "articles": [asdict(step) for step in steps]})
        return
    rows = [
        [
            step.id[:10],
            known[step.id].published,
            known[step.id].site,
            known[step.id].source,
            f"{step.copied_from[:10]} ({step.reason})" if step.copied_from else step.reason,
            f"{known[step.id].duplicate_kind} {known[step.id].similarity:.2f}" if known[step.id].duplicate_of else "",
            shorten(known[step.id].title, 24),
        ]
        for step in steps
    ]
    columns = ["id", "published", "site", "source", "has it from", "copy", "title"]
    out.print(table(f"a story of {len(members)} articles", columns, rows))
    original = next((member for member in members if not member.duplicate_of), None)
    for step in steps:
        if original is not None and step.id != original.id:
            _print_changes(out, original, known[step.id])


def _print_changes(out: Console, original: Article, copy: Article) -> None:
    from newscrawl.dedup import changes

    found = [change for change in changes(original.body, copy.body) if change.sign != " "]
    out.print(Text(f"{copy.id[:10]} changed of {original.id[:10]}: {'nothing' if not found else ''}", style="bold"))
    for change in found:
        style = "green" if change.sign == "+" else "red"
        out.print(Text(f"{change.sign} {shorten(change.text, 100)}", style=style))
