"""The words of credit lines as compiled patterns: roles, labels, media names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from newscrawl.text.bylines.tables import alternation, sections, simplified

#: Field of the record that a role fills; "" for credits the record has no field for.
FIELDS = ("reporters", "correspondents", "photographers", "editors", "interns")
_FIELD_OF = {
    "person_reporter": "reporters",
    "person_correspondent": "correspondents",
    "person_intern": "interns",
    "label_reporter": "reporters",
    "label_correspondent": "correspondents",
    "label_photographer": "photographers",
    "label_editor": "editors",
    "label_intern": "interns",
    "label_both": "reporters",
    "ignored": "",
}
_LABELS = ("label_reporter", "label_correspondent", "label_photographer", "label_intern", "label_both")
_TIME = r"T?\d{1,2}[:时]\d{2}(?:[:分]\d{2}秒?|分)?(?:\.\d{1,6})?"
FULL_DATE = (
    rf"(?:19|20)\d{{2}}\s?[-/.年]\s?\d{{1,2}}\s?[-/.月]\s?\d{{1,2}}日?(?:\s{{0,3}}{_TIME})?"
    rf"|(?<![\d-])\d{{1,2}}[-/月]\d{{1,2}}日?\s{{1,3}}{_TIME}"
)
_BOTH = (
    r"[文图][/、|&+]?[图摄]影?|图[/、|&+]文|文并[图摄]|图文|(?:采写|撰文|文)[/、]摄影|摄影[/、](?:撰文|文)|图/文字"
    r"|文字/(?:图片|摄影)|/?摄影报[道导]|摄影/?(?:采访)?报[道导]|摄报"
)


@dataclass(frozen=True, slots=True)
class Words:
    """Compiled patterns over the key of a line, and the field of each role word."""

    token: re.Pattern[str]
    field_of: dict[str, str]
    media: re.Pattern[str]
    plain_media: re.Pattern[str]
    known_media: frozenset[str]
    agency: re.Pattern[str]
    own: re.Pattern[str]
    trailing_modifier: re.Pattern[str]
    known_tail: re.Pattern[str]
    known_lead: re.Pattern[str]
    hint: re.Pattern[str]


@cache
def words() -> Words:
    """Return the patterns, compiled once from the data folder."""
    roles, media = sections("byline_roles.txt"), sections("media_names.txt")
    person = [word for name in roles if name.startswith("person_") for word in roles[name]]
    label = [word for name in _LABELS for word in roles[name] if len(word) > 1]
    editor = list(roles["label_editor"])
    posted = r"驻[\u4e00-\u9fff]{1,6}?(?=特派|特约|首席|实习|记者|通讯员|编辑)"
    # What ends a name before a space is part of it: 来源:青杨融媒 记者:… (source: a county's media centre; reporter)
    centre = r"(?:(?<=[\u4e00-\u9fff]融媒)|(?<=[\u4e00-\u9fff]融媒体))"
    modifier = rf"(?:{alternation(roles['modifier_person'])})(?!{centre}\s)"
    # Most characters begin no token: one look at the first spares trying some three hundred words there.
    listed = [word for name in roles for word in roles[name]]
    first = "".join(sorted({word[0] for word in listed} | set("0123456789Bb文图摄译驻摄采撰供出责值审")))
    token = (
        rf"(?=[{first}])(?:(?P<date>{FULL_DATE})"
        rf"|(?P<source>(?:{alternation(roles['source'])})(?:\s*[:/|于自]\s*|(?=\s|$|[\u4e00-\u9fff]))|供稿(?:单位)?\s?[:/|]\s*)"
        rf"|(?P<both>{_BOTH})"
        rf"|(?P<person>(?:(?:{modifier}|{posted})\s?){{0,4}}(?:{alternation(person)}))"
        rf"|(?P<editor>(?:{alternation(roles['modifier_editor'])}){{0,3}}(?:{alternation(editor)})(?!辑)(?:人(?=\s?[:/|]))?|(?:责任|值班|审稿人)(?=\s?[:/|]))"
        rf"|(?P<ignoredlabel>出自(?=\s*[(:《]|\s*$)|(?:{alternation(roles['ignored_label'])})(?=\s{{0,3}}[:/|\d(]|\s*$|\s))"
        rf"|(?P<ignored>(?:{alternation(roles['ignored'])}))"
        rf"|(?P<label>(?:{alternation(label)})(?:[人者师](?=\s?[:/|]))?(?!报道|简介|系)|(?<![A-Za-z])[Bb][yY](?=[ :]))"
        rf"|(?P<single>[文图摄译](?![\u4e00-\u9fff])|摄(?=于|自)))"
    )
    field_of = {word: _FIELD_OF[name] for name in roles if name in _FIELD_OF for word in roles[name]}
    suffix = alternation(media["suffix"] + media["suffix_generic"])
    quick = alternation(
        [*person, *editor, *roles["source"], "作者", "撰文", "采写", "摄", "编译", "文/", "图/", "供稿", "供图", "报道"]
    )
    return Words(
        token=re.compile(token),
        field_of=field_of,
        media=re.compile(rf".*(?:{suffix})(?:\([^)]*\))?"),
        plain_media=re.compile(rf"[^的了在是据《》]{{1,10}}(?:{alternation(media['suffix'])})(?:\\([^)]*\\))?"),
        known_media=frozenset({*media["known"], *media["agency"], *media["own"]}),
        agency=re.compile(rf"(?:{alternation(media['agency'])})"),
        own=re.compile(rf"(?:{alternation(media['own'])})"),
        trailing_modifier=re.compile(rf"(?:{alternation(roles['modifier_person'])})+$"),
        known_tail=re.compile(rf"(?:{alternation([*media['known'], *media['agency'], *media['own']])})$"),
        known_lead=re.compile(alternation([name for name in (*media["known"], *media["agency"]) if len(name) > 2])),
        hint=re.compile(quick),
    )


def is_media(text: str, *, plain: bool = False) -> bool:
    """Tell whether a chunk of a key is the name of a medium.

    plain: whether it stands in plain text, where an ending such as 视频 or 科技 does not make a medium.
    """
    lists = words()
    if text in lists.known_media:
        return True
    pattern = lists.plain_media if plain else lists.media
    return 3 <= len(text) <= 24 and pattern.fullmatch(text) is not None


def may_hold_credits(line: str) -> bool:
    """Tell quickly whether a line holds any word that a credit needs; the line as it stands on the page."""
    return words().hint.search(line.translate(simplified())) is not None
