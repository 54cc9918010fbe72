"""N-grams and collocations of the articles that a query selects, by words (rjieba) or by characters."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, Literal

from newscrawl.search.index import NEWEST
from newscrawl.search.query import QueryError
from newscrawl.search.tokens import RUNS
from newscrawl.search.writer import searched_text
from newscrawl.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newscrawl.search.index import SearchIndex
    from newscrawl.search.plan import Plan

Unit = Literal["words", "characters"]
#: Articles that are read for one table; of more, the newest so many are, and a note says so.
MOST_ARTICLES = 5000
#: N-grams are counted in rounds; after each, the rarest are let go where there are more than this.
MOST_COUNTED = 2_000_000


@dataclass(slots=True, frozen=True)
class NGram:
    """A sequence of words or characters, how often it stands in the articles, and in how many of them."""

    text: str
    count: int
    articles: int


@dataclass(slots=True, frozen=True)
class Collocate:
    """A word that stands near the node: how often near it, how often in all, and how strong the bond is.

    `log_likelihood` (Dunning 1993) is negative for words that keep away; `log_dice` (Rychlý 2008) is 14 at most.
    """

    text: str
    near: int
    count: int
    log_likelihood: float
    log_dice: float


@dataclass(slots=True)
class NGrams:
    """N-grams, most frequent first; the unit that was counted, and how many articles were read."""

    rows: list[NGram]
    unit: Unit
    articles: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Collocations:
    """Collocates, strongest first; the unit that was counted, articles read, and places of the node."""

    rows: list[Collocate]
    unit: Unit
    articles: int = 0
    places: int = 0
    notes: list[str] = field(default_factory=list)


def has_segmenter() -> bool:
    """Tell whether rjieba is there, which cuts text into words."""
    return find_spec("rjieba") is not None


def ngrams(
    index: SearchIndex,
    query: str = "",
    *,
    size: int = 2,
    unit: Unit | None = None,
    limit: int = 50,
    most_articles: int = MOST_ARTICLES,
) -> NGrams:
    """Count sequences of `size` (1 to 8) words or characters in the articles that match a query.

    Sequences end at punctuation. Text is counted folded (traditional as simplified). `unit` is words where rjieba is
    installed, else characters. Raises QueryError.
    """
    if not 1 <= size <= 8:
        raise QueryError("the size of n-grams is 1 to 8")
    unit = _choose_unit(unit)
    plan = index.plan(query)
    counts: Counter[str] = Counter()
    spread: Counter[str] = Counter()
    articles = 0
    notes = list(plan.notes)
    joiner = " " if unit == "words" and size > 1 else ""
    for text in _texts(index, plan, most_articles, notes):
        articles += 1
        here: Counter[str] = Counter()
        for segment in _segments(text):
            units = [piece for piece, _ in _units(segment, 0, unit)]
            here.update(joiner.join(units[place : place + size]) for place in range(len(units) - size + 1))
        counts.update(here)
        spread.update(here.keys())
        if len(counts) > MOST_COUNTED:
            _let_go(counts, spread)
            notes[:] = [*plan.notes, "rare n-grams were let go to save memory; counts of the others hold"]
    rows = [NGram(text, count, spread[text]) for text, count in counts.most_common(limit)]
    return NGrams(rows, unit, articles, notes)


def collocations(
    index: SearchIndex,
    query: str,
    *,
    window: int = 5,
    unit: Unit | None = None,
    limit: int = 50,
    minimum: int = 3,
    most_articles: int = MOST_ARTICLES,
) -> Collocations:
    """Find what stands near the phrases of a query more often than elsewhere in the same articles.

    `window` is how many units left and right are near (1 to 20), not beyond punctuation that ends a sentence. Units
    are words where rjieba is installed; of characters, the pairs of neighbours. `minimum` is the least number of
    places near the node. Raises QueryError, also for a query without words.
    """
    if not 1 <= window <= 20:
        raise QueryError("the window of collocations is 1 to 20")
    unit = _choose_unit(unit)
    plan = index.plan(query)
    if not plan.patterns:
        raise QueryError("collocations need a word or phrase to stand near to")
    near: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    result = Collocations([], unit, notes=list(plan.notes))
    for text in _texts(index, plan, most_articles, result.notes):
        result.articles += 1
        for sentence in _sentences(text):
            places = sorted(match.span() for pattern in plan.patterns for match in pattern.finditer(sentence))
            _count_sentence(sentence, places, window, unit, near, whole)
            result.places += len(places)
    result.rows = _rank(near, whole, result.places, minimum)[:limit]
    return result


def _count_sentence(
    sentence: str, places: list[tuple[int, int]], window: int, unit: Unit, near: Counter[str], whole: Counter[str]
) -> None:
    units = _pairs(sentence) if unit == "characters" else _units(sentence, 0, unit)
    # What overlaps the node is part of it, not near it.
    units = [
        (piece, start)
        for piece, start in units
        if not any(first < start + len(piece) and start < last for first, last in places)
    ]
    whole.update(piece for piece, _ in units)
    chosen: set[int] = set()
    for first, last in places:
        left = [number for number, (_, start) in enumerate(units) if start < first]
        right = [number for number, (_, start) in enumerate(units) if start >= last]
        chosen.update(left[-window:], right[:window])
    near.update(units[number][0] for number in chosen)


def _rank(near: Counter[str], whole: Counter[str], places: int, minimum: int) -> list[Collocate]:
    total_near, total = near.total(), whole.total()
    rows = []
    for text, count in near.items():
        if count < minimum:
            continue
        everywhere = whole[text]
        bond = _log_likelihood(count, everywhere - count, total_near - count, total - total_near - everywhere + count)
        dice = 14 + math.log2(2 * count / (places + everywhere))
        rows.append(Collocate(text, count, everywhere, round(bond, 2), round(dice, 2)))
    return sorted(rows, key=lambda row: (-row.log_likelihood, row.text))


def _log_likelihood(near: int, away: int, others_near: int, others_away: int) -> float:
    """Return Dunning's G² of the 2 by 2 table, negative where the word is rarer near the node than elsewhere."""
    total = near + away + others_near + others_away
    cells = (
        (near, near + away, near + others_near),
        (away, near + away, away + others_away),
        (others_near, others_near + others_away, near + others_near),
        (others_away, others_near + others_away, away + others_away),
    )
    bond = 2 * sum(cell * math.log(cell * total / (row * column)) for cell, row, column in cells if cell)
    expected = (near + away) * (near + others_near) / total
    return bond if near >= expected else -bond


def _choose_unit(unit: Unit | None) -> Unit:
    if unit is None:
        return "words" if has_segmenter() else "characters"
    if unit not in ("words", "characters"):
        raise QueryError("units are words or characters")
    if unit == "words" and not has_segmenter():
        raise QueryError("counting words needs rjieba: pip install rjieba (or count characters)")
    return unit


def _texts(index: SearchIndex, plan: Plan, most: int, notes: list[str]) -> Iterator[str]:
    """Yield the folded texts of the newest `most` articles of a plan."""
    articles = index.matching(plan, order=NEWEST)
    for article in islice(articles, most):
        yield fold("\n".join(searched_text(article)))
    if next(articles, None) is not None:
        notes.append(f"only the newest {most} articles were read")


def _segments(text: str) -> list[str]:
    """Cut folded text at everything that is no letter, digit or Han character."""
    segments: list[list[str]] = []
    end = -1
    for match in RUNS.finditer(text):
        if match.start() != end:
            segments.append([])
        segments[-1].append(match[0])
        end = match.end()
    return ["".join(parts) for parts in segments]


_ENDS = str.maketrans(dict.fromkeys("。!?;…", "\n"))


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in text.translate(_ENDS).split("\n") if sentence]


def _units(text: str, start: int, unit: Unit) -> list[tuple[str, int]]:
    """Return the words of a text, or its Han characters and Latin words, with their places from `start` on."""
    found: list[tuple[str, int]] = []
    if unit == "words":
        for word in import_module("rjieba").cut(text):
            if RUNS.match(word):
                found.append((word, start))
            start += len(word)
        return found
    for match in RUNS.finditer(text):
        if match[1]:
            found += [(character, start + match.start() + place) for place, character in enumerate(match[0])]
        else:
            found.append((match[0], start + match.start()))
    return found


def _pairs(text: str) -> list[tuple[str, int]]:
    """Return the overlapping pairs of Han characters, and the Latin words, with their places."""
    found: list[tuple[str, int]] = []
    for match in RUNS.finditer(text):
        run, start = match[0], match.start()
        if match[1]:
            found += [(run[place : place + 2], start + place) for place in range(len(run) - 1)]
        else:
            found.append((run, start))
    return found


def _let_go(counts: Counter[str], spread: Counter[str]) -> None:
    least = 1
    while len(counts) > MOST_COUNTED // 2:
        for text in [text for text, count in counts.items() if count <= least]:
            del counts[text], spread[text]
        least *= 2
