"""How often a phrase stands in the corpus over time, in a million characters of what was published then."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from newscrawl.search.plan import Plan, make_plan
from newscrawl.search.query import Group, Name, Node, Not, Phrase, QueryError
from newscrawl.search.tokens import phrase_forms
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
    term = _single_term(plan)
    if term is not None:
        return _counts_of_term(index, plan, term, divisor)
    counts: dict[int, tuple[int, int]] = {}
    for article in index.matching(plan):
        texts = [(fold(text), patterns) for text, patterns in plan.texts(article)]
        places = sum(len(pattern.findall(text)) for text, patterns in texts for pattern in patterns)
        digits = article.published_day.replace("-", "")
        period = int(digits) // divisor if digits.isdecimal() else 0
        before = counts.get(period, (0, 0))
        counts[period] = (before[0] + places, before[1] + 1)
    return counts


def _single_term(plan: Plan) -> str | None:
    """Return the token of a query for one bigram or word: the index knows its places without the texts."""
    root = plan.query.root
    nodes = root.nodes if isinstance(root, Group) and root.operator == "AND" else (root,)
    phrases = [node for node in nodes if isinstance(node, Phrase)]
    if len(phrases) != 1 or any(_has_words(node) for node in nodes if node is not None and node is not phrases[0]):
        return None
    forms = phrase_forms(phrases[0].text, prefix=phrases[0].prefix)
    if len(forms.tokens) != 1 or forms.prefix or phrases[0].title_only:
        return None
    term = forms.tokens[0]
    # 哈哈 stands twice in 哈哈哈 by its tokens; places that overlap are counted once.
    return None if len(term) == 2 and term[0] == term[1] else term


def _counts_of_term(index: SearchIndex, plan: Plan, term: str, divisor: int) -> dict[int, tuple[int, int]]:
    source, parameters = plan.source()
    # The articles first, so that the term's places are gone through once and looked up among them.
    rows = index.connection.execute(
        f"WITH found AS MATERIALIZED (SELECT docs.id AS id, docs.day / {divisor} AS period {source})"  # noqa: S608 - our own parts, values are bound
        " SELECT period, count(*), count(DISTINCT places.doc) FROM places CROSS JOIN found ON found.id = places.doc"
        " WHERE places.term = ? GROUP BY period",
        (*parameters, term),
    )
    return {period: (count, articles) for period, count, articles in rows}
