"""Tell the lines of a page that are no part of the article: notices, furniture, calls, lists, spam."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from newscrawl.text.boilerplate_atoms import furniture, list_heading, menu
from newscrawl.text.boilerplate_credits import credit_line
from newscrawl.text.boilerplate_notices import notice_rule
from newscrawl.text.boilerplate_rules import (
    DOMAIN,
    SLOGAN,
    SPAM_STRONG,
    SPAM_WORD,
    TAGLINE,
    first_rule,
)
from newscrawl.text.folding import fold

__all__ = ["LineContext", "LineVerdict", "classify_line", "tail_rule"]

#: No notice is longer; longer lines are kept unread.
MAX_LINE = 1200
#: The longest line that an anchored rule may drop.
MAX_ANCHORED = 260
#: Pinyin that damaged pages print behind a character in brackets: 關(guān)注. Folding has taken its accents off.
_GLOSS = re.compile(r"(?<=[\u3400-\u9fff])\([a-zü]{1,6}\)")
#: Spaced-out lines (版 权 所 有): so many single characters in a row are one word.
_SPACED = re.compile(r"(?:[\u3400-\u9fff] ){4}")
_BETWEEN = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff,，])")


@dataclass(slots=True, frozen=True)
class LineContext:
    """What is known around a line: where in the body it stands and whether the site repeats it on other pages."""

    position: Literal["head", "middle", "tail", ""] = ""
    repeated: bool = False


@dataclass(slots=True, frozen=True)
class LineVerdict:
    """Whether a line goes out, and by which rule (None when it stays)."""

    drop: bool
    rule: str | None = None


KEEP = LineVerdict(drop=False)


def classify_line(line: str, *, context: LineContext | None = None) -> LineVerdict:
    """Decide whether a line of a body is boilerplate.

    line: one line or paragraph, simplified or traditional, full or half width, with or without pinyin glosses.
    context: position and repetition; without it only what is certain by itself is dropped.
    Returns the verdict; any string is accepted, lines over 1,200 characters are kept.
    """
    where = context or LineContext()
    if where.repeated and len(line) <= MAX_LINE and line.strip():
        return LineVerdict(drop=True, rule="repeated")
    if not line or len(line) > MAX_LINE:
        return KEEP
    text = normal(line)
    if not text:
        return KEEP
    rule = _furniture_rule(text) or _anchored_rule(text, where) or notice_rule(text) or _spam_rule(text)
    rule = rule or _tagline_rule(text)
    return LineVerdict(drop=True, rule=rule) if rule else KEEP


def tail_rule(line: str) -> str | None:
    """Return the rule that drops a line because it stands behind the last prose, None for one that stays.

    line: one that `classify_line` keeps in the middle of a body; only the rules of the tail are tried.
    """
    text = normal(line) if len(line) <= MAX_LINE else ""
    return first_rule(text, "tail") if text and len(text) <= MAX_ANCHORED else None


def normal(line: str) -> str:
    """Return the folded line on which rules are matched: glosses off, white space single."""
    text = fold(line)
    if "(" in text:
        text = _GLOSS.sub("", text)
    text = " ".join(text.split())
    return _BETWEEN.sub("", text) if " " in text and _SPACED.search(text) else text


def _furniture_rule(text: str) -> str | None:
    if len(text) > MAX_ANCHORED:
        return None
    rule = furniture(text)
    if rule is None and list_heading(text):
        return "reclist"
    return rule or ("nav" if menu(text) else None)


def _anchored_rule(text: str, where: LineContext) -> str | None:
    if len(text) > MAX_ANCHORED:
        return None
    if not where.position:
        return first_rule(text, "anchored")
    if credit_line(text):
        return "credit"
    if where.position == "tail":
        return first_rule(text, "anchored", "positioned", "tail")
    return first_rule(text, "anchored", "positioned")


def _spam_rule(text: str) -> str | None:
    if "。" in text or SPAM_STRONG.search(text) is None:
        return None
    words = SPAM_WORD.findall(text)
    covered = sum(map(len, words))
    return "spam" if len(words) >= 4 and len(set(words)) >= 3 and covered * 4 >= len(text) else None


def _tagline_rule(text: str) -> str | None:
    if len(text) > 120:
        return None
    if "." in text and DOMAIN.search(text) and TAGLINE.search(text):
        return "tagline"
    return "tagline" if len(text) <= 80 and len(set(SLOGAN.findall(text))) >= 3 else None
