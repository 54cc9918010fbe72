from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.search.snippets import cut, find_places, mark
from newscrawl.search.tokens import phrase_forms


def patterns(*phrases: str) -> list[object]:
    return [phrase_forms(phrase).pattern for phrase in phrases]


@pytest.mark.parametrize(
    ("text", "phrases", "marked"),
    [
        ("新疆棉花丰收", ["棉花"], "新疆[棉花]丰收"),
        ("經濟發展", ["经济"], "[經濟]發展"),
        ("北\u200b京市", ["北京"], "[北\u200b京]市"),
        ("㎡价格", ["价格"], "㎡[价格]"),
        ("面积5㎡价格", ["5m2"], "面积[5㎡]价格"),
        ("棉花花生", ["棉花", "花花"], "[棉花花]生"),
        ("棉花棉花", ["棉花"], "[棉花][棉花]"),
        ("<b>棉花</b>", ["b"], "<[b]>棉花</[b]>"),
        ("无", ["棉花"], "无"),
    ],
)
def test_marks(text: str, phrases: list[str], marked: str) -> None:
    assert mark(text, patterns(*phrases)).marked() == marked  # type: ignore[arg-type]


def test_piece_holds_the_most_places() -> None:
    text = "开头棉花。" + "无关的话，" * 100 + "棉花收购，棉花价格，棉花。" + "后话，" * 100
    snippet = cut(text, patterns("棉花"), length=60)  # type: ignore[arg-type]
    assert len(snippet.marks) == 3
    assert len(snippet.text) <= 62
    assert snippet.text.startswith("…")
    assert snippet.text.endswith("…")


def test_piece_begins_at_a_sentence() -> None:
    text = "第一句在这里。" * 30 + "关键的一句棉花在此。" + "后面。" * 60
    assert cut(text, patterns("棉花"), length=80).text.startswith("…第一句")  # type: ignore[arg-type]


def test_without_places_the_beginning_is_shown() -> None:
    assert cut("开头" * 100, [], length=10).text == "开头" * 5 + "…"
    assert cut("短", [], length=10).text == "短"


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.text("棉花 ，\n\u200b㎡a", max_size=80), st.text("棉花a", min_size=1, max_size=3), st.integers(1, 40))
def test_marks_lie_in_the_piece(text: str, phrase: str, length: int) -> None:
    pattern = phrase_forms(phrase).pattern
    snippet = cut(text, [pattern], length=length)
    assert "".join(piece for piece, _ in snippet.pieces()) == snippet.text
    end = 0
    for start, stop in snippet.marks:
        assert end <= start < stop <= len(snippet.text)
        end = stop
    assert bool(snippet.marks) == bool(find_places(text, [pattern]))
