"""Joins articles that are spread over several pages, as their records come by."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newscrawl.page import join_parts
from newscrawl.replay.reading import Reading, Task, finish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newscrawl.items import Article
    from newscrawl.replay.source import Place

#: An article of more parts than this is cut there, as in a crawl.
MAX_PARTS = 30
#: So many articles wait for further parts at once; a part that does not come within so many records was not fetched.
MOST_WAITING = 1000
PATIENCE = 5000


@dataclass(slots=True)
class _Waiting:
    task: Task
    place: Place
    articles: list[Article]
    urls: set[str] = field(default_factory=set)
    since: int = 0


class Parts:
    """Articles that wait for further parts, by the canonical URL of the part that comes next."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[tuple[str, str], _Waiting] = OrderedDict()
        self._now = 0

    def waits_for(self, task: Task) -> bool:
        """Tell whether an article waits for the page of this task."""
        return bool(self._waiting) and (task.rule.name, task.rule.canonical(task.url)) in self._waiting

    def open(self, task: Task, reading: Reading, place: Place) -> Reading | None:
        """Take in the first page of an article; returns the article where no further page can follow."""
        task.body = b""
        article = reading.article
        waiting = _Waiting(task, place, [article] if article is not None else [], {task.url})
        return self._go_on(waiting, reading.next_part)

    def join(self, task: Task, reading: Reading) -> Reading | None:
        """Take in a further page; returns the article when it was the last. None too for a page nobody waits for."""
        waiting = self._waiting.pop((task.rule.name, task.rule.canonical(task.url)), None)
        if waiting is None:
            return None
        waiting.urls.add(task.url)
        if reading.article is not None:
            waiting.articles.append(reading.article)
        return self._go_on(waiting, reading.next_part)

    def _go_on(self, waiting: _Waiting, next_part: str) -> Reading | None:
        rule = waiting.task.rule
        canonical = rule.canonical(next_part) if next_part else ""
        if not canonical or len(waiting.urls) >= MAX_PARTS or next_part in waiting.urls or not rule.owns(canonical):
            return _joined(waiting)
        waiting.since = self._now
        self._waiting.pop((rule.name, canonical), None)
        self._waiting[rule.name, canonical] = waiting
        return None

    def tick(self) -> None:
        """Count a record; patience is measured in records."""
        self._now += 1

    def lost(self, *, at_end: bool = False) -> Iterator[tuple[Task, Reading | None]]:
        """Give up articles whose next part does not come.

        A crawl that could not fetch a part has stored nothing, and will have tried again: of newscrawl's own archives
        nothing is stored either (None). Foreign archives seldom hold all parts: what there is is stored, with a note.
        """
        while self._waiting:
            key, oldest = next(iter(self._waiting.items()))
            if not at_end and len(self._waiting) <= MOST_WAITING and self._now - oldest.since <= PATIENCE:
                return
            del self._waiting[key]
            if oldest.place.file.own:
                yield oldest.task, None
            else:
                oldest.articles[0].notes.append(f"further parts are not in the archive: {key[1]}"[:300])
                yield oldest.task, _joined(oldest)

    def held(self) -> Iterator[Place]:
        """Yield the places of the first records of waiting articles: a resumed replay has to begin before them."""
        for waiting in self._waiting.values():
            yield waiting.place


def _joined(waiting: _Waiting) -> Reading:
    first, *others = waiting.articles
    return finish(join_parts(first, *others), waiting.task)
