"""From a query's tree to what SQLite is asked for, and to patterns that check and mark the stored text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newscrawl.search.query import Group, Name, Node, Not, Phrase, Query
from newscrawl.search.schema import story_number
from newscrawl.search.tokens import NAME_MARK, phrase_forms
from newscrawl.search.writer import day_number, searched_text
from newscrawl.text.folding import fold

if TYPE_CHECKING:
    import re
    import sqlite3

    from newscrawl.items import Article

#: Weights of title, body and names column in the rank.
WEIGHTS = (8.0, 1.0, 0.0)


@dataclass(slots=True)
class Plan:
    """A query ready to run: `match` for FTS5 ("" where every article does), conditions on docs, parameters for both.

    `patterns` find the places to mark, `title_patterns` those in titles alone. `notes` tell the asker
    what was done other than asked.
    """

    query: Query
    match: str = ""
    conditions: list[str] = field(default_factory=list)
    parameters: list[Any] = field(default_factory=list)
    patterns: list[re.Pattern[str]] = field(default_factory=list)
    title_patterns: list[re.Pattern[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def has_words(self) -> bool:
        """Whether the query asks for text, not only for names and days."""
        return bool(self.patterns or self.title_patterns)

    def texts(self, article: Article) -> tuple[tuple[str, list[re.Pattern[str]]], ...]:
        """Return the texts of an article that are searched, each with the patterns that hold for it."""
        title, body = searched_text(article)
        return (title, [*self.patterns, *self.title_patterns]), (body, self.patterns)

    def source(self) -> tuple[str, list[Any]]:
        """Return "FROM … WHERE …" with docs joined, and its parameters."""
        tables, conditions = "docs", list(self.conditions)
        if self.match:
            tables = "fts CROSS JOIN docs ON docs.id = fts.rowid"
            conditions.insert(0, "fts MATCH ?")
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"FROM {tables}{where}", [*([self.match] if self.match else []), *self.parameters]


def make_plan(connection: sqlite3.Connection, query: Query) -> Plan:
    """Turn a parsed query into a plan; names of sites, sections, reporters and sources are looked up in the index."""
    plan = Plan(query)
    root = _without_empty_terms(query.root, plan)
    if root is not None:
        plan.match = _expression(connection, root, plan.notes)
        _collect_patterns(root, plan)
    if query.since:
        plan.conditions.append("docs.day >= ?")
        plan.parameters.append(query.since)
    if query.until:
        plan.conditions.append("docs.day BETWEEN 1 AND ?")
        plan.parameters.append(query.until)
    if query.story:
        plan.conditions.append("docs.story = ?")
        plan.parameters.append(story_number(query.story))
    gone = connection.execute("SELECT count(*) FROM hidden WHERE NOT dead").fetchone()[0]
    if query.status == "gone":
        plan.conditions.append("docs.id IN (SELECT doc FROM hidden WHERE NOT dead)")
    elif query.status == "" and gone:
        plan.conditions.append("docs.id NOT IN (SELECT doc FROM hidden)")
    return plan


def _without_empty_terms(node: Node | None, plan: Plan) -> Node | None:
    """Leave out terms of punctuation alone: the index knows letters, digits and Han characters."""
    if isinstance(node, Phrase):
        if phrase_forms(node.text, prefix=node.prefix).tokens:
            return node
        plan.notes.append(f'"{node.text}" holds nothing that could be searched for and was left out')
        return None
    if isinstance(node, Not):
        inner = _without_empty_terms(node.node, plan)
        return None if inner is None else Not(inner)
    if isinstance(node, Group):
        nodes = [inner for child in node.nodes if (inner := _without_empty_terms(child, plan)) is not None]
        if len(nodes) < 2:
            return nodes[0] if nodes else None
        return Group(node.operator, tuple(nodes))
    return node


def _expression(connection: sqlite3.Connection, node: Node, notes: list[str]) -> str:
    if isinstance(node, Phrase):
        forms = phrase_forms(node.text, prefix=node.prefix)
        quoted = f'"{" ".join(forms.tokens)}"{" *" if forms.prefix else ""}'
        return f"(title : {quoted})" if node.title_only else quoted
    if isinstance(node, Name):
        return _names_expression(connection, node, notes)
    if isinstance(node, Not):
        return f'("{NAME_MARK}" NOT {_expression(connection, node.node, notes)})'
    if node.operator == "OR":
        return f"({' OR '.join(_expression(connection, child, notes) for child in node.nodes)})"
    wanted = [_expression(connection, child, notes) for child in node.nodes if not isinstance(child, Not)]
    unwanted = [_expression(connection, child.node, notes) for child in node.nodes if isinstance(child, Not)]
    found = f"({' AND '.join(wanted)})" if wanted else f'"{NAME_MARK}"'
    return f"({found} NOT ({' OR '.join(unwanted)}))" if unwanted else found


def _names_expression(connection: sqlite3.Connection, node: Name, notes: list[str]) -> str:
    value = " ".join(fold(node.value).split())
    value = value.encode("utf-8", "replace").decode()
    if node.prefix:
        rows = connection.execute(
            "SELECT id FROM names WHERE field = ? AND substr(folded, 1, ?) = ?", (node.field, len(value), value)
        )
    else:
        rows = connection.execute("SELECT id FROM names WHERE field = ? AND folded = ?", (node.field, value))
    tokens = [f'"{NAME_MARK}{number}"' for (number,) in rows]
    if not tokens:
        notes.append(f'no article has the {node.field} "{node.value}"')
        tokens = [f'"{NAME_MARK}0"']  # number 0 is nobody's
    return f"({' OR '.join(tokens)})"


def _collect_patterns(node: Node, plan: Plan) -> None:
    if isinstance(node, Phrase):
        forms = phrase_forms(node.text, prefix=node.prefix)
        patterns = plan.title_patterns if node.title_only else plan.patterns
        if forms.pattern not in patterns:
            patterns.append(forms.pattern)
    elif isinstance(node, Group):
        for child in node.nodes:
            _collect_patterns(child, plan)


def hints(plan: Plan) -> list[str]:
    """Return what may help where a query found nothing: words are found whole, and by their beginning with a star."""
    found = []
    waiting = [plan.query.root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Group):
            waiting += node.nodes
        elif isinstance(node, Phrase) and not node.prefix and phrase_forms(node.text).ends_in_word:
            found.append(f"words and numbers are found whole: {node.text}* finds what begins so")
    return found[:1]


def matches(query: Query, article: Article) -> bool:
    """Tell whether an article as it is stored now matches the query: the last word over what the index says."""
    day = day_number(article)
    if (query.since and day < query.since) or (query.until and not 0 < day <= query.until):
        return False
    if query.status != "any" and (article.status == "gone") != (query.status == "gone"):
        return False
    title, body = (fold(text) for text in searched_text(article))
    return query.root is None or _holds(query.root, article, title, body)


def _holds(node: Node, article: Article, title: str, body: str) -> bool:
    if isinstance(node, Phrase):
        forms = phrase_forms(node.text, prefix=node.prefix)
        if not forms.tokens:
            return True
        return bool(forms.pattern.search(title) or (not node.title_only and forms.pattern.search(body)))
    if isinstance(node, Name):
        names = article.reporters if node.field == "reporter" else [getattr(article, node.field)]
        wanted = " ".join(fold(node.value).split())
        folded = [" ".join(fold(name).split()) for name in names]
        return any(name.startswith(wanted) if node.prefix else name == wanted for name in folded)
    if isinstance(node, Not):
        inner = node.node
        if isinstance(inner, Phrase) and not phrase_forms(inner.text, prefix=inner.prefix).tokens:
            return True
        return not _holds(inner, article, title, body)
    every = all if node.operator == "AND" else any
    return every(_holds(child, article, title, body) for child in node.nodes)
