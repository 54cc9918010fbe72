"""Punctuation that was folded to half width goes back to full width where it stands in Chinese text."""

from __future__ import annotations

import re

from newscrawl.text.restore.characters import HANZI, HANZI_CLASS

_WIDE = dict(zip(",:;?!()", "，：；？！（）", strict=True))
_CHINESE = f"{HANZI_CLASS}\u3001\u3002\u3003-\u301f“”‘’…—·\uff05℃《》"
_MARK = re.compile(
    # after Chinese: always, but for "http://" and a question mark that stands free
    f"(?<=[{_CHINESE}])(?:[,;!]|:(?!//)|\\?(?! ))"
    # before Chinese: after figures, Latin words and closing marks
    f'|(?<=[0-9A-Za-z%)\\]"])[,;:?!](?=[{HANZI_CLASS}“‘《〈「])'
    # figures of a list and what follows: "(1)," stays; "5%," before a figure stays too
    f"|(?<=[？！])[?!]"
)
_PARENTHESIS = re.compile(r"[()\n]")
_FULL = re.compile("[，：；？！（）]")
_HALF = re.compile(f"(?<=[{HANZI_CLASS}”》])[,:;?!]")


def is_folded(text: str) -> bool:
    """Tell whether the full-width punctuation of a Chinese text was folded to half width."""
    half = len(_HALF.findall(text))
    return half > 0 and 5 * len(_FULL.findall(text)) <= half


def widen(text: str) -> str:
    """Return the text, of the same length, with ,:;?!() full-width in Chinese context.

    Times, thousands, URLs, Latin runs and parentheses without Chinese in them, as (1), stay.
    """
    text = _MARK.sub(lambda mark: _WIDE[mark.group()], text)
    wide = _wide_parentheses(text)
    if not wide:
        return text
    characters = list(text)
    for place in wide:
        characters[place] = "（" if characters[place] == "(" else "）"
    return "".join(characters)


def _wide_parentheses(text: str) -> list[int]:
    """Return the places of the parentheses that hold Chinese text, matched line by line, in linear time."""
    wide: list[int] = []
    open_ones: list[list[int]] = []
    last = 0
    for mark in _PARENTHESIS.finditer(text):
        place = mark.start()
        if open_ones and not open_ones[-1][1] and HANZI.search(text, last, place):
            open_ones[-1][1] = 1
        last = place + 1
        sign = text[place]
        if sign == "\n":
            open_ones.clear()
        elif sign == "(":
            open_ones.append([place, 0])
        elif open_ones:
            start, chinese = open_ones.pop()
            if chinese:
                wide += (start, place)
                if open_ones:
                    open_ones[-1][1] = 1
    return wide
