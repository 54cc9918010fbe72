"""Rules for lines that are no part of an article, on folded text: simplified, half-width, lower case.

The patterns are in `data/boilerplate_rules.txt`. Anchored ones match a line that is nothing else; positioned ones
need to know that the line stands in a body; those of the tail that it stands behind the last paragraph of prose.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

_TABLE = Path(__file__).with_name("data") / "boilerplate_rules.txt"

Section = Literal["anchored", "positioned", "tail"]


@cache
def rules_of(section: Section) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the rules of a section as pairs of name and compiled pattern, in the order of the table."""
    parts: dict[str, str] = {}
    found: list[tuple[str, re.Pattern[str]]] = []
    where = ""
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            where = line[1:-1]
            continue
        name, tab, pattern = line.partition("\t")
        if not tab or line.startswith("#"):
            continue
        for part, text in parts.items():
            pattern = pattern.replace("{" + part + "}", text)
        if where == "parts":
            parts[name] = pattern
        elif where == section:
            found.append((name, re.compile(pattern)))
    return tuple(found)


@cache
def _one_pattern(*sections: Section) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """Return the rules of some sections as one alternation in their order, and the name of each of its groups."""
    rules = [rule for section in sections for rule in rules_of(section)]
    return re.compile("|".join(f"({pattern.pattern})" for _, pattern in rules)), tuple(name for name, _ in rules)


@cache
def _any_rule(*sections: Section) -> re.Pattern[str]:
    """Return the rules of some sections as one pattern without groups, which fails in two thirds of the time."""
    return re.compile("|".join(f"(?:{pattern.pattern})" for section in sections for _, pattern in rules_of(section)))


def first_rule(text: str, *sections: Section) -> str | None:
    """Return the name of the first rule of some sections that matches the beginning of a folded line, or None."""
    if len(text) > _SHORT and text[0] not in _STROKES:
        return _cued_rule(text, sections)
    if _any_rule(*sections).match(text) is None:
        return None
    pattern, names = _one_pattern(*sections)
    match = pattern.match(text)
    return names[match.lastindex - 1] if match is not None and match.lastindex else None


def _cued_rule(text: str, sections: tuple[Section, ...]) -> str | None:
    """Try the rules whose cues stand where a rule can reach them: they hardly cross a full stop."""
    stop = text.find("。")
    cues = _cue().findall(text, 0, _REACH if stop < 0 else min(_REACH, stop + 20))
    if not cues:
        return None
    rules = _rules_by_cue(*sections)
    wanted = rules[cues[0]] if len(cues) == 1 else sorted({place for cue in cues for place in rules[cue]})
    numbered = _numbered(*sections)
    return next((numbered[place][0] for place in wanted if numbered[place][1].match(text) is not None), None)


@cache
def _numbered(*sections: Section) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(rule for section in sections for rule in rules_of(section))


@cache
def _rules_by_cue(*sections: Section) -> dict[str, tuple[int, ...]]:
    """Return for each cue the places of the rules that may need it: those that have all of its characters."""
    letters = [frozenset(pattern.pattern) | {" "} for _, pattern in _numbered(*sections)]
    return {cue: tuple(place for place, known in enumerate(letters) if known.issuperset(cue)) for cue in _cues()}


@cache
def _cues() -> tuple[str, ...]:
    words = re.search(r"\n\[cues\]\n([^\[]*)", _TABLE.read_text(encoding="utf-8"))
    if words is None:
        raise ValueError(f"{_TABLE}: section [cues] is missing")
    return tuple(word.replace("_", " ") for word in words[1].split())


@cache
def _cue() -> re.Pattern[str]:
    """Return the cues of the table as one pattern, by first character: the search runs from one of them to the next."""
    by_first: dict[str, list[str]] = {}
    for word in _cues():
        by_first.setdefault(word[0], []).append(re.escape(word[1:]))
    return re.compile("|".join(f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in by_first.items()))


#: Lines of strokes begin with one of these and need no cue.
_STROKES = "-=_*~—·."
#: Lines up to this length are tried on every rule: most boilerplate is short, most text is not.
_SHORT = 20
#: No rule looks for its cue further on in a line.
_REACH = 110


#: Words of the titles that spam writes into pages: pornography and betting, joined by commas or underscores.
SPAM_WORD = re.compile(
    r"无码|有码|人妻|久久|超碰|乱伦|乱子伦|熟女|少妇|成人(?:电影|视频|网|精品|在线)|在线(?:观看|视频|播放|精品)|精品|国产|"
    r"亚洲|欧美|日韩|日本|三级|黄色|青青草|青青青|波多野|苍井|一区|二区|三区|四区|免费(?:视频|观看|播放|看|国产)|av|91|"
    r"九一|福利|麻豆|色情|美女|毛片|高清|中文字幕|伦理|精东|蜜桃|彩票|赌场|博彩|真人(?:娱乐|在线)|百家乐|棋牌|投注|开户|"
    r"注册送|体育(?:官网|app|平台)|娱乐城|官网(?:入口|登录)|男人的天堂|视频在线|肉|性|做爱|高潮|啪|裸体|黄网"
)
#: Without one of these nothing is spam.
SPAM_STRONG = re.compile(
    r"无码|人妻|超碰|乱伦|乱子伦|熟女|少妇|成人(?:电影|视频|精品)|久久|青青青?草|波多野|麻豆|毛片|[一二三四]区|"
    r"(?<![a-z])av(?![a-z])|国产精品|伦理片|黄网|做爱|男人的天堂|百家乐|博彩|娱乐城|注册送|真人娱乐|投注平台"
)
#: A slogan of the house: its domain with a welcome, or three turns of self-praise.
TAGLINE = re.compile(r"欢迎(?:您|你|光临|访问|关注)[^。]{0,12}$|欢迎[您你]!?>")
DOMAIN = re.compile(r"(?:www\.)?[a-z0-9-]{2,40}(?:\.[a-z0-9-]{2,20}){0,3}\.(?:com|net|cn|org|cc|info|top|xyz|vip)")
SLOGAN = re.compile(
    r"有(?:观点|态度|温度|深度|速度|品质|料)|接地气|正能量|讲述[^,。]{1,8}故事|家乡(?:事|情|的声音)|天涯咫尺|一网打尽|尽在|"
    r"[看读知品晓]天下|第一时间|权威(?:发布|媒体|[,、])|主流(?:媒体|声音)|(?:您|你)身边的|伴您|助您|爱上[你您]|"
    r"打造[^,。]{2,12}(?:平台|媒体|门户)|门户网站|专业[,、]|及时[,、]|全面[,、]"
)
