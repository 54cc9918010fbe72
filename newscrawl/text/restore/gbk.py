"""The double-byte codes of GBK, each with the character it stands for and that character's simplified form."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from newscrawl.text.restore.characters import HANZI, characters
from newscrawl.text.restore.language import language_model, normalise
from newscrawl.text.restore.script import convert_each

#: Lead bytes of the codes that GBK does not define and a lenient decoder lets vanish.
VANISHING_LEADS = (*range(0xA1, 0xB0), *range(0xF8, 0xFF))
TRAILS = (*range(0x40, 0x7F), *range(0x80, 0xFF))
LEADS = tuple(range(0x81, 0xFF))


_PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》「」『』【】—…·\uff05")


def is_text(character: str) -> bool:
    """Tell whether a character is one of Chinese or a mark of its punctuation, not a symbol or a wide Latin letter."""
    return HANZI.match(character) is not None or character in _PUNCTUATION


class Code(NamedTuple):
    """A character of GBK, how the language model sees it, whether converted text can contain it, and whether the
    model has met it at all."""

    character: str
    seen_as: str
    possible: bool
    known: bool


@lru_cache(maxsize=1)
def codes() -> dict[int, Code]:
    """Return the table from double-byte codes to characters."""
    numbers = [lead << 8 | trail for lead in LEADS for trail in TRAILS]
    pairs = [(number, number.to_bytes(2, "big").decode("gbk", "ignore")) for number in numbers]
    pairs = [(number, character) for number, character in pairs if len(character) == 1]
    every = [character for _, character in pairs]
    simple = convert_each(every, "tw2s")
    turned = convert_each(every, "s2tw")
    retained = characters().retained
    table: dict[int, Code] = {}
    model = language_model()
    for (number, character), plain, traditional in zip(pairs, simple, turned, strict=True):
        possible = (character in retained or traditional == character) if is_text(character) else False
        seen_as = normalise(plain) or plain
        table[number] = Code(character, seen_as, possible, possible and model.knows(seen_as))
    return table
