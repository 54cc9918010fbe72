"""URL clustering: addresses of one form, and the regular expression that these meet and known others do not.

The form of an address is that of its path segments and query values: /baoliao/2026-09-23/81691.html has the form
word / date / number.html. Dates keep their digits' count, numbers do not: ids grow.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

#: A piece of a segment: its class and its text. Classes: word (no digits), text (letters beside digits), number,
#: year, month (YYYYMM), day (YYYYMMDD), date (YYYY-MM-DD), hex, code (letters and digits mixed), slug (a name of words
#: and codes).
Piece = tuple[str, str]

_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_MONTH = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(r"(?:19|20)\d\d([-_])\d{1,2}\1\d{1,2}")
_RUNS = re.compile(r"\d+|[^\d]+")
_ENDING = re.compile(r"\.[A-Za-z]{2,5}$")
_LETTERS, _DIGITS = re.compile(r"[A-Za-z]+"), re.compile(r"\d+")
#: So many forms of the last segment among addresses that are alike otherwise make them slugs.
SLUGS = 5
#: Classes of which one value stands for one page.
TELLING = frozenset(("number", "day", "date", "hex", "code", "slug"))


@dataclass(slots=True, frozen=True)
class Form:
    """The form of an address: the pieces of each path segment, and of each query value by name."""

    segments: tuple[tuple[Piece, ...], ...]
    query: tuple[tuple[str, tuple[Piece, ...]], ...]

    @property
    def signature(self) -> tuple[object, ...]:
        """What addresses of one form share: classes, and the letters beside digits."""
        return (
            *(_signature(pieces) for pieces in self.segments),
            *((name, _signature(pieces)) for name, pieces in self.query),
        )

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the path: names of sections and templates."""
        return tuple(text for pieces in self.segments for name, text in pieces if name == "word")

    @property
    def tail(self) -> Form:
        """The form without the folders of words that it begins with."""
        leading = 0
        while leading < len(self.segments) - 1 and [name for name, _ in self.segments[leading]] == ["word"]:
            leading += 1
        return Form(self.segments[leading:], self.query)

    @property
    def is_telling(self) -> bool:
        """Whether the last segment or the query can tell one page from another."""
        filled = [pieces for pieces in self.segments if any(text for _, text in pieces)]
        last = filled[-1] if filled else ()
        return any(name in TELLING for name, _ in (*last, *(piece for _, pieces in self.query for piece in pieces)))


def path_of(url: str) -> str:
    """Return path and query of an address: what rules are searched in."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def form_of(path: str, *, slug: bool = False) -> Form:
    """Return the form of a path with query. slug: the last segment is a name made of words and codes."""
    address, _, fields = path.partition("?")
    names = address.split("/")[1:]
    last = max((place for place, name in enumerate(names) if name), default=0)
    segments = tuple(
        _slug(name) if slug and place == last else _pieces(name, last=place == last) for place, name in enumerate(names)
    )
    query = tuple((name, _value(value)) for name, value in _fields(fields))
    return Form(segments, query)


def _pieces(segment: str, *, last: bool) -> tuple[Piece, ...]:
    match = _ENDING.search(segment)
    stem, ending = (segment[: match.start()], match[0]) if match and last else (segment, "")
    return (*_stem(stem, last=last), *([("ending", ending)] if ending else []))


def _fields(query: str) -> list[tuple[str, str]]:
    """Return the fields of a query as they stand there, not decoded: rules are searched in addresses as they are."""
    pairs = (field.partition("=") for field in query.split("&") if field)
    return [(name + equals, value) for name, equals, value in pairs]


def _slug(segment: str) -> tuple[Piece, ...]:
    match = _ENDING.search(segment)
    stem, ending = (segment[: match.start()], match[0]) if match else (segment, "")
    return (("slug", stem), *([("ending", ending)] if ending else []))


def _stem(stem: str, *, last: bool) -> tuple[Piece, ...]:
    if not _DIGITS.search(stem):
        return (("word", stem),) if "-" not in stem or stem.count("-") < 2 or not last else (("slug", stem),)
    if _DATE.fullmatch(stem):
        return (("date", stem),)
    parts = re.split(r"[-_]", stem)
    mixed = [part for part in parts if _is_code(part)]
    if mixed and len(parts) > 1 and "-" in stem:
        return (("slug", stem),)
    if mixed:
        return (("hex" if re.fullmatch(r"[0-9a-f]{8,}", stem) else "code", stem),)
    if not last and _LETTERS.search(stem):
        return (("word", stem),)  # h5, node2103, a1: names of folders
    if "-" in stem and sum(bool(_LETTERS.fullmatch(part)) for part in parts) >= 2:
        return (("slug", stem),)
    return tuple(_run(text) for text in _RUNS.findall(stem))


def _is_code(part: str) -> bool:
    """Tell letters and digits that are mixed (3f2a, A0B1C2) from a prefix (t20260115) or suffix."""
    letters, digits = _LETTERS.findall(part), _DIGITS.findall(part)
    if not letters or not digits or not part.isalnum():
        return False
    return (len(letters) > 1 and len(digits) > 1) or (len(part) >= 8 and part[0].isdigit()) or len(letters) > 2


def _run(text: str) -> Piece:
    if not text[0].isdigit():
        return ("text", text)
    for name, pattern in (("day", _DAY), ("month", _MONTH), ("year", _YEAR)):
        if pattern.fullmatch(text):
            return (name, text)
    return ("number", text)


def _value(value: str) -> tuple[Piece, ...]:
    if value.isascii() and value.isdigit():
        return (("number", value),)
    return _stem(value, last=True) if value else ()


def _signature(pieces: tuple[Piece, ...]) -> tuple[str, ...]:
    return tuple(text if name in ("text", "ending") else name for name, text in pieces)


@dataclass(slots=True)
class Cluster:
    """Addresses of one form."""

    paths: list[str]
    forms: list[Form]


def clusters(paths: Iterable[str]) -> list[Cluster]:
    """Return paths in clusters of one form each, the largest first.

    Where the last segments of many addresses have a form each of their own, they are slugs: one cluster.
    """
    fine: dict[tuple[object, ...], list[str]] = defaultdict(list)
    coarse: dict[tuple[object, ...], set[tuple[object, ...]]] = defaultdict(set)
    for path in dict.fromkeys(paths):
        signature = form_of(path).signature
        fine[signature].append(path)
        coarse[form_of(path, slug=True).signature].add(signature)
    found = []
    for signatures in coarse.values():
        members = [path for signature in sorted(signatures, key=repr) for path in fine.pop(signature, ())]
        if len(signatures) >= SLUGS and len(members) < 3 * len(signatures):
            found.append(Cluster(members, [form_of(path, slug=True) for path in members]))
        else:
            groups: dict[tuple[object, ...], list[str]] = defaultdict(list)
            for path in members:
                groups[form_of(path).signature].append(path)
            found.extend(Cluster(group, [form_of(path) for path in group]) for group in groups.values())
    return sorted(found, key=lambda cluster: -len(cluster.paths))


def rule_for(positives: Collection[str], negatives: Collection[str] = ()) -> str:
    """Return a regular expression for paths with query that meets all positives and as few negatives as it can.

    Words become [a-z]+ where they vary and stay where they do not; where that would meet a negative, the words that
    were seen are listed. "" for no positives.
    """
    rules = []
    for group in _by_tail(clusters(positives)):
        deep = _deep_rule(group) if len(group) > 1 else ""
        if deep and not any(re.search(deep, path) for path in negatives):
            rules.append(deep)
            continue
        for cluster in group:
            general = _rule(cluster.forms, general=True)
            hit = any(re.search(general, path) for path in negatives)
            rules.append(_rule(cluster.forms, general=False) if hit else general)
    rules = _without_covered(list(dict.fromkeys(rules)), positives)
    if len(rules) < 2:
        return "".join(rules)
    return "^(?:" + "|".join(rule.removeprefix("^").removesuffix("$") for rule in rules) + ")$"


def _by_tail(found: Iterable[Cluster]) -> list[list[Cluster]]:
    """Group clusters that differ only in how many folders of words their addresses begin with."""
    groups: dict[tuple[object, ...], list[Cluster]] = defaultdict(list)
    for cluster in found:
        tail = cluster.forms[0].tail
        groups[tail.signature if tail.is_telling else cluster.forms[0].signature].append(cluster)
    return list(groups.values())


def _deep_rule(group: Sequence[Cluster]) -> str:
    """Return one rule for addresses in folders of different depth: /a/202601/t1.html and /a/b/202601/t2.html."""
    forms = [form for cluster in group for form in cluster.forms]
    words = sorted({text for form in forms for text in form.words[: len(form.segments) - len(form.tail.segments)]})
    shallow = any(len(form.segments) == len(form.tail.segments) for form in forms)
    folder = _word_rule(words)
    return f"^(?:/{folder}){'*' if shallow else '+'}" + _rule([form.tail for form in forms], general=True)[1:]


def _without_covered(rules: list[str], positives: Collection[str]) -> list[str]:
    """Leave out rules whose positives others meet as well."""
    kept = list(rules)
    for rule in reversed(rules):
        others = [other for other in kept if other != rule]
        mine = [path for path in positives if re.search(rule, path)]
        if others and all(any(re.search(other, path) for other in others) for path in mine):
            kept = others
    return kept


def _rule(forms: Sequence[Form], *, general: bool) -> str:
    pieces = ["^"]
    after_year = 0
    for column in zip(*(form.segments for form in forms), strict=True):
        text, after_year = _segment_rule(column, general=general, after_year=after_year)
        pieces.append("/" + text)
    if forms and forms[0].query:
        fields = []
        for column in zip(*(form.query for form in forms), strict=True):
            value, _ = _segment_rule([entry[1] for entry in column], general=general, after_year=0, query=True)
            fields.append(f"{_literal(column[0][0])}{value}")
        pieces.append(r"\?" + "&".join(fields))
    return "".join(pieces) + "$"


def _segment_rule(
    column: Sequence[tuple[Piece, ...]], *, general: bool, after_year: int, query: bool = False
) -> tuple[str, int]:
    """Return the expression of one segment of all addresses, and how far into a date it leads.

    after_year: 0 outside of a date, 1 behind its year, 2 behind its month.
    """
    made = []
    for place, (name, text) in enumerate(column[0]):
        values = sorted({pieces[place][1] for pieces in column})
        made.append(_piece_rule(name, values, general=general, after_year=after_year, query=query))
        if name == "year":
            after_year = 1
        elif name != "text" or len(text) > 1:
            after_year = 2 if after_year == 1 and name == "number" and len(text) == 2 else 0
    return "".join(made), after_year


def _piece_rule(name: str, values: list[str], *, general: bool, after_year: int, query: bool) -> str:
    fixed = {"year": r"\d{4}", "month": r"\d{6}", "day": r"\d{8}", "date": _date_rule(values)}
    if name in fixed:
        return fixed[name]
    if name == "number":
        sizes = {len(value) for value in values}
        if (after_year and sizes == {2}) or (after_year == 1 and sizes == {4}):
            return rf"\d{{{sizes.pop()}}}"
        if query and len(values) == 1 and not general:
            return _literal(values[0])
        return r"\d+"
    if name == "hex":
        sizes = {len(value) for value in values}
        return "[0-9a-f]" + (f"{{{sizes.pop()}}}" if len(sizes) == 1 else "+")
    if name in ("code", "slug"):
        return _fitting(values, ("[0-9a-z]+",) if name == "code" else ())
    if len(values) == 1:
        return _literal(values[0])
    if name == "word" and general:
        return _word_rule(values)
    return "(?:" + "|".join(map(_literal, values)) + ")"


def _date_rule(values: list[str]) -> str:
    mark = values[0][4:5]
    short = any(len(value) < 10 for value in values)
    return rf"\d{{4}}{mark}\d{{1,2}}{mark}\d{{1,2}}" if short else rf"\d{{4}}{mark}\d{{2}}{mark}\d{{2}}"


def _literal(text: str) -> str:
    """Return a text as it stands in an expression; a hyphen means nothing outside of brackets."""
    return re.escape(text).replace("\\-", "-")


def _word_rule(values: list[str]) -> str:
    return _fitting(values, ("[a-z]+", "[a-z0-9]+", "[A-Za-z]+"))


def _fitting(values: list[str], narrow: Sequence[str]) -> str:
    """Return the narrowest of some classes of characters that all values are made of."""
    for pattern in (*narrow, "[0-9a-z_-]+", "[0-9A-Za-z_-]+", "[0-9A-Za-z_.%~-]+"):
        if all(re.fullmatch(pattern, value) for value in values):
            return pattern
    return "[^/?]*"
