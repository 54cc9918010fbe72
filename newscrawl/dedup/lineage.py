"""Who copied whom in a story, and what each changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

from newscrawl.dedup.normalise import letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from newscrawl.items import Article

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?”」』]*")
#: Sentences that are compared; a longer text is compared up to there.
_MOST_SENTENCES = 400


@dataclass(slots=True, frozen=True)
class Step:
    """An article of a story, and where it has the text from.

    copied_from: id of another article of the story; "" for the one that published first, or where the credited source
    is not in the story. reason: "first", "credit" (its source line names the other's portal), "credit outside" (it
    names somebody who is not in the story) or "time" (nothing is credited: the canonical article, which was earlier).
    """

    id: str
    copied_from: str
    reason: Literal["first", "credit", "credit outside", "time"]


def lineage(articles: Sequence[Article], *, names: Mapping[str, Iterable[str]] | None = None) -> list[Step]:
    """Return who has the text from whom: source credits first, times second.

    articles: all articles of one story, with site, source, published and duplicate_of. names: the names under which
    each site credits itself. The result is ordered by publication; articles without a time come last.
    """
    owners = {letters(name): site for site, own in (names or {}).items() for name in own}
    ordered = sorted(articles, key=_moment)
    return [_step(article, ordered, owners) for article in ordered]


def _step(article: Article, ordered: Sequence[Article], owners: Mapping[str, str]) -> Step:
    credited = owners.get(letters(article.source), "")
    if article.source and credited != article.site:
        for other in ordered:
            if other.id != article.id and other.site == credited:
                return Step(article.id, other.id, "credit")
        if article.duplicate_of == "" and not credited:
            return Step(article.id, "", "first")
        return Step(article.id, "", "credit outside")
    if article.duplicate_of == "":
        return Step(article.id, "", "first")
    return Step(article.id, article.duplicate_of, "time")


def _moment(article: Article) -> tuple[bool, float, bool, str]:
    published: datetime | None = article.published
    return published is None, published.timestamp() if published else 0.0, article.duplicate_of != "", article.id


@dataclass(slots=True, frozen=True)
class Change:
    """A run of sentences that stands in one text only ("-" in the first, "+" in the second), or in both (" ")."""

    sign: Literal["-", "+", " "]
    text: str


def changes(before: str, after: str) -> list[Change]:
    """Return what one text changed of another, sentence by sentence; script, width and punctuation do not count."""
    old, new = _SENTENCE.findall(before)[:_MOST_SENTENCES], _SENTENCE.findall(after)[:_MOST_SENTENCES]
    matcher = SequenceMatcher(None, list(map(letters, old)), list(map(letters, new)), autojunk=False)
    found: list[Change] = []
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag == "equal":
            found.append(Change(" ", "".join(new[first:last])))
            continue
        if end > start:
            found.append(Change("-", "".join(old[start:end])))
        if last > first:
            found.append(Change("+", "".join(new[first:last])))
    return found
