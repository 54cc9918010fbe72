"""A story: the copies of one text, who published when, and what each changed; and its picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newscrawl.store import ArticleFilter
from newscrawl.web.difference import Difference, compare

if TYPE_CHECKING:
    from newscrawl.items import Article
    from newscrawl.store import Store

#: Copies shown; the earliest are kept. So many of them are compared with the original, each up to so many characters.
MOST_COPIES, MOST_COMPARED, LONGEST_COMPARED = 100, 40, 30_000
#: The picture: its width, a row's height, where the time axis begins and ends, and how many rows there are at most.
WIDTH, ROW, LEFT, RIGHT, MOST_ROWS = 420, 28, 112, 404, 24
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class Copy:
    """One article of a story. `difference` is to the original, None for the original itself and where not compared."""

    article: Article
    is_original: bool = False
    difference: Difference | None = None


@dataclass(slots=True, frozen=True)
class Dot:
    """A copy in the picture: where, what is written beside it, and where the article stands that it copies."""

    x: float
    y: float
    label: str
    copy: Copy
    from_x: float | None = None
    from_y: float | None = None


@dataclass(slots=True)
class Picture:
    """Dots from top to bottom in the order of time; ticks are (x, text) on the axis."""

    height: int
    dots: list[Dot] = field(default_factory=list)
    ticks: list[tuple[float, str]] = field(default_factory=list)
    width: int = WIDTH
    left: int = LEFT
    right: int = RIGHT


def story_name(article: Article) -> str:
    """Return the id of an article's story: that of its original."""
    return article.story_id or article.duplicate_of or article.id


def read_story(store: Store, article: Article) -> list[Copy]:
    """Return the articles of a story in the order of publication, each with what it changed of the original."""
    name = story_name(article)
    members = {found.id: found for found in store.articles(ArticleFilter(story_id=name), limit=MOST_COPIES)}
    members.setdefault(article.id, article)
    if name not in members and (head := store.get(name)) is not None:
        members[name] = head
    ordered = sorted(members.values(), key=_order)
    original = members.get(name) or ordered[0]
    copies = [Copy(found, is_original=found.id == original.id) for found in ordered]
    for copy in copies[:MOST_COMPARED]:
        if not copy.is_original and max(len(copy.article.body), len(original.body)) <= LONGEST_COMPARED:
            copy.difference = compare(original, copy.article)
    return copies


def _order(article: Article) -> tuple[datetime, str]:
    return article.published or article.first_seen or _NEVER, article.id


def draw(copies: list[Copy]) -> Picture | None:
    """Return the picture of a story; None for a single article."""
    shown = copies[:MOST_ROWS]
    if len(shown) < 2:
        return None
    moments = [_order(copy.article)[0] for copy in shown]
    dated = [moment for moment in moments if moment != _NEVER]
    first, last = (min(dated), max(dated)) if dated else (_NEVER, _NEVER)
    span = (last - first).total_seconds() or 1.0

    def across(moment: datetime) -> float:
        return LEFT if moment == _NEVER else round(LEFT + (RIGHT - LEFT) * (moment - first).total_seconds() / span, 1)

    places = {
        copy.article.id: (across(moment), 24.0 + ROW * row)
        for row, (copy, moment) in enumerate(zip(shown, moments, strict=True))
    }
    picture = Picture(height=24 + ROW * len(shown) + 18)
    for copy in shown:
        x, y = places[copy.article.id]
        start = places.get(copy.article.duplicate_of)
        label = copy.article.source or copy.article.site
        picture.dots.append(Dot(x, y, label, copy, *(start or (None, None))))
    if dated:
        picture.ticks = [(LEFT, _tick(first)), (RIGHT, _tick(last))] if last > first else [(LEFT, _tick(first))]
    return picture


def _tick(moment: datetime) -> str:
    from newscrawl.web.render import moment as written

    return written(moment)
