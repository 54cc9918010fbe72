from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.text.folding import fold, fold_with_offsets, folding_version, is_plain

any_text = st.text(st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("\uff21\uff22\uff43\uff11", "abc1"),
        ("孫步乾", "孙步干"),
        ("臺灣後來發展", "台湾后来发展"),
        ("Café Ñandú", "cafe nandu"),
        ("①㎡ﬁ", "1m2fi"),
        ("北\u200b京\ufeff", "北京"),
        ("葛\U000e0100城", "葛城"),
        ("ｶﾅ 한글", "カナ 한글"),
        ("Straße", "strasse"),
        ("第一行\n第二行", "第一行\n第二行"),
        ("", ""),
    ],
)
def test_folds(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_folding_every_code_point_twice_changes_nothing() -> None:
    # Planes beyond the third hold tags and private use alone.
    text = "".join(map(chr, range(0x33480)))
    assert fold(fold(text)) == fold(text)


def test_plain_characters_fold_as_they_do_beside_unusual_ones() -> None:
    plain = [character for character in map(chr, range(0x11000)) if is_plain(character)]
    assert len(plain) > 17_000
    for character in plain:
        assert fold(character) == fold(f"{character}\u9ad4")[:-1]


@settings(derandomize=True, deadline=None, max_examples=150)
@given(any_text)
def test_offsets_lead_back_to_the_characters(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    assert folded == fold(text)
    places = offsets if offsets is not None else range(len(text) + 1)
    assert len(places) == len(folded) + 1
    for place, character in enumerate(folded):
        assert character in fold(text[places[place]])


@pytest.mark.parametrize("text", ["\ud800", "a\x00b", "\U0010ffff", "é" * 10_000])
def test_any_str_is_accepted(text: str) -> None:
    assert fold(text) == fold(fold(text))


def test_composed_and_decomposed_are_one() -> None:
    text = "Ürümqi é ñ"
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


def test_version_names_table_and_unicode() -> None:
    assert folding_version().endswith(unicodedata.unidata_version)
