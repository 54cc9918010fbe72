"""Bylines: who wrote, photographed and edited a story, who published it first, and where it was filed from."""

from __future__ import annotations

from dataclasses import dataclass, field

from newscrawl.text.bylines.grammar import Reader
from newscrawl.text.bylines.names import has_surname, split_run
from newscrawl.text.bylines.tables import simplified
from newscrawl.text.bylines.words import is_media, may_hold_credits

__all__ = ["Byline", "is_credit_line", "is_person", "parse_byline"]

#: Of a line longer than this only the beginning and the end are read: what stands between is running text.
LONGEST_LINE = 10_000
_EDGE = 2_000
#: No line longer than this is a credit line.
LONGEST_CREDIT_LINE = 200


@dataclass(slots=True)
class Byline:
    """The credits of one line, as they stand in it; an empty list or None where the line does not say."""

    reporters: list[str] = field(default_factory=list)
    correspondents: list[str] = field(default_factory=list)
    photographers: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    interns: list[str] = field(default_factory=list)
    source: str | None = None
    agency: str | None = None
    place: str | None = None
    date: str | None = None


def parse_byline(text: str) -> Byline:
    """Read the credits of one line.

    text: a credit line, a dateline or a line of a body, of any length.
    Returns what is certain; a line of running text gives an empty Byline.
    """
    found = Reader(_edges(text) if len(text) > LONGEST_LINE else text).read()
    people = {name: list(names) for name, names in found.people.items()}
    return Byline(**people, source=found.source, agency=found.agency, place=found.place, date=found.date)


def _edges(text: str) -> str:
    """The beginning and the end of a very long line, cut where no name can be cut."""
    head, tail = text[:_EDGE], text[-_EDGE:]
    stop = max(head.rfind(mark) for mark in "。！？\n ")
    start = min((place for place in map(tail.find, "。！？\n ") if place >= 0), default=len(tail))
    return head[: stop + 1] + "。" + tail[start:]


def is_credit_line(line: str) -> bool:
    """Tell whether a line of a body holds credits and nothing else, so that it can leave the text.

    line: one paragraph. Lines over 200 characters are never credits.
    """
    if len(line) > LONGEST_CREDIT_LINE or not may_hold_credits(line):
        return False
    reader = Reader(line)
    found = reader.read()
    named = any(found.people.values()) or found.source is not None
    return named and found.unread == 0


def is_person(name: str) -> bool:
    """Tell whether a name is certainly a person's: a Chinese surname, and no medium or place.

    name: as it stands on a page, without spaces.
    """
    key = name.translate(simplified())
    return 2 <= len(key) <= 4 and has_surname(key) and split_run(key) is not None and not is_media(key)
