"""The query language: text in, a small tree out, or a QueryError that says in one line what is wrong.

新疆棉花 出口          both, anywhere (a run of Han characters is one substring)
"棉花 出口" OR 纺织     a phrase, alternatives; AND is what stands between words anyway
-广告  NOT 广告        without
(棉花 OR 小麦) 收购     groups
covid*                words that begin so
title:棉花             in the title only
site:  section:  reporter:  source:  story:     exactly this name; source:新华* by its beginning
since:2026-09  until:2026-09-23  published:2026-09-01..2026-09-23     days in Asia/Shanghai
status:gone  status:any                         pages that are gone are left out otherwise
sort:rank  sort:date  sort:oldest
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from newscrawl.errors import WrongUseError

LONGEST_QUERY = 2000
MOST_TERMS = 64
DEEPEST_GROUP = 12

Sort = Literal["rank", "date", "oldest"]
SORTS: tuple[Sort, ...] = ("rank", "date", "oldest")
NAME_FIELDS = ("site", "section", "reporter", "source")
_FIELDS = (*NAME_FIELDS, "story", "title", "since", "until", "published", "status", "sort")


class QueryError(WrongUseError):
    """The query cannot be understood; the message says why, in one line."""


@dataclass(slots=True, frozen=True)
class Phrase:
    """Text that stands in the article as it is; `prefix`: its last word may go on; `title_only`: in the title."""

    text: str
    prefix: bool = False
    title_only: bool = False


@dataclass(slots=True, frozen=True)
class Name:
    """The article's site, section, reporter or source is `value` (or begins with it)."""

    field: str
    value: str
    prefix: bool = False


@dataclass(slots=True, frozen=True)
class Not:
    """Articles that do not match `node`."""

    node: Node


@dataclass(slots=True, frozen=True)
class Group:
    """Articles that match all (`AND`) or one (`OR`) of `nodes`."""

    operator: Literal["AND", "OR"]
    nodes: tuple[Node, ...]


Node = Phrase | Name | Not | Group


@dataclass(slots=True)
class Query:
    """A query understood; `root` is None where no words or names restrict, days are like 20260923, 0 for none."""

    text: str
    root: Node | None = None
    since: int = 0
    until: int = 0
    status: Literal["", "gone", "any"] = ""
    sort: Sort | None = None
    story: str = ""
    terms: int = field(default=0, repr=False)


_LEXEMES = re.compile(
    r"""(?P<space>\s+)
    | (?P<open>[(（]) | (?P<close>[)）])
    | (?P<minus>[-－\u2212](?=[^\s)）]))
    | (?P<field>[A-Za-z_]+)[:：](?!//)
    | ["“”\uff02「](?P<quoted>[^"“”\uff02」]*)(?P<end>["“”\uff02」]?)(?P<star>\*?)
    | (?P<word>[^\s()（）"“”\uff02「]+)""",
    re.VERBOSE,
)


@dataclass(slots=True, frozen=True)
class _Lexeme:
    kind: str
    text: str
    star: bool = False


def _lexemes(text: str) -> list[_Lexeme]:
    found = []
    for match in _LEXEMES.finditer(text):
        kind = match.lastgroup or ""
        if match["quoted"] is not None:
            if not match["end"]:
                raise QueryError(f'a quotation mark is not closed: "{_short(match["quoted"])}')
            found.append(_Lexeme("quoted", match["quoted"], bool(match["star"])))
        elif kind == "word":
            bare = match["word"].rstrip("*")
            found.append(_Lexeme("word", bare, len(bare) < len(match["word"])))
        elif kind != "space":
            found.append(_Lexeme(kind, match[kind]))
    return found


def _short(text: str) -> str:
    return text if len(text) <= 20 else text[:20] + "…"


def parse_query(text: str) -> Query:
    """Read a query.

    Empty text asks for everything. Raises QueryError on unbalanced groups or quotation marks, unknown fields, bad days,
    operators without operands, and on more than LONGEST_QUERY characters or MOST_TERMS terms.
    """
    if len(text) > LONGEST_QUERY:
        raise QueryError(f"the query has {len(text)} characters; {LONGEST_QUERY} are the most")
    parser = _Parser(text)
    root = parser.alternatives(0)
    if parser.peek() is not None:
        raise QueryError("a ) stands without its (")
    if parser.query.since and parser.query.until and parser.query.since > parser.query.until:
        raise QueryError("since: is later than until:")
    parser.query.root = root
    return parser.query


class _Parser:
    """Recursive descent over the lexemes; what holds for the whole query (days, status, sort) goes to `query`."""

    def __init__(self, text: str) -> None:
        self.lexemes = _lexemes(text)
        self.place = 0
        self.query = Query(text)

    def peek(self) -> _Lexeme | None:
        return self.lexemes[self.place] if self.place < len(self.lexemes) else None

    def is_operator(self, *names: str) -> bool:
        lexeme = self.peek()
        return lexeme is not None and lexeme.kind == "word" and lexeme.text in names and not lexeme.star

    def alternatives(self, depth: int) -> Node | None:
        before = self.global_values()
        nodes = [self.sequence(depth)]
        while self.is_operator("OR"):
            self.place += 1
            nodes.append(self.sequence(depth))
        if len(nodes) == 1:
            return nodes[0]
        if any(node is None for node in nodes):
            raise QueryError("OR needs something to find on both sides")
        if depth:
            self.refuse_global(before, "inside (… OR …)")
        return Group("OR", tuple(node for node in nodes if node is not None))

    def sequence(self, depth: int) -> Node | None:
        nodes: list[Node] = []
        start = self.place
        while (lexeme := self.peek()) is not None and lexeme.kind != "close" and not self.is_operator("OR"):
            if self.is_operator("AND"):
                self.place += 1
                after = self.peek()
                if start == self.place - 1 or after is None or after.kind == "close" or self.is_operator("AND", "OR"):
                    raise QueryError("AND needs something to find on both sides")
                continue
            node = self.operand(depth)
            if node is not None:
                nodes.append(node)
        if len(nodes) < 2:
            return nodes[0] if nodes else None
        return Group("AND", tuple(nodes))

    def operand(self, depth: int) -> Node | None:
        lexeme = self.peek()
        if lexeme is None or lexeme.kind == "close" or self.is_operator("AND", "OR"):
            raise QueryError("NOT or - needs something to leave out after it")
        if depth > DEEPEST_GROUP:
            raise QueryError(f"groups and NOTs are nested more than {DEEPEST_GROUP} deep")
        if lexeme.kind == "minus" or self.is_operator("NOT"):
            self.place += 1
            before = self.global_values()
            node = self.operand(depth + 1)
            self.refuse_global(before, "after NOT")
            return None if node is None else Not(node)
        self.place += 1
        if lexeme.kind == "open":
            node = self.alternatives(depth + 1)
            closing = self.peek()
            if closing is None:
                raise QueryError("a ( is not closed")
            self.place += 1
            return node
        self.query.terms += 1
        if self.query.terms > MOST_TERMS:
            raise QueryError(f"the query has more than {MOST_TERMS} terms")
        if lexeme.kind == "field":
            return self.field(lexeme.text)
        return Phrase(lexeme.text, prefix=lexeme.star)

    def global_values(self) -> tuple[object, ...]:
        query = self.query
        return query.since, query.until, query.status, query.story, query.sort

    def refuse_global(self, before: tuple[object, ...], place: str) -> None:
        if self.global_values() != before:
            raise QueryError(f"days, story:, status: and sort: hold for the whole query; not {place}")

    def field(self, name: str) -> Node | None:
        name = name.lower()
        if name not in _FIELDS:
            raise QueryError(
                f'unknown field "{_short(name)}:"; known are {", ".join(_FIELDS)} (quote the text to find a colon)'
            )
        value = self.peek()
        if value is None or value.kind not in ("word", "quoted", "minus", "field") or not value.text.strip():
            raise QueryError(f"{name}: needs a value right after it")
        text = self.field_value(value)
        if name in NAME_FIELDS:
            return Name(name, text, value.star)
        if name == "title":
            return Phrase(text, value.star, title_only=True)
        self.set_global(name, text)
        return None

    def field_value(self, value: _Lexeme) -> str:
        """Take the value; a bare one may hold colons and dashes (source:a:b), which were lexemes of their own."""
        self.place += 1
        text = value.text
        while (
            value.kind in ("minus", "field")
            and (following := self.peek())
            and following.kind in ("word", "minus", "field")
        ):
            text += (":" if value.kind == "field" else "") + following.text
            self.place += 1
            value = following
        return text

    def set_global(self, name: str, text: str) -> None:
        query = self.query
        if name == "since":
            query.since = read_days(text)[0]
        elif name == "until":
            query.until = read_days(text)[1]
        elif name == "published":
            first, dots, last = text.partition("..")
            query.since = read_days(first)[0] if first else 0
            query.until = (read_days(last)[1] if last else 0) if dots else read_days(first)[1]
        elif name == "story":
            query.story = text
        elif name == "status":
            if text not in ("live", "gone", "any"):
                raise QueryError("status: is live, gone or any")
            query.status = "gone" if text == "gone" else "any" if text == "any" else ""
        else:
            sorts = [sort for sort in SORTS if sort == text]
            if not sorts:
                raise QueryError(f"sort: is one of {', '.join(SORTS)}")
            query.sort = sorts[0]


_DAYS = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?", re.ASCII)


def read_days(text: str) -> tuple[int, int]:
    """Return the first and last day that "2026", "2026-09" or "2026-09-23" names, as numbers like 20260923.

    Raises QueryError where the text is no day, month or year.
    """
    match = _DAYS.fullmatch(text.strip())
    if match:
        year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
        try:
            if day:
                date(year, month, day)
                return year * 10000 + month * 100 + day, year * 10000 + month * 100 + day
            if month:
                last = calendar.monthrange(year, month)[1]
                return year * 10000 + month * 100 + 1, year * 10000 + month * 100 + last
            date(year, 1, 1)
        except ValueError:  # month 13, 30 February, year 0
            match = None
        else:
            return year * 10000 + 101, year * 10000 + 1231
    raise QueryError(f'"{_short(text)}" is no day; write 2026-09-23, 2026-09 or 2026')
