"""What a check of one site found: points that are well or not, and what they amount to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newscrawl.crawl.monitoring.verdict import NO_ITEMS, OK, SPIDER_ERRORS, UNREACHABLE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.crawl.scaffold.finding import Sample
    from newscrawl.page import Layout

GREEN, LOOK, DEAD = "green", "look", "dead"
#: Exit code of a check that found something to look at, though the site gives articles.
DRIFT = 1
#: Of several sites the worst counts, in this order.
WORST_FIRST = (UNREACHABLE, SPIDER_ERRORS, NO_ITEMS, DRIFT, OK)


@dataclass(slots=True, frozen=True)
class Point:
    """One thing that was looked at: its name, whether it is well, and what was seen, in words."""

    name: str
    ok: bool
    seen: str


@dataclass(slots=True)
class ListSeen:
    """A list page, a feed or an API that was asked for: its links to articles, and what kept it away."""

    url: str
    links: int = 0
    dated: int = 0
    next_list: str = ""
    problem: str = ""


@dataclass(slots=True)
class ArticleSeen:
    """An article that was asked for: its fields, the layout that read it, and why there is none."""

    url: str
    values: dict[str, Any] = field(default_factory=dict)
    layout: str = ""
    notes: list[str] = field(default_factory=list)
    problem: str = ""


@dataclass(slots=True)
class SiteCheck:
    """All that a check of a site found.

    status: what the spider file says of its facts. code: the exit code that the outcome stands for.
    pages: how many were asked for. samples: the articles' pages, for proposals.
    """

    site: str
    title: str = ""
    status: str = ""
    code: int = OK
    points: list[Point] = field(default_factory=list)
    lists: list[ListSeen] = field(default_factory=list)
    articles: list[ArticleSeen] = field(default_factory=list)
    pages: int = 0
    seconds: float = 0.0
    samples: list[Sample] = field(default_factory=list)
    proposed_layout: Layout | None = None
    proposed_rule: str = ""

    @property
    def light(self) -> str:
        """The outcome in one word: "green", "look" (it wants a look) or "dead" (nothing comes)."""
        if self.code == UNREACHABLE:
            return DEAD
        return GREEN if self.code == OK else LOOK

    @property
    def reasons(self) -> list[str]:
        """What is not well, in words; of a site that is dead only why nothing comes."""
        wrong = [point for point in self.points if not point.ok]
        if self.light == DEAD:
            wrong = [point for point in wrong if point.name == "lists"] or wrong
        return [point.seen for point in wrong]

    def note(self, name: str, ok: bool, seen: str, code: int = DRIFT) -> None:
        """Add a point; one that is not well makes the outcome worse."""
        self.points.append(Point(name, ok, seen))
        if not ok:
            self.code = worst((self.code, code))

    def to_record(self) -> dict[str, Any]:
        """Return plain values for a machine."""
        return {
            "site": self.site,
            "light": self.light,
            "status": self.status,
            "exit_code": self.code,
            "reasons": self.reasons,
            "points": [{"name": point.name, "ok": point.ok, "seen": point.seen} for point in self.points],
            "lists": [{"url": e.url, "links": e.links, "next": e.next_list, "problem": e.problem} for e in self.lists],
            "articles": [
                {"url": entry.url, "layout": entry.layout, "problem": entry.problem, "notes": entry.notes,
                 **{key: entry.values.get(key, "") for key in ("title", "published", "reporters", "source", "section")}}
                for entry in self.articles
            ],
            "pages": self.pages,
            "seconds": round(self.seconds, 1),
        }  # fmt: skip


def worst(codes: Iterable[int]) -> int:
    """Return the exit code that counts among several; 0 of none."""
    return min(codes, key=WORST_FIRST.index, default=OK)
