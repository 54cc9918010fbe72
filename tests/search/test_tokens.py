from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.search.tokens import LONGEST_WORD, index_tokens, phrase_forms
from newscrawl.text.folding import fold

#: Few characters, so that phrases and texts meet often: Han (one traditional), letters, digits, separators.
alphabet = st.text("北京市東a5é，· \n\u200b", max_size=14)
DERANDOMIZED = settings(derandomize=True, deadline=None, max_examples=150)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("北京市民", "北京 京市 市民 民"),
        ("北京，京市", "北京 京 京市 市"),
        ("5G基站", "5g 基站 站"),
        ("基站，5G", "基站 站 · 5g"),
        ("COVID-19 在2026年", "covid 19 · 在 2026 年"),
        ("東 京", "东 京"),
        ("한국 カナ", "한국 국 カナ ナ"),
        ("，。!\n", ""),
        ("a" * 200, "a" * LONGEST_WORD),
        ("\x00 \ud800 §·", ""),
    ],
)
def test_tokens(text: str, tokens: str) -> None:
    assert index_tokens(text) == tokens


def found_by_tokens(phrase: str, text: str, *, prefix: bool) -> bool:
    """What FTS5 does with a phrase: its tokens in a row, the last one whole or a beginning."""
    forms = phrase_forms(phrase, prefix=prefix)
    wanted = " " + " ".join(forms.tokens) + ("" if forms.prefix else " ")
    return wanted in f" {index_tokens(text)} "


@DERANDOMIZED
@given(alphabet, alphabet, st.booleans())
def test_index_and_pattern_find_the_same(phrase: str, text: str, prefix: bool) -> None:
    forms = phrase_forms(phrase, prefix=prefix)
    if forms.tokens:
        assert found_by_tokens(phrase, text, prefix=prefix) == bool(forms.pattern.search(fold(text)))


@DERANDOMIZED
@given(st.text("北京市民東西南", min_size=1, max_size=20), alphabet, st.data())
def test_every_han_substring_is_found(run: str, around: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(run) - 1))
    end = data.draw(st.integers(start + 1, len(run)))
    assert found_by_tokens(run[start:end], around + run + around, prefix=False)


@DERANDOMIZED
@given(st.text("北京市民東", min_size=1, max_size=6), st.text("北京市民東，5a", max_size=20))
def test_han_phrase_is_found_only_where_it_stands(phrase: str, text: str) -> None:
    assert found_by_tokens(phrase, text, prefix=False) == (fold(phrase) in fold(text))


@pytest.mark.parametrize(
    ("phrase", "text", "stands"),
    [
        ("阿依·古丽", "阿依 古丽来了", True),
        ("阿依·古丽", "阿依古丽来了", False),
        ("9月23日", "2026年9月23日", True),
        ("9月23日", "19月23日", False),
        ("cov", "covid", False),
        ("基站5G", "基站，5G", False),
        ("A股", "中国A股大涨", True),
    ],
)
def test_phrases_with_words(phrase: str, text: str, *, stands: bool) -> None:
    assert found_by_tokens(phrase, text, prefix=False) is stands
    assert bool(phrase_forms(phrase).pattern.search(fold(text))) is stands


def test_long_words_are_found_by_their_beginning_and_checked_whole() -> None:
    long = "x" * 300
    assert found_by_tokens(long, f"a {long} b", prefix=False)
    assert not phrase_forms(long).pattern.search("x" * 299)
