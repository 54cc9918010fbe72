"""Making the story log anew over a whole store: with new parameters, or after texts were cleaned better."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from newscrawl.dedup.fingerprint import Fingerprint, fingerprint
from newscrawl.dedup.log import read_batch
from newscrawl.dedup.stories import BATCH, Deduplicator, Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newscrawl.dedup.log import StoryLog
    from newscrawl.items import Article


@dataclass(slots=True)
class _ByHand:
    """What people decided: pairs of articles whose stories are one, groups that are a story of their own."""

    joins: list[tuple[str, str]] = field(default_factory=list)
    splits: list[list[str]] = field(default_factory=list)


def rebuild(log: StoryLog, articles: Iterable[Article], *, processes: int = 1, **options: Any) -> Iterator[Link]:
    """Make the log anew from articles in the order of their coming, and give all links that come of it.

    articles: read once, a few hundred at a time. processes: how many make fingerprints, which is half of the work.
    options: as of Deduplicator. Joins and splits by hand are made again. The links of an article may come more than
    once; the last one holds. Crawls that go on meanwhile begin with the new log, but what they add to it comes in
    between: better let none run.
    """
    by_hand = _decided_by_hand(log)
    split = {article_id for group in by_hand.splits for article_id in group}
    moved: dict[str, Article] = {}
    log.clear()
    deduplicator = Deduplicator(log, **options)
    for batch, texts in _with_fingerprints(articles, processes):
        moved |= {article.id: article for article in batch if article.id in split}
        yield from _readmit(deduplicator, batch, texts)
    for group in by_hand.splits:
        if found := [moved[article_id] for article_id in group if article_id in moved]:
            yield from deduplicator.split(found)
    for one, other in by_hand.joins:
        with suppress(KeyError):  # an article that is no longer in the store
            yield from deduplicator.join(one, other)


def _decided_by_hand(log: StoryLog) -> _ByHand:
    """Go through the log as it is. Only a split moves an article that is known; it founds a story."""
    by_hand, homes, number = _ByHand(), dict[str, int](), 0
    names: dict[int, str] = {}
    groups: dict[int, list[str]] = {}
    while batches := log.read(number):
        for number, batch in batches:  # noqa: B007 - the last one is where the next page begins
            for entry in read_batch(batch):
                if entry.action == "join":
                    by_hand.joins.append((names[entry.story], entry.id))
                elif entry.id in homes:
                    groups.setdefault(entry.story, []).append(entry.id)
                names.setdefault(entry.story, entry.id)
                homes[entry.id] = entry.story
    by_hand.splits = list(groups.values())
    return by_hand


def _with_fingerprints(
    articles: Iterable[Article], processes: int
) -> Iterator[tuple[list[Article], list[Fingerprint] | None]]:
    """Cut articles into batches and make their fingerprints in processes, a few batches ahead."""
    stream = iter(articles)
    batches = iter(lambda: list(islice(stream, BATCH)), [])
    if processes < 2:
        yield from ((batch, None) for batch in batches)
        return
    with ProcessPoolExecutor(processes) as pool:
        waiting: deque[tuple[list[Article], Future[list[Fingerprint]]]] = deque()
        for batch in batches:
            waiting.append((batch, pool.submit(_fingerprints, [article.body for article in batch])))
            if len(waiting) > 2 * processes:
                first, texts = waiting.popleft()
                yield first, texts.result()
        yield from ((batch, texts.result()) for batch, texts in waiting)


def _fingerprints(bodies: Sequence[str]) -> list[Fingerprint]:
    return [fingerprint(body) for body in bodies]


def _readmit(
    deduplicator: Deduplicator, batch: Sequence[Article], texts: Sequence[Fingerprint] | None
) -> Iterator[Link]:
    yield from deduplicator.admit_many(batch, texts=texts)
    for article in batch:
        yield {
            "id": article.id,
            "story_id": article.story_id,
            "duplicate_of": article.duplicate_of,
            "duplicate_kind": article.duplicate_kind,
            "similarity": article.similarity,
        }
