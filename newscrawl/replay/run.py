"""`replay`: archive files → pages → articles → store, in order, in bounded memory, to be taken up where it was cut."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newscrawl.replay.engine import Engine, Inline, Ordered, Processes
from newscrawl.replay.journal import Journal
from newscrawl.replay.parts import Parts
from newscrawl.replay.reading import Reading, Task, read_raw, read_task
from newscrawl.replay.routing import Raw, Routing, Seen
from newscrawl.replay.rules import Router
from newscrawl.replay.source import Troubles, in_order, open_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newscrawl.page import Link
    from newscrawl.replay.lessons import Lessons
    from newscrawl.replay.routing import Step
    from newscrawl.replay.rules import SiteRule
    from newscrawl.replay.sink import Sink
    from newscrawl.replay.source import ArchiveFile, Record

#: A chunk has so many pages, and about so many bytes of them.
CHUNK_PAGES = 16
CHUNK_BYTES = 2_000_000
#: A chunk ends after so many records, also where few of them are pages.
CHUNK_RECORDS = 400
#: The journal is written after so many records.
CHECKPOINT = 2000
MOST_ERRORS = 20


@dataclass(slots=True)
class Options:
    """How to replay.

    archive: root of newscrawl's own archive. journal: file that keeps how far a replay came; None keeps it nowhere.
    workers: processes that read pages; 1 reads in this one. cluster: address of a Dask scheduler in their place.
    sites: only these (all where empty). since: only what was fetched from this moment on. fresh: begin anew where an
    earlier replay was cut off. lessons, read_offer: as of `Routing`.
    """

    archive: Path
    journal: Path | None = None
    workers: int = 1
    cluster: str = ""
    sites: tuple[str, ...] = ()
    since: datetime | None = None
    fresh: bool = False
    lessons: Callable[[str, str], Lessons | None] | None = None
    read_offer: Callable[..., list[Link] | None] | None = None


@dataclass(slots=True)
class Progress:
    """How far a replay is: records and bytes that are done, bytes in all, articles."""

    records: int = 0
    bytes_done: int = 0
    bytes_total: int = 0
    articles: int = 0


@dataclass(slots=True)
class Report:
    """What a replay amounts to. counts: records, articles, refused, outcomes of the store, what was left out."""

    counts: Counter[str] = field(default_factory=Counter)
    troubles: Troubles = field(default_factory=Troubles)
    errors: list[str] = field(default_factory=list)
    files: int = 0
    resumed: bool = False


@dataclass(slots=True)
class _Chunk:
    """Records that are done together, each with its step."""

    steps: list[tuple[Record, Step]] = field(default_factory=list)
    positions: dict[str, int] = field(default_factory=dict)
    records: int = 0


def replay(
    paths: Sequence[Path],
    rules: Iterable[SiteRule],
    sink: Sink,
    options: Options,
    *,
    show: Callable[[Progress], None] | None = None,
) -> Report:
    """Replay archive files into a sink. Done twice it is as if done once.

    Raises ReplayError and what the store raises; what cannot be read of the archive is in the report.
    """
    report = Report()
    engine = open_engine(options)  # first: its workers load while files and journal are opened
    try:
        files = open_files(paths, options.archive, report.troubles)
        report.files = len(files)
        with closing(Journal(options.journal, _plan(paths, options), fresh=options.fresh)) as journal:
            report.resumed = journal.resumed
            report.counts.update(journal.counts())
            routing = Routing(
                Router(rules),
                journal,
                wanted=options.sites,
                since=options.since,
                lessons=options.lessons,
                read_offer=options.read_offer,
            )
            _Run(files, routing, sink, report, journal, show or (lambda _progress: None)).run(engine)
            journal.finish()
    finally:
        engine.close()
    return report


def open_engine(options: Options) -> Engine:
    """Return the engine that the options ask for. Raises ReplayError where a cluster cannot be reached."""
    if options.cluster:
        from newscrawl.replay.cluster import Cluster

        return Cluster(options.cluster)
    return Processes(options.workers) if options.workers > 1 else Inline()


def default_workers() -> int:
    """Return how many processes this machine has cores for."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Run:
    """One replay under way."""

    def __init__(
        self,
        files: Sequence[ArchiveFile],
        routing: Routing,
        sink: Sink,
        report: Report,
        journal: Journal,
        show: Callable[[Progress], None],
    ) -> None:
        self.files, self.routing, self.sink = files, routing, sink
        self.report, self.journal, self.show = report, journal, show
        self.positions = journal.positions()
        self.parts = Parts()
        self.since_checkpoint = 0
        self.base = Counter(report.counts)
        self.mine: Counter[str] = Counter()
        self.done = Progress(bytes_total=sum(file.size for file in files))
        self.done.records = report.counts["records"]
        self.done.bytes_done = sum(max(offset, 0) for offset in self.positions.values())
        self.unwritten: set[str] = set()  # files whose position has moved, or was held back, since the last checkpoint

    def run(self, engine: Engine) -> None:
        """Go through all files."""
        Ordered[_Chunk](engine).run(self._chunks(), self._take)
        for task, reading in self.parts.lost(at_end=True):
            self._settle(task, reading)
        self._checkpoint()
        self.sink.close()
        self._count()

    def _chunks(self) -> Iterator[tuple[_Chunk, list[Task]]]:
        chunk, tasks, size = _Chunk(), list[Task](), 0
        for record in in_order(self.files, dict(self.positions), self.report.troubles):
            step = self.routing.route(record)
            if step is not None:
                chunk.steps.append((record, step))
            if isinstance(step, Task):
                tasks.append(step)
                size += len(step.body)
            chunk.positions[record.file.name] = record.response.pointer.offset
            chunk.records += 1
            if len(tasks) >= CHUNK_PAGES or size >= CHUNK_BYTES or chunk.records >= CHUNK_RECORDS:
                yield chunk, tasks
                chunk, tasks, size = _Chunk(), [], 0
        if chunk.records:
            yield chunk, tasks

    def _take(self, chunk: _Chunk, readings: list[Reading]) -> None:
        """Take what came of a chunk, in the order of its records."""
        results = iter(readings)
        for record, step in chunk.steps:
            self.parts.tick()
            self.routing.done(record)
            if isinstance(step, Seen):
                self.sink.seen(step.article_id, step.at)
            elif isinstance(step, Raw):
                self._part(step.task, read_raw(step.page, step.task))
            else:
                self._reading(step, next(results), record)
        for task, reading in self.parts.lost():
            self._settle(task, reading)
        self._move(chunk.positions)
        self.mine["records"] += chunk.records
        self.since_checkpoint += chunk.records
        if self.since_checkpoint >= CHECKPOINT:
            self._checkpoint()
        self.done.records += chunk.records
        self.done.articles = self.mine["articles"]
        self.show(self.done)

    def _move(self, positions: Mapping[str, int]) -> None:
        for name, offset in positions.items():
            self.done.bytes_done += max(offset, 0) - max(self.positions.get(name, 0), 0)
            self.positions[name] = offset
            self.unwritten.add(name)

    def _reading(self, task: Task, reading: Reading, record: Record) -> None:
        if task.part or self.parts.waits_for(task):
            self._part(task, reading)
        elif reading.kind == "open":
            done = self.parts.open(task, reading, record.place)
            if done is not None:
                self._settle(task, done)
        else:
            self._settle(task, reading)

    def _part(self, task: Task, reading: Reading) -> None:
        """Join a page to the article that waits for it; one that nobody waits for is none of ours."""
        if not self.parts.waits_for(task):
            self.mine["parts without their article"] += 1
            return
        if not task.part:  # it looked like an article by itself, and went through the chain
            task.part = True
            reading = read_task(task)
        done = self.parts.join(task, reading)
        if done is not None:
            self._settle(task, done)

    def _settle(self, task: Task, reading: Reading | None) -> None:
        if reading is None:
            self.mine["incomplete"] += 1
        elif reading.kind == "article" and reading.article is not None and reading.text is not None:
            self.mine["articles"] += 1
            self.sink.article(reading.article, reading.text)
        elif reading.kind == "failed":
            self.mine["failed"] += 1
            if len(self.report.errors) < MOST_ERRORS:
                self.report.errors.append(f"{task.url}: {reading.reason}")
        else:
            self.mine["refused"] += 1
            self.sink.refused(task.url, task.canonical, task.fetched_at, reading.reason)

    def _checkpoint(self) -> None:
        """Have everything stored, then note how far we are: before the first page of what is still open."""
        self.sink.flush()
        positions = {name: self.positions[name] for name in self.unwritten}
        held: dict[str, int] = {}
        for place in (*self.parts.held(), *self.routing.held()):
            name = place.file.name
            held[name] = min(held.get(name, self.positions.get(name, -1)), place.before)
        self._count()
        self.journal.commit(positions | held, self.report.counts)
        self.unwritten = set(held)
        self.since_checkpoint = 0

    def _count(self) -> None:
        self.report.counts = self.base + self.mine + self.routing.counts + self.sink.counts


def _plan(paths: Sequence[Path], options: Options) -> str:
    since = options.since.isoformat() if options.since else ""
    words = [sorted(map(str, paths)), str(options.archive), sorted(options.sites), since]
    return hashlib.sha1(json.dumps(words).encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
