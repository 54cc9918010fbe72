"""Tell the lines of a page that are no part of the article: notices, furniture, calls, lists, spam."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from newscrawl.text.boilerplate_atoms import furniture, list_heading
from newscrawl.text.boilerplate_rules import (
    ANCHORED,
    CLAUSES,
    DOMAIN,
    REPORTED,
    SLOGAN,
    SPAM_STRONG,
    SPAM_WORD,
    TAGLINE,
)
from newscrawl.text.folding import fold

__all__ = ["LineContext", "LineVerdict", "classify_line"]

#: No notice is longer; longer lines are kept unread.
MAX_LINE = 1200
#: The longest line that an anchored rule may drop.
MAX_ANCHORED = 260
#: Pinyin that damaged pages print behind a character in brackets: 關(guān)注. Folding has taken its accents off.
_GLOSS = re.compile(r"(?<=[\u3400-\u9fff])\([a-zü]{1,6}\)")
_SPACE = re.compile(r"\s+")


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
    rule = _furniture_rule(text) or _anchored_rule(text) or _notice_rule(text) or _spam_rule(text) or _tagline_rule(text)
    if rule is None and where.position == "tail":
        rule = _tail_rule(text)
    return LineVerdict(drop=True, rule=rule) if rule else KEEP


def normal(line: str) -> str:
    """Return the folded line on which rules are matched: glosses off, white space single."""
    return _SPACE.sub(" ", _GLOSS.sub("", fold(line))).strip()


def _furniture_rule(text: str) -> str | None:
    rule = furniture(text)
    if rule is None and list_heading(text):
        return "reclist"
    return rule


def _anchored_rule(text: str) -> str | None:
    if len(text) > MAX_ANCHORED:
        return None
    for rule, pattern in ANCHORED:
        if pattern.match(text):
            return rule
    return None


def _notice_rule(text: str) -> str | None:
    """Weigh the clauses of a notice against the line's length, and refuse where somebody is reported."""
    weight, strongest = 0.0, (0.0, "")
    for clause in CLAUSES:
        if clause.pattern.search(text):
            weight += clause.weight
            if clause.weight > strongest[0]:
                strongest = (clause.weight, clause.rule)
    if strongest[0] < 1 or weight < 2 or len(text) > 80 * weight:
        return None
    if weight < 5 and REPORTED.search(text):
        return None
    return strongest[1]


def _spam_rule(text: str) -> str | None:
    if "。" in text or SPAM_STRONG.search(text) is None:
        return None
    words = SPAM_WORD.findall(text)
    covered = sum(map(len, words))
    return "spam" if len(words) >= 4 and len(set(words)) >= 3 and covered * 4 >= len(text) else None


def _tagline_rule(text: str) -> str | None:
    if len(text) > 120 or REPORTED.search(text):
        return None
    if DOMAIN.search(text) and TAGLINE.search(text):
        return "tagline"
    return "tagline" if len(set(SLOGAN.findall(text))) >= 3 and len(text) <= 80 else None


_TAIL_CREDIT = re.compile(
    r"[\s(\[【]{0,3}(?:编辑|校对|审核|审签|监制|编审|终审|复审|初审|主编|美编|制作|统筹|总编辑|值班\S{0,4}|签发)\s?[:/丨|]\s?[^。,!?]{0,24}[)\]】]?\W{0,3}$"
)
_TAIL_NOISE = re.compile(r"\W{0,3}(?:end|the end|完|全文完|声明|特别声明|免责声明|版权声明|更多|分享|举报)\W{0,3}$")


def _tail_rule(text: str) -> str | None:
    """Rules for the last lines of a body only."""
    if len(text) <= 60 and _TAIL_CREDIT.match(text):
        return "credit"
    if _TAIL_NOISE.match(text):
        return "tail"
    return None
