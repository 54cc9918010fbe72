"""Chinese personal names in a credit line: a lattice over surnames, and names that carry no Chinese surname."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from math import inf

from newscrawl.text.bylines.tables import alternation, sections, simplified

#: Natural logarithm of the share of people whose surname is of a tier, roughly, spread over the tier's members.
_TIER_COST = {"1": 1.0, "2": 2.0, "3": 4.0, "4": 5.5, "compound": 2.5, "compound_rare": 5.0}
#: Cost of a name by its length in characters: three in four names of the mainland press have three.
_LENGTH_COST = {2: 1.3, 3: 0.35, 4: 4.5}
#: What it costs to read a word of running text (方面) as a name.
_WORD_COST = 8.0
#: A run longer than this is running text, whatever its characters are.
LONGEST_RUN = 40

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class NameLists:
    """What is known of names: cost of each surname, words and characters that speak against a name."""

    surnames: dict[str, float]
    compound: dict[str, float]
    transliteration: frozenset[str]
    not_in_name: frozenset[str]
    not_a_name: re.Pattern[str]
    placeholder: frozenset[str]
    function: frozenset[str]


@cache
def name_lists() -> NameLists:
    """Return the lists of the data folder."""
    tiers, parts = sections("surnames.txt"), sections("name_parts.txt")
    return NameLists(
        surnames={
            character: _TIER_COST[tier] for tier in ("4", "3", "2", "1") for line in tiers[tier] for character in line
        },
        compound={word: _TIER_COST[tier] for tier in ("compound_rare", "compound") for word in tiers[tier]},
        transliteration=frozenset("".join(parts["transliteration"])),
        not_in_name=frozenset("".join(parts["not_in_name"])),
        # A word of one character is only met whole: 文 is a caption's mark, 文静 is a name.
        not_a_name=re.compile(
            "|".join(
                (
                    alternation([word for word in parts["not_a_name"] if len(word) > 1]),
                    rf"(?:{alternation([word for word in parts['not_a_name'] if len(word) == 1])})$",
                )
            )
        ),
        placeholder=frozenset(parts["placeholder"]),
        function=frozenset("".join(parts["function"])),
    )


def _piece_cost(key: str, start: int, end: int, lists: NameLists) -> float:
    """Cost of reading key[start:end] as one name with a Chinese surname; inf where it is none."""
    length = end - start
    if length == 4:
        cost = lists.compound.get(key[start : start + 2])
        if cost is not None:
            return cost + 1.0
        # A child of 张 and 王 may be 张王雨桐; two names are likelier, so this only wins where they fail.
        first, second = lists.surnames.get(key[start], inf), lists.surnames.get(key[start + 1], inf)
        return first + second + _LENGTH_COST[4] if first <= 2.0 and second <= 2.0 else inf
    cost = lists.surnames.get(key[start], inf)
    if cost < inf and length == 2 and lists.not_a_name.fullmatch(key, start, end):
        return cost + _WORD_COST
    if length == 3 and key[start : start + 2] in lists.compound:
        cost = min(cost, lists.compound[key[start : start + 2]])
    return cost + _LENGTH_COST[length]


def _is_word(key: str, lists: NameLists) -> bool:
    """Whether a chunk begins with a word of running text; a third character can make a name of one (黄金红)."""
    match = lists.not_a_name.match(key)
    return match is not None and not (len(key) == 3 and match.end() == 2 and lists.surnames.get(key[0], inf) <= 2.0)


def split_run(key: str) -> list[Span] | None:
    """Split a run of Chinese characters without separators into names.

    key: the run in simplified characters. Returns the spans of the names, or None where no reading is whole.
    """
    lists = name_lists()
    length = len(key)
    if not 2 <= length <= LONGEST_RUN or lists.not_in_name.intersection(key):
        return None
    if not is_han(key) or _is_word(key, lists) or _SPOKEN.search(key):
        return None
    best = [0.0] + [inf] * length
    back = [0] * (length + 1)
    for end in range(2, length + 1):
        for size in (2, 3, 4):
            start = end - size
            if start < 0 or best[start] == inf:
                continue
            cost = best[start] + _piece_cost(key, start, end, lists)
            if cost < best[end]:
                best[end], back[end] = cost, start
    if best[length] == inf:
        return None
    spans = []
    end = length
    while end:
        spans.append((back[end], end))
        end = back[end]
    spans.reverse()
    if len(spans) > 1 and lists.transliteration.issuperset(key) and best[length] > 5.0 * len(spans):
        return None
    return spans


def has_surname(key: str) -> bool:
    """Tell whether a chunk of two to four characters begins with a Chinese surname that is not rare."""
    lists = name_lists()
    return lists.surnames.get(key[:1], inf) < _TIER_COST["4"] or key[:2] in lists.compound


def is_common_surname(key: str) -> bool:
    """Tell whether a chunk begins with one of the hundred most common surnames, or a compound one."""
    lists = name_lists()
    return lists.surnames.get(key[:1], inf) <= _TIER_COST["2"] or key[:2] in lists.compound


def has_common_surname(name: str) -> bool:
    """Tell whether a name as it stands on a page begins with a common Chinese surname."""
    return is_common_surname(name.translate(simplified()))


_FOREIGN = re.compile(
    r"[\u3400-\u9fff?\ufffd\ue000-\uf8ff]{1,12}(?:[·.][\u3400-\u9fffA-Z?\ufffd\ue000-\uf8ff]{1,12}){1,4}|[A-Z]\.[\u3400-\u9fff]{2,12}"
)
_LATIN = re.compile(r"[A-Za-zÀ-ɏ][A-Za-z0-9À-ɏ.'_-]{1,24}")
_PREPOSITIONS = frozenset("从在就对向据为与给")
_SPOKEN = re.compile(
    r"(?:表示|透露|介绍|坦言|指出|告诉|强调|分析|了解|报道|采访|说|称|看到|见到|发现|得知|注意|走进|来到|赶到|进入|目睹|感受)$"
)
_ADDRESS = re.compile(r"www\.|\.(?:com|cn|net|org|html?)\b|^(?:https?|iPhone|APP|VIP|AI|TV)$")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
_DAMAGED = re.compile(r"[\u3400-\u9fff?\ufffd\ue000-\uf8ff]{2,4}")


def unsurnamed(key: str) -> bool:
    """Tell whether a bounded chunk can be a name without a Chinese surname (才扬, 艾尼瓦尔, 阿尔达克·拜斯汗, 魏其?)."""
    lists = name_lists()
    if lists.not_in_name.intersection(key) or _is_word(key, lists) or key in lists.placeholder or _SPOKEN.search(key):
        return False
    if key[:1] in _PREPOSITIONS:
        return False
    if _FOREIGN.fullmatch(key):
        return True
    if _HAN.fullmatch(key):
        if len(key) <= 3:
            return len(key) >= 2
        if len(key) <= 9:
            borrowed = sum(character in lists.transliteration for character in key)
            if len(key) == 4 and lists.surnames.get(key[0], inf) <= 2.0:
                return True
            return borrowed * 4 >= len(key) * 3
        return False
    return bool(_DAMAGED.fullmatch(key)) and bool(_HAN.search(key))


def is_han(key: str) -> bool:
    """Tell whether a chunk is of Chinese characters only."""
    return _HAN.fullmatch(key) is not None


def is_latin(key: str) -> bool:
    """Tell whether a chunk is a name or a pen name in Latin letters."""
    return bool(_LATIN.fullmatch(key)) and not _ADDRESS.search(key) and key.lower() not in name_lists().placeholder
