"""The timeline of an article: which version was seen when, and where the text of each version is kept.

A timeline is a list of spans: a span is one version and the first and last moment at which it was seen. Sightings may
come in any order, from any number of writers: sorted by (moment, content hash, version) and joined where neighbours are
equal, they always give the same timeline. (Of sightings inside a span only its ends are kept; a version that turns up
later between them splits the span.)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Span(NamedTuple):
    """One version of an article and the first and last moment at which it was seen."""

    first: datetime
    last: datetime
    content_hash: str
    version: str


@dataclass(slots=True)
class Version:
    """One reading of one page, ready to be stored: `record` as of `to_record`, times in milliseconds, clean text."""

    id: str
    version: str
    fetched_at: datetime
    record: dict[str, Any]


def join(sightings: Iterable[tuple[datetime, str, str]]) -> list[Span]:
    """Make a timeline of sightings (moment, content hash, version)."""
    found = sorted(sightings)
    if len(found) == 1:  # a new article, as a rule
        moment, content_hash, version = found[0]
        return [Span(moment, moment, content_hash, version)]
    spans = []
    for version, group in groupby(found, key=itemgetter(2)):
        seen = list(group)
        spans.append(Span(seen[0][0], seen[-1][0], seen[0][1], version))
    return spans


def sightings_of(spans: Iterable[Span]) -> list[tuple[datetime, str, str]]:
    """Return the ends of the spans as sightings."""
    found = []
    for span in spans:
        found.append((span.first, span.content_hash, span.version))
        if span.last > span.first:
            found.append((span.last, span.content_hash, span.version))
    return found


Key = tuple[datetime, str]


@dataclass(slots=True)
class Plan:
    """What has to be written so that every span of a new timeline finds its text.

    newest: the text of the head (None: the one there stays). demote: keys under which the text of the head so far goes
    among the superseded versions; keep: versions that go there; drop: keys there that no span needs any more.
    refresh: `newest` is another reading of the same text, to be compared with the one there.
    """

    newest: Version | None = None
    demote: list[Key] = field(default_factory=list)
    keep: list[tuple[Key, Version]] = field(default_factory=list)
    drop: list[Key] = field(default_factory=list)
    refresh: bool = False


def plan(before: Sequence[Span], after: Sequence[Span], news: Sequence[Version], *, replace: bool) -> Plan:
    """Say where the texts of a new timeline come from: the head so far, the superseded versions, or the news."""
    if not before and len(news) == 1:
        return Plan(newest=news[0])
    exact = {(new.fetched_at, new.version): new for new in news}
    alike = {new.version: new for new in news}
    head_key = (before[-1].first, before[-1].version) if before else None
    old = {(span.first, span.version) for span in before[:-1]}
    steps = Plan()
    needed = {(span.first, span.version) for span in after[:-1]}
    for key in sorted(needed):
        if key in exact and (replace or (key not in old and key != head_key)):
            steps.keep.append((key, exact[key]))
        elif key in old:
            continue
        elif head_key is not None and (key == head_key or (key[1] == head_key[1] and key[1] not in alike)):
            steps.demote.append(key)
        elif key[1] in alike:
            steps.keep.append((key, alike[key[1]]))
    steps.drop = sorted(old - needed)
    newest = (after[-1].first, after[-1].version)
    if newest in exact and (replace or newest != head_key):
        steps.newest = exact[newest]
        steps.refresh = newest == head_key
    elif head_key is None or newest[1] != head_key[1]:
        steps.newest = alike[newest[1]]
    return steps
