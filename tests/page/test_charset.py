from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.page.charset import decode, meta_charset, normalise_label

CHINESE = "三河镇的油菜花开了，游客挤满了田埂，这是今年的第一场花节。"
TRADITIONAL = "三河鎮的油菜花開了，遊客擠滿了田埂，這是今年的第一場花節。"


@pytest.mark.parametrize(
    ("data", "declared", "text", "encoding"),
    [
        (CHINESE.encode("utf-8"), None, CHINESE, "utf-8"),
        (b"\xef\xbb\xbf" + CHINESE.encode("utf-8"), "gbk", CHINESE, "utf-8"),
        (b"\xff\xfe" + CHINESE.encode("utf-16-le"), None, CHINESE, "utf-16-le"),
        (CHINESE.encode("gb18030"), "gb2312", CHINESE, "gb18030"),
        (b"<meta charset=gb2312>" + CHINESE.encode("gb18030"), None, "<meta charset=gb2312>" + CHINESE, "gb18030"),
        (b"<meta charset=gb2312>" + CHINESE.encode("utf-8"), None, "<meta charset=gb2312>" + CHINESE, "utf-8"),
        (CHINESE.encode("gb18030"), "utf-8", CHINESE, "gb18030"),
        (CHINESE.encode("gb18030"), None, CHINESE, "gb18030"),
        (CHINESE.encode("gb18030"), "iso-8859-1", CHINESE, "gb18030"),
        (TRADITIONAL.encode("big5"), None, TRADITIONAL, "big5hkscs"),
        (TRADITIONAL.encode("big5"), "big5", TRADITIONAL, "big5hkscs"),
        (
            f"<html><body><p>{CHINESE}</p></body></html>".encode("utf-16-le"),
            None,
            f"<html><body><p>{CHINESE}</p></body></html>",
            "utf-16-le",
        ),
        (CHINESE.encode("gb18030"), "no-such-charset", CHINESE, "gb18030"),
        ("㐀𠮷的镇".encode("gb18030"), "gbk", "㐀𠮷的镇", "gb18030"),
    ],
)
def test_decode(data: bytes, declared: str | None, text: str, encoding: str) -> None:
    decoded = decode(data, declared)
    assert (decoded.text, decoded.encoding) == (text, encoding)


@pytest.mark.parametrize("cut", [1, 2])
def test_utf8_cut_in_a_character_stays_utf8(cut: int) -> None:
    decoded = decode((CHINESE * 20).encode()[:-cut])
    assert decoded.encoding == "utf-8"
    assert decoded.text.startswith(CHINESE)


def test_utf8_with_broken_bytes_stays_utf8() -> None:
    data = b"<meta charset=utf-8>" + (CHINESE.encode() + b"\xff") * 5
    assert decode(data).text.count(CHINESE) == 5


@pytest.mark.parametrize(
    "label", ["idna", "zlib", "hex", "rot13", "punycode", "unicode_escape", "", "\u0130", "utf-8\0"]
)
def test_labels_that_are_no_charset(label: str) -> None:
    assert normalise_label(label) in {"", "utf-8"}
    assert decode(CHINESE.encode("gb18030"), label).text == CHINESE


def test_meta_charset_is_found_in_old_and_new_form() -> None:
    assert meta_charset(b'<meta http-equiv=Content-Type content="text/html; charset=GB2312">') == "GB2312"
    assert meta_charset(b"<p>charset=utf-8</p>") is None


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.binary(max_size=400), st.sampled_from([None, "gb2312", "utf-8", "big5", "utf-16", "x", "euc-jp", "hz"]))
def test_any_bytes_become_text(data: bytes, declared: str | None) -> None:
    decoded = decode(data, declared)
    decoded.text.encode("utf-8")
