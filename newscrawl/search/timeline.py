"""How often a phrase stands in the corpus over time, in a million characters of what was published then."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from newscrawl.search.plan import Plan, make_plan
from newscrawl.search.query import Group, Name, Node, Not, Phrase, QueryError
from newscrawl.search.tokens import LONGEST_WORD, phrase_forms
from newscrawl.search.writer import day_number
from newscrawl.text.folding import fold

if TYPE_CHECKING:
    from newscrawl.search.index import SearchIndex

Period = Literal["day", "month", "year"]
#: What a day like 20260923 is divided by.
_DIVISORS: dict[str, int] = {"day": 1, "month": 100, "year": 10_000}
_ONE_A_STORY = "docs.id IN (SELECT min(id) FROM docs GROUP BY story)"


@dataclass(slots=True, frozen=True)
class Point:
    """One day, month or year: places of the phrase, articles with it, characters published, places a million."""

    period: str
    count: int
    articles: int
    characters: int
    per_million: float


@dataclass(slots=True)
class Frequency:
    """The points in the order of time; `count`, `characters` and `per_million` are of all of them together."""

    points: list[Point]
    count: int = 0
    characters: int = 0
    per_million: float = 0.0
    notes: list[str] = field(default_factory=list)


def frequency(index: SearchIndex, query: str, *, by: Period = "month", stories: bool = False) -> Frequency:
    """Count a phrase over time, per million characters (white space left out) of titles and bodies.

    What the query says of sites, sections, reporters, sources and days restricts both sides of the ratio; its words
    only the articles that are counted. Periods are days in Asia/Shanghai and their months and years; every period in
    which something was published has a point, undated articles have none. `stories` takes one article of each story.
    Raises QueryError, also for a query without words.
    """
    if by not in _DIVISORS:
        raise QueryError(f"frequencies are by {', '.join(_DIVISORS)}")
    plan = index.plan(query)
    if not plan.has_words:
        raise QueryError("a frequency needs a word or phrase to count")
    frame = make_plan(index.connection, replace(plan.query, root=_without_words(plan.query.root)))
    if stories:
        plan.conditions.append(_ONE_A_STORY)
        frame.conditions.append(_ONE_A_STORY)
    source, parameters = frame.source()
    characters = dict(
        index.connection.execute(
            f"SELECT docs.day / {_DIVISORS[by]} AS period, sum(docs.characters) {source} GROUP BY period",
            parameters,
        ).fetchall()
    )
    counts = _counts(index, plan, _DIVISORS[by])
    result = Frequency([], notes=list(plan.notes))
    for period in sorted(characters.keys() | counts.keys()):
        count, articles = counts.get(period, (0, 0))
        size = characters.get(period, 0)
        if not period:
            if count:
                result.notes.append(f"{articles} articles without a date ({count} places) are not in the time line")
            continue
        result.points.append(Point(_name(period, by), count, articles, size, _per_million(count, size)))
        result.count += count
        result.characters += size
    result.per_million = _per_million(result.count, result.characters)
    return result


def _per_million(count: int, characters: int) -> float:
    return count * 1_000_000 / characters if characters else 0.0


def _name(period: int, by: Period) -> str:
    digits = f"{period:0{ {'day': 8, 'month': 6, 'year': 4}[by] }}"
    return "-".join(filter(None, (digits[:4], digits[4:6], digits[6:])))


def _without_words(node: Node | None) -> Node | None:
    """Return what a query says of names alone."""
    if isinstance(node, Group) and node.operator == "AND":
        nodes = tuple(child for child in node.nodes if not _has_words(child))
        if len(nodes) < 2:
            return nodes[0] if nodes else None
        return Group("AND", nodes)
    return None if node is None or _has_words(node) else node


def _has_words(node: Node) -> bool:
    if isinstance(node, Name):
        return False
    if isinstance(node, Not):
        return _has_words(node.node)
    return isinstance(node, Phrase) or any(_has_words(child) for child in node.nodes)


def _counts(index: SearchIndex, plan: Plan, divisor: int) -> dict[int, tuple[int, int]]:
    """Return (places, articles) by period."""
    phrase = _only_phrase(plan)
    if phrase is not None and _is_countable(phrase):
        return _counts_by_index(index, plan, phrase, divisor)
    counts: dict[int, tuple[int, int]] = {}
    for article in index.matching(plan):
        texts = [(fold(text), patterns) for text, patterns in plan.texts(article)]
        places = sum(len(pattern.findall(text)) for text, patterns in texts for pattern in patterns)
        period = day_number(article) // divisor
        before = counts.get(period, (0, 0))
        counts[period] = (before[0] + places, before[1] + 1)
    return counts


def _only_phrase(plan: Plan) -> Phrase | None:
    """Return the phrase of a query that asks for one, beside names and days at most."""
    root = plan.query.root
    nodes = root.nodes if isinstance(root, Group) and root.operator == "AND" else (root,)
    worded = [node for node in nodes if node is not None and _has_words(node)]
    return worded[0] if len(worded) == 1 and isinstance(worded[0], Phrase) else None


def _is_countable(phrase: Phrase) -> bool:
    """Tell whether the index alone knows how often a phrase stands: not of words that it cut off, and not of a phrase
    that can overlap itself (哈哈 in 哈哈哈), since places that overlap count once."""
    forms = phrase_forms(phrase.text, prefix=phrase.prefix)
    text = fold(phrase.text)
    overlaps = any(text.endswith(text[:size]) for size in range(1, len(text)))
    return not overlaps and all(len(token) < LONGEST_WORD for token in forms.tokens)


def _counts_by_index(index: SearchIndex, plan: Plan, phrase: Phrase, divisor: int) -> dict[int, tuple[int, int]]:
    """Count the places where the tokens of a phrase stand in a row, without reading a text."""
    forms = phrase_forms(phrase.text, prefix=phrase.prefix)
    source, parameters = plan.source()
    columns = "col = 'title'" if phrase.title_only else "col <> 'names'"
    rows_of_tokens = []
    for place, token in enumerate(forms.tokens):
        condition = "term = ?"
        parameters.append(token)
        if forms.prefix and place == len(forms.tokens) - 1:
            condition = "term BETWEEN ? AND ?"
            parameters.append(token + "\U0010ffff")
        rows_of_tokens.append(f"SELECT doc, col, offset - {place} FROM places WHERE {condition} AND {columns}")  # noqa: S608 - our own parts, values are bound
    rows = index.connection.execute(
        f"WITH found AS MATERIALIZED (SELECT docs.id AS id, docs.day / {divisor} AS period {source}),"  # noqa: S608 - our own parts, values are bound
        f" standing (doc, col, place) AS MATERIALIZED ({' INTERSECT '.join(rows_of_tokens)})"
        " SELECT period, count(*), count(DISTINCT doc) FROM standing CROSS JOIN found ON found.id = standing.doc"
        " GROUP BY period",
        parameters,
    )
    return {period: (count, articles) for period, count, articles in rows}
