"""Tokens of a credit line: role words and labels, told from the same characters inside running text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from newscrawl.text.bylines.chunks import CHUNK
from newscrawl.text.bylines.names import split_run
from newscrawl.text.bylines.words import is_media, words

TokenKind = Literal["date", "source", "both", "person", "editor", "ignoredlabel", "ignored", "label", "single"]

BOUNDARY = re.compile(r"[\s、,;/|&:()。！？!·◎■□▲△◆★*\"“”.<>-]")
_SEPARATED = re.compile(r"\s{0,3}[:/|]")
#: Role words that stand behind names as well as before them.
SUFFIXES = frozenset(
    {"撰文", "撰稿", "采写", "采访", "编译", "文字", "摄影", "拍摄", "摄像", "航拍", "供图", "采编", "采访整理"}
    | {"整理", "整合", "摘编", "供稿", "执笔", "采制", "摄制"}
)
_PHOTO_REPORTER = re.compile(r"(?:摄影|图片)\s?记者$")
_PHOTOGRAPHED = re.compile(r"[ 、/,]{1,2}[\u3400-\u9fff]{2,4} ?[/]?[摄图](?![\u3400-\u9fff])")
_ROLE_OF_SINGLE = {"摄": "photographers", "图": "photographers", "文": "reporters", "译": ""}


@dataclass(slots=True)
class Token:
    """A role word, a label, a date or a suffix in the key.

    role: the field its names go to, "both" for text and pictures, "" for none; separated: whether a colon, bar or
    slash follows.
    """

    kind: TokenKind
    start: int
    end: int
    role: str
    separated: bool
    medium: tuple[int, int] | None = None


def find_tokens(key: str, start: int, end: int) -> list[Token]:
    """Find the tokens of key[start:end] in their order."""
    tokens: list[Token] = []
    for match in words().token.finditer(key, start, end):
        medium = None
        kind: TokenKind = match.lastgroup  # type: ignore[assignment]  # the groups are named after the kinds
        begin, finish = match.span()
        separated = kind == "source" or _SEPARATED.match(key, finish, end) is not None
        boundary = begin == start or BOUNDARY.match(key, begin - 1) is not None
        word = match[0]
        if kind == "label" and word == "作者" and not boundary and not separated:
            kind = "person"
            if key[begin - 1] != "》" and not is_media(key[chunk_start(key, begin) : begin]):
                continue
        elif kind == "editor" and not boundary and (separated or not tokens):
            first, behind = chunk_start(key, begin), _behind_medium(key, begin)
            if not separated and (behind < 0 or word.startswith("总")):
                continue
            if behind >= 0 and separated:
                medium = (first, behind)
            begin = max(begin, behind)
        elif not _stands(key, kind, word, begin, end, boundary=boundary, separated=separated, tokens=tokens):
            continue
        tokens.append(Token(kind, begin, finish, _role(kind, word), separated, medium))
    return tokens


def _behind_medium(key: str, begin: int) -> int:
    """Where 编辑 begins that stands directly behind a medium (津云新闻编辑); -1 where it does not."""
    first = chunk_start(key, begin)
    for shift in (2, 0):
        if is_media(key[first : begin + shift]):
            return begin + shift
    return -1


def chunk_start(key: str, end: int, lowest: int = 0) -> int:
    """Return where the chunk begins that ends at `end`; no further back than 60 characters."""
    begin, lowest = end, max(lowest, end - 60)
    while begin > lowest and not BOUNDARY.match(key, begin - 1):
        begin -= 1
    return begin


def _stands(
    key: str, kind: str, word: str, begin: int, end: int, *, boundary: bool, separated: bool, tokens: list[Token]
) -> bool:
    """Whether a word is a role or a label here, and not part of running text or of another word."""
    finish = begin + len(word)
    if kind in ("date", "person", "both"):
        return True
    if kind == "single":
        if word == "文" or word == "图":
            return boundary or _behind_name(key, begin)
        return not (begin and key[begin - 1] in "翻拍双")
    if kind == "source":
        if word[-1:] not in ":/| 于自":
            value = CHUNK.match(key, finish, end)
            return boundary and (value is None or is_media(value[0]))
        return boundary or word.rstrip()[-1:] in ":/|"
    if (
        kind == "ignored"
        and boundary
        and not separated
        and not tokens
        and "\u4e00" <= key[finish : finish + 1] <= "\u9fff"
    ):
        following = CHUNK.match(key, finish, end)
        return following is not None and split_run(following[0]) is not None
    if kind == "ignoredlabel":
        return boundary or separated or word == "出自"
    if boundary or separated or word == "供稿" or (word in SUFFIXES and finish == end):
        return True
    return bool(tokens) and tokens[-1].kind in ("person", "editor", "label", "ignored", "both")


def _behind_name(key: str, begin: int) -> bool:
    """Whether 文 stands glued to a name, and names of photographers follow (王小明文 李小红摄)."""
    name = key[chunk_start(key, begin) : begin]
    return len(name) == 3 and split_run(name) == [(0, 3)] and _PHOTOGRAPHED.match(key, begin + 1) is not None


def _role(kind: str, word: str) -> str:
    """The field that a token's names go to."""
    if kind == "editor":
        return "editors"
    if kind == "both":
        return "both"
    if kind == "single":
        return _ROLE_OF_SINGLE[word]
    if kind not in ("person", "label"):
        return ""
    if _PHOTO_REPORTER.search(word):
        return "photographers"
    if word.lower() == "by":
        return "reporters"
    field_of = words().field_of
    if kind == "label" and word not in field_of:
        word = word.rstrip("人者师")
    for begin in range(len(word)):
        role = field_of.get(word[begin:])
        if role is not None:
            return role
    return ""
