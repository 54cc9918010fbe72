"""Traditional and simplified forms: which orthography a text follows, and its conversion to simplified.

A table that turns simplified characters traditional one by one leaves its mark where the two do not pair up: 以后 or
关于 stays 以后 and 關于, or 方面 becomes 方麵. A writer of traditional Chinese has 以後, 關於 and 方面. The test
is a round trip: what phrase-aware conversion makes of the text in simplified and back again is compared with it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from newscrawl.text.restore.characters import HANZI_RUN, characters

#: Simplified characters whose traditional counterparts differ so that no writer of traditional Chinese confuses them.
_TELLING = frozenset("于后并里么游系愿采范余制征干云烟松只筑斗周占托伙吁郁御困卷累症咨辟涌舍谷恒面向杆")
#: The same, but only within words: elsewhere they are names or variants.
_TELLING_IN_WORDS = frozenset("志致杰胡淀丑")
#: Those that are no variants in traditional text, though some may be a name.
_TELLING_OFTEN = frozenset("采于后并么里愿余范云征制干系筑斗")
_SURNAMES = frozenset("于余范云")
#: Characters that stand in mechanically converted text because its author wrote them (most often in a name).
PROTECTED = frozenset("乾瞭徵藉於昇濛峯")
_COUNTERPART = {"乾": "干", "瞭": "了", "徵": "征", "藉": "借", "於": "于"}
#: What tables of the first candidate write where the simplified character has stayed in traditional Chinese too.
_OVERDONE = {
    "麵": "面",
    "隻": "只",
    "曆": "历",
    "鍾": "钟",
    "製": "制",
    "瞭": "了",
    "乾": "干",
    "後": "后",
    "餘": "余",
    "係": "系",
    "徵": "征",
    "鬆": "松",
    "範": "范",
    "闆": "板",
    "嚮": "向",
    "彙": "汇",
    "迴": "回",
    "裏": "里",
}


#: One traditional form in the place of another that shares its simplified one: 復雜 for 複雜, 批準 for 批准.
_CONFUSED = frozenset(("復複", "復覆", "發髮", "準准", "鍾鐘", "籤簽", "髒臟", "臺颱", "歷曆", "獲穫"))
#: Words that only a table writes so which turns each character into its rarer counterpart, never a person.
_TABLE_WORDS = re.compile(
    "[方全上下前後里裏裡外表地畫層正反市書當]麵|麵[積臨貌向試]|隻[有是要能好得會]|曆[史經程]|[經學簡來]曆|"
    "係[統列]|製度|[控限]製|鬆[樹柏]|壹[個些直起樣般切旦]|第[壹貳叁叄]"
)
_CLAUSE = re.compile("[^，、。：；！？\n]*[，、。：；！？\n]|[^，、。：；！？\n]+")
_NUMBERS_AND_COMMAS = str.maketrans("123456789,", "000000000，")
_NUMERALS = re.compile("壹(?=[個些直定起樣般切旦])")


class Orthography(NamedTuple):
    """How often a text has a simplified character where a writer has the traditional one, the traditional one, and
    a traditional one where no writer has it; `kinds` counts the different characters of the first and last sort,
    `in_words` the retained ones that stand within common words, `uses` the different uses of others that are no
    variants, though perhaps names; `table_words` are the words found that no person writes so."""

    retained: int
    written: int
    overdone: int
    kinds: int
    in_words: int = 0
    uses: int = 0
    table_words: frozenset[str] = frozenset()


@lru_cache(maxsize=4)
def _converter(name: str) -> Any:
    import opencc

    return opencc.OpenCC(name)


def _convert(text: str, name: str) -> str:
    """Convert with OpenCC, character for character: the result has the length of the text."""
    try:
        converted = str(_converter(name).convert(text))
    except UnicodeEncodeError:
        # OpenCC refuses lone surrogates; they are hidden from it and are no part of any change.
        text = "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)
        converted = str(_converter(name).convert(text))
    if len(converted) == len(text):
        return converted
    pieces: list[str] = []
    for line in text.splitlines(keepends=True):
        turned = str(_converter(name).convert(line))
        if len(turned) != len(line):
            turned = "".join(_single(character, name) for character in line)
        pieces.append(turned)
    return "".join(pieces)


@lru_cache(maxsize=32768)
def _single(character: str, name: str) -> str:
    turned = str(_converter(name).convert(character))
    return turned if len(turned) == 1 else character


def simplify(text: str, *, protected: frozenset[str] = frozenset()) -> str:
    """Return the text with traditional forms simplified, of the same length; protected characters stay.

    Uses OpenCC's `tw2s` (phrases of Taiwan's vocabulary stay: never `tw2sp`).
    """
    converted = _convert(text, "tw2s")
    if converted == text:
        return text
    kept = list(_staying(protected).finditer(text))
    if not kept:
        return converted
    out: list[str] = []
    last = 0
    for match in kept:
        out += (converted[last : match.start()], match.group())
        last = match.end()
    out.append(converted[last:])
    return "".join(out)


@lru_cache(maxsize=16)
def _staying(protected: frozenset[str]) -> re.Pattern[str]:
    """Return the pattern of what stays: protected characters, and whatever has no simplified form that GBK holds, since
    a page in GBK had no other (白鱀豚 stays)."""
    forms = sorted(characters().traditional)
    plain = convert_each(forms, "tw2s")
    change = {form for form, new in zip(forms, plain, strict=True) if new.encode("gbk", "ignore")} - protected
    # 么, 覆 and 藉 are simplified too: OpenCC changes them in some words all the same
    return re.compile(f"[{''.join(sorted(protected.union(forms, '么覆藉') - change))}]+")


def orthography(text: str, *, enough: int = 6000) -> Orthography:
    """Compare a text with its round trip through simplified characters; its first `enough` characters suffice."""
    whole = text[:enough]
    text = _telling_clauses(whole)  # OpenCC takes half a microsecond a character
    simplified = _convert(text, "tw2s")
    back = _convert(simplified, "s2tw")
    retained = written = overdone = in_words = 0
    kinds: set[str] = set()
    uses: set[str] = set()
    words, known = characters().telling, simplified.translate(_NUMBERS_AND_COMMAS)
    for place, (old, plain, new) in enumerate(zip(text, simplified, back, strict=True)):
        if old == new:
            if plain in _TELLING and new != plain:
                written += 1
        elif old == plain and (old in _TELLING or old in _TELLING_IN_WORDS):
            in_word = known[place - 1 : place + 1] in words or known[place : place + 2] in words
            in_words += in_word
            if old in _TELLING_OFTEN and not in_word:
                uses.add(old if old in _SURNAMES else text[place : place + 2])
            if in_word or old in _TELLING:
                retained += 1
                kinds.add(old)
        elif old + new in _CONFUSED or (new == plain and _OVERDONE.get(old) == plain):
            overdone += 1
            kinds.add(old)
    numerals = len(_NUMERALS.findall(whole))
    if numerals:
        kinds.add("壹")
    words_of_tables = frozenset(_TABLE_WORDS.findall(whole))
    return Orthography(retained, written, overdone + numerals, len(kinds), in_words, len(uses), words_of_tables)


@lru_cache(maxsize=1)
def _tells() -> re.Pattern[str]:
    """Return the pattern of the characters that `orthography` counts, in the simplified or the traditional form."""
    forms = [chr(code) for code, plain in _single_forms().items() if plain in _TELLING]
    confused = [pair[0] for pair in _CONFUSED]
    return re.compile(f"[{''.join(sorted({*_TELLING, *_TELLING_IN_WORDS, *forms, *_OVERDONE, *confused}))}]")


def _telling_clauses(text: str) -> str:
    """Return the clauses of a text with a character that tells something; of the others the last mark only."""
    tells = _tells()
    clauses = _CLAUSE.findall(text)
    return "".join([clause if tells.search(clause) is not None else clause[-1] for clause in clauses])


def orthography_by_counts(text: str) -> Orthography:
    """Estimate the orthography from the commonest telling characters alone, for text whose readings already tell it."""
    retained = [text.count(character) for character in "于后并"]
    written = sum(map(text.count, "於後並"))
    overdone = sum(map(text.count, ("方麵", "全麵", "麵積", "曆史", "隻有", "壹個")))
    return Orthography(sum(retained), written, overdone, sum(map(bool, retained)))


def protected_characters(text: str, found: Orthography) -> frozenset[str]:
    """Return the traditional forms that the damage did not make, so that they must stay.

    A table that leaves 于 and 升 alone did not write 於 and 昇; one that overdoes (方麵) or leaves none may have.
    """
    if found.overdone > found.retained or (found.written > found.retained):
        return frozenset(c for c, plain in _COUNTERPART.items() if c in text and plain in text and c != "於")
    return PROTECTED


def traditional_share(text: str) -> tuple[int, int]:
    """Return how many characters of a text are traditional forms, and how many are hanzi at all."""
    found = sum(map(len, characters().traditional_run.findall(text)))
    return found, sum(map(len, HANZI_RUN.findall(text))) if found else 0


def convert_each(every: list[str], name: str) -> list[str]:
    """Convert characters one by one, without the context of their neighbours, in one call."""
    converted = str(_converter(name).convert("\n".join(every))).split("\n")
    return [new if len(new) == 1 else old for old, new in zip(every, converted, strict=True)]


@lru_cache(maxsize=1)
def _single_forms() -> dict[int, str]:
    forms = sorted(characters().traditional)
    return {ord(form): plain for form, plain in zip(forms, convert_each(forms, "tw2s"), strict=True)}


def simplify_roughly(text: str) -> str:
    """Return the text with each traditional form simplified by itself: for short pieces, without OpenCC's phrases."""
    return text.translate(_single_forms())
