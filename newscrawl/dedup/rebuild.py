"""Making the story log anew over a whole store: with new parameters, or after texts were cleaned better."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Any

from newscrawl.dedup.fingerprint import Fingerprint, fingerprint
from newscrawl.dedup.stories import BATCH, Deduplicator, Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newscrawl.dedup.log import StoryLog
    from newscrawl.items import Article


def rebuild(log: StoryLog, articles: Iterable[Article], *, processes: int = 1, **options: Any) -> Iterator[Link]:
    """Make the log anew from articles in the order of their coming, and give all links that come of it.

    articles: read once, a few hundred at a time. processes: how many make fingerprints, which is half of the work.
    options: as of Deduplicator. The links of an article may come more than once; the last one holds. Crawls that go on
    meanwhile begin with the new log, but what they add to it comes in between: better let none run.
    """
    log.clear()
    deduplicator = Deduplicator(log, **options)
    stream = iter(articles)
    batches = iter(lambda: list(islice(stream, BATCH)), [])
    if processes < 2:
        for batch in batches:
            yield from _readmit(deduplicator, batch, None)
        return
    with ProcessPoolExecutor(processes) as pool:
        waiting: deque[tuple[list[Article], Future[list[Fingerprint]]]] = deque()
        for batch in batches:
            waiting.append((batch, pool.submit(_fingerprints, [article.body for article in batch])))
            if len(waiting) > 2 * processes:
                first, texts = waiting.popleft()
                yield from _readmit(deduplicator, first, texts.result())
        for batch, texts in waiting:
            yield from _readmit(deduplicator, batch, texts.result())


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
