"""Index tokens: bigrams of Han runs, whole words and numbers; and a phrase as an index expression and as a pattern.

Every Han character (kana and Hangul too) gives one token, itself with the next one of its run; the last one of a run
stands alone. So a run's end is seen in the tokens, and a sequence of bigrams is in the index exactly where the
substring is in the text. Where a word and a Han run are parted by a space or punctuation, a BOUNDARY token says so.
In a phrase, any punctuation or space stands for any other: 阿依·古丽, 阿依-古丽 and 阿依 古丽 are one name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from newscrawl.text.folding import fold

#: Characters written without spaces: Han, kana, bopomofo, Hangul (on folded text).
CJK = (
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003fffd"
)
_WORD = rf"[^\W_{CJK}]"
_GAP = rf"(?:(?![{CJK}])[\W_])+"
RUNS = re.compile(rf"([{CJK}]+)|{_WORD}+")

#: Stands between a word and a Han run that do not touch. Neither this nor NAME_MARK is ever part of a text token.
BOUNDARY = "·"
#: Begins the tokens of the names column; alone it is in every row.
NAME_MARK = "§"
#: Longer words (base64, DNA) are indexed by their beginning.
LONGEST_WORD = 64


def index_tokens(text: str) -> str:
    """Return the tokens of a text, separated by spaces, as they are put into the index. `text` is not folded yet."""
    return " ".join(_tokens(fold(text)))


def _tokens(folded: str) -> list[str]:
    tokens: list[str] = []
    end, was_han = 0, None
    for match in RUNS.finditer(folded):
        han = match[1]
        if match.start() > end and was_han is not None and was_han != bool(han):
            tokens.append(BOUNDARY)
        if han:
            tokens += [han[place : place + 2] for place in range(len(han))]
        else:
            tokens.append(match[0][:LONGEST_WORD])
        end, was_han = match.end(), bool(han)
    return tokens


@dataclass(slots=True, frozen=True)
class PhraseForms:
    """A phrase as the index is asked for it (`tokens`, the last one a prefix or not) and as text is checked for it.

    `tokens` is empty where the phrase holds no letter, digit or Han character. `pattern` works on folded text.
    `ends_in_word` tells a last word or number, which the index knows whole, from a last Han character.
    """

    tokens: tuple[str, ...]
    prefix: bool
    pattern: re.Pattern[str]
    ends_in_word: bool = False


@lru_cache(maxsize=512)
def phrase_forms(phrase: str, *, prefix: bool = False) -> PhraseForms:
    """Return the two forms of a phrase; `prefix` lets its last word go on (a last Han character always may)."""
    folded = fold(phrase)
    runs = list(RUNS.finditer(folded))
    tokens = _tokens(folded)
    if not runs:
        return PhraseForms((), prefix=False, pattern=re.compile(r"(?!)"))
    last = runs[-1][0]
    ends_in_han = bool(runs[-1][1])
    if ends_in_han and len(last) > 1:
        tokens.pop()
    by_prefix = len(last) == 1 if ends_in_han else prefix and len(last) <= LONGEST_WORD
    return PhraseForms(tuple(tokens), by_prefix, _pattern(runs, open_end=prefix or ends_in_han), not ends_in_han)


def _pattern(runs: list[re.Match[str]], *, open_end: bool) -> re.Pattern[str]:
    parts = [] if runs[0][1] else [f"(?<!{_WORD})"]
    for run, before in zip(runs, [None, *runs], strict=False):
        if before is not None and run.start() > before.end():
            parts.append(_GAP)
        parts.append(re.escape(run[0]))
    if not open_end:
        parts.append(f"(?!{_WORD})")
    return re.compile("".join(parts))
