"""Words of Chinese dates made plain: widths, traditional forms, Chinese numerals, times of day, time zones."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

#: Full-width and typographic signs, and the traditional characters that dates are written with.
_PLAIN = str.maketrans(
    {
        **{chr(0xFF01 + offset): chr(0x21 + offset) for offset in range(94)},
        **dict.fromkeys("\u3000\u00a0\u2002\u2003\u2009\t\r\n\u2028\u2029\u202f", " "),
        **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\ufeff\u00ad"),
        **dict.fromkeys("–—\u2212\u2010\u2011\u2012\u2015", "-"),
        **dict(
            zip(
                "∶\ufe30．。時點鐘號後剛週個兩幾發佈間於編輯來報訊電國華內誌",
                "::..时点钟号后刚周个两几发布间于编辑来报讯电国华内志",
                strict=True,
            )
        ),
    }
)

_DIGITS = {
    **{sign: str(value) for value, sign in enumerate("〇一二三四五六七八九")},
    **dict.fromkeys("零○\uff2f◯Oo", "0"),
    "两": "2",
    "元": "1",
}
#: Numerals that stand for themselves: the first day or month, the hour and minute nought.
_SINGLE = frozenset("元零〇○")
_YEAR = re.compile(r"([〇零○\uff2fOo◯一二三四五六七八九]{4}|(?<=[国國])[〇零○一二三四五六七八九]{2,3})(?=\s?年)")
#: A numeral up to 99 (廿 twenty, 卅 thirty, 元 first) before a unit; a hundred and more for years of the Republic.
_NUMBER = re.compile(
    r"([一二]百[零〇○]?[一二三四五六七八九十]{0,3}|百?[零〇○]?[一二三四五六七八九两]?[十廿卅]?[一二三四五六七八九]?|[零〇○](?=[时点分])|元|半)"
    r"(?=[年月日号时点分秒]|个?(?:小时|分钟|天前|周前|月前))"
)
_CHINESE = re.compile(r"[〇零○一二三四五六七八九十廿卅两元]\s?[年月日号时点分小个天周]")

_ZONE = re.compile(
    r"\s{0,3}(?:(?P<zulu>Z\b|UTC(?![+-])|GMT(?![+-]))|\(?(?:UTC|GMT)?(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>[0-5]\d)?(?!\d)\)?)"
)
#: Zones that lines of Chinese portals name; places whose offset moves with the season are left out on purpose.
_NAMED_ZONE = re.compile(
    r"(?P<urumqi>新疆时间|乌鲁木齐时间|烏魯木齊时间)|(?P<china>北京时间|台北时间|臺北时间|香港时间)"
)
_FOREIGN_ZONE = re.compile(
    r"(?:当地|當地|美东|美東|美国东部|纽约|紐約|伦敦|倫敦|东京|東京|格林尼治|格林威治|莫斯科|首尔|首爾)时间"
    r"|\d\s?(?:[PECM][SD]T(?<!CST)|CET|CEST|BST|JST|KST|MSK|AEST|AEDT)\b"
)
_ZONES: dict[str, tzinfo] = {}


def plain(text: str) -> str:
    """Return text with half-width digits and signs, single kinds of space and dash, simplified date words."""
    return text.translate(_PLAIN)


def has_chinese_numerals(text: str) -> bool:
    """Tell whether a Chinese numeral stands before a unit of time."""
    return _CHINESE.search(text) is not None


def arabic(text: str) -> str:
    """Write the Chinese numerals that stand before units of time as digits: 二〇二三年一月四日 -> 2023年1月4日."""
    text = _YEAR.sub(lambda match: "".join(_DIGITS[sign] for sign in match[1]), text)
    return _NUMBER.sub(lambda match: _number(match[1]), text)


def _number(word: str) -> str:
    """Return a numeral below 200 as digits; a word that is none comes back as it is."""
    if word in {"", "半"}:
        return word
    if word in _SINGLE:
        return _DIGITS[word]
    hundreds, _, rest = word.rpartition("百")
    value = 100 * (int(_DIGITS.get(hundreds, "1")) if hundreds or "百" in word else 0)
    rest = rest.lstrip("零〇○")
    for sign, tens in (("十", 10), ("廿", 20), ("卅", 30)):
        if sign in rest:
            before, _, after = rest.partition(sign)
            factor = int(_DIGITS[before]) if before else 1
            return str(value + tens * factor + (int(_DIGITS[after]) if after else 0))
    if len(rest) == 1:
        return str(value + int(_DIGITS[rest]))
    return str(value) if not rest and value else word


def zone(name: str) -> tzinfo:
    """Return the time zone of an IANA name, remembered; raises ZoneInfoNotFoundError for an unknown one."""
    found = _ZONES.get(name)
    if found is None:
        found = _ZONES[name] = ZoneInfo(name)
    return found


def explicit_offset(text: str, position: int) -> tuple[tzinfo | None, int]:
    """Read "Z", "+08:00", "GMT+0800" at a position; return the zone (None where there is none) and the new position."""
    match = _ZONE.match(text, position)
    if match is None:
        return None, position
    if match["zulu"]:
        return timezone.utc, match.end()  # noqa: UP017  timezone.utc prints as "UTC", as datetime.UTC does
    hours, minutes = int(match["hours"]), int(match["minutes"] or 0)
    if hours > 14:
        return None, position
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if match["sign"] == "-" else offset), match.end()


def named_zone(text: str) -> tzinfo | None:
    """Return the zone a line names in words (北京时间, 乌鲁木齐时间), None where it names none."""
    match = _NAMED_ZONE.search(text)
    if match is None:
        return None
    return zone("Asia/Urumqi") if match["urumqi"] else zone("Asia/Shanghai")


def names_foreign_zone(text: str) -> bool:
    """Tell whether the line gives its time for another country (美东时间, 当地时间): only the day can be used."""
    return _FOREIGN_ZONE.search(text) is not None
