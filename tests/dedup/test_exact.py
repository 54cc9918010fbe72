from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.dedup import content_hash
from newscrawl.dedup.normalise import letters
from newscrawl.text.folding import is_plain
from tests.dedup.samples import text

BODY = text(1)


@pytest.mark.parametrize(
    "other",
    [
        BODY.replace("\n", "\n\n　　"),
        BODY.replace("。", "．"),
        BODY.replace("县", "縣").replace("镇", "鎮").replace("东", "東"),
        "\ufeff" + BODY + "\u200b",
    ],
)
def test_script_width_and_layout_do_not_count(other: str) -> None:
    assert content_hash("甲", other) == content_hash("乙", BODY)


def test_one_character_counts() -> None:
    assert content_hash("甲", BODY[:-2] + "否。") != content_hash("甲", BODY)


@pytest.mark.parametrize("body", ["", "多云。", "今天晴，东风三级。"])
def test_a_short_body_counts_with_its_title(body: str) -> None:
    assert content_hash("青禾天气", body) != content_hash("兰河天气", body)
    assert content_hash("青禾天气", body) == content_hash("青禾天氣", body)


@pytest.mark.parametrize("nothing", ["", " \n", "……", "\u200b"])
def test_no_text_has_no_hash(nothing: str) -> None:
    assert content_hash(nothing, nothing) == ""


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_has_a_hash_or_none(title: str, body: str) -> None:
    assert len(content_hash(title, body)) in {0, 40}


def test_plain_characters_count_as_they_do_beside_unusual_ones() -> None:
    plain = "".join(character for character in map(chr, range(0x11000)) if is_plain(character))
    assert letters(plain) == letters(f"{plain}\u9ad4")[:-1]
