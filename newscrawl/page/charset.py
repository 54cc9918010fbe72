"""Bytes of a page to text: byte order mark, HTTP header, meta declaration, and what the bytes themselves say."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

#: How much of a page is searched for a declaration; the standard asks for 1,024 bytes, real pages put scripts first.
DECLARATION_WINDOW = 8192
#: Bytes looked at where nothing is declared and the page is no UTF-8.
SAMPLE = 65536
#: Characters outside ASCII that are enough to judge a declared encoding by.
ENOUGH = 600
#: Characters that are looked at together for being ASCII.
_STRETCH = 512
#: Share of the commonest characters, less three times that of impossible ones, that ends the guessing.
CERTAIN = 0.12

_DECLARED = re.compile(
    rb"""(?:<meta[^>]{0,200}?charset|<\?xml[^>]{0,100}?encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
#: Labels widened to the superset that browsers use for them (WHATWG Encoding Standard; gbk there is gb18030's decoder).
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "chinese": "gb18030",
    "hz-gb-2312": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "utf8": "utf-8",
    "unicode": "utf-8",
}
_NO_CHARSETS = frozenset(("idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7", "mbcs", "oem"))
_SURROGATE = re.compile("[\ud800-\udfff]")
_IDEOGRAPH = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]+")
_TEXT_BYTES = re.compile(rb"[\x80-\xff][^<>\n]{0,400}")
_LETTERS = re.compile("[A-Za-z]")
_DOUBTFUL = re.compile("[\ufffd\ue000-\uf8ff\x80-\x9f]")
#: The commonest characters of Chinese text in both scripts; they tell GB18030 from Big5, which decode each other.
_COMMON = re.compile(
    "[的一是在不了有和人這这中大為为上個个國国我以要他時时來来用們们生到作地於于出就分對对成會会可主發发年，。、]"
)


@dataclass(slots=True, frozen=True)
class Decoded:
    """The text of a page, its encoding, and where that came from ("bom", "header", "meta", "content", "text")."""

    text: str
    encoding: str
    origin: str
    valid_utf8: bool = False


def decode(html: bytes | str, declared: str | None = None) -> Decoded:
    """Turn a page into text.

    html: the body of the response; text is passed on, with lone surrogates replaced.
    declared: the charset of the Content-Type header, where there was one.
    Returns the text; undecodable bytes become U+FFFD. Never raises. A declaration that the bytes contradict is not
    followed: UTF-8 wins wherever the bytes are valid UTF-8 with characters outside ASCII.
    """
    if isinstance(html, str):
        return Decoded(_SURROGATE.sub("\ufffd", html), "unicode", "text")
    for bom, name in _BOMS:
        if html.startswith(bom):
            return Decoded(html[len(bom) :].decode(name, "replace"), name, "bom")
    try:
        return Decoded(html.decode("utf-8"), "utf-8", "content", valid_utf8=True)
    except UnicodeDecodeError as error:
        valid_until = error.start
    wishes = [(normalise_label(declared), "header"), (normalise_label(meta_charset(html)), "meta")]
    labels = [(name, origin) for name, origin in wishes if name and not name.startswith("utf-16")]
    if any(name == "utf-8" for name, _ in labels) and _is_mostly_utf8(html, valid_until):
        return Decoded(_decode(html, "utf-8"), "utf-8", "content")
    for name, origin in labels:
        text = _decode(html, name)
        if name != "utf-8" and _is_plausible(text, name):
            return Decoded(text, name, origin)
    return _guess(html)


def meta_charset(html: bytes) -> str | None:
    """Return the charset that a page declares in its head, None where it declares none."""
    match = _DECLARED.search(html[:DECLARATION_WINDOW])
    return match.group(1).decode("ascii", "replace") if match else None


def normalise_label(label: str | None) -> str:
    """Return Python's name of the superset for a charset label, "" for an unknown or missing one."""
    name = (label or "").strip().strip("'\"").lower()
    name = _WIDER.get(name, name)
    try:
        name = codecs.lookup(name).name if name else ""
    except (LookupError, ValueError):
        return ""
    return name if name.isascii() and _is_text_codec(name) else ""


def _is_text_codec(name: str) -> bool:
    try:
        return isinstance(b"a".decode(name, "replace"), str) and name not in _NO_CHARSETS
    except (LookupError, UnicodeError, ValueError):
        return False


def _decode(html: bytes, name: str) -> str:
    try:
        return html.decode(name, "replace")
    except (LookupError, UnicodeError, ValueError):
        return html.decode("utf-8", "replace")


def _is_mostly_utf8(html: bytes, valid_until: int) -> bool:
    """Tell a UTF-8 page with a few broken bytes (a cut in the middle of a character) from one of another encoding."""
    if valid_until >= len(html) - 4:
        return True
    text = html[:SAMPLE].decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return wrong * 20 < beyond_ascii


def _is_plausible(text: str, name: str) -> bool:
    """Tell whether a declared encoding gives text: few impossible characters, and common ones where it is Chinese.

    Latin-1 is what servers declare when nobody told them; it is believed where no Chinese encoding fits.
    """
    sample = _beyond_ascii(text)
    if not sample:
        return True
    if len(_DOUBTFUL.findall(sample)) >= 0.02 * len(sample):
        return False
    if name == "cp1252":
        return len(sample) < 0.3 * len(_LETTERS.findall(text[:SAMPLE]))
    ideographs = len(_IDEOGRAPH.findall(sample))
    return ideographs < 12 or len(_COMMON.findall(sample)) > 0.04 * ideographs


def _beyond_ascii(text: str) -> str:
    """Return the first characters of a page that are not ASCII; where there are many, they tell enough."""
    found: list[str] = []
    size = position = 0
    while size <= ENOUGH and position < len(text):
        stretch = text[position : position + _STRETCH]
        position += _STRETCH
        if not stretch.isascii():  # ten times as fast as the search
            found.append("".join(_BEYOND_ASCII.findall(stretch)))
            size += len(found[-1])
    return "".join(found)


def _guess(html: bytes) -> Decoded:
    """Choose between what Chinese pages are written in by how much of it reads as common Chinese."""
    sample = _text_bytes(html)
    best, most = "utf-8", -1.0
    for name in ("gb18030", "utf-8", "big5hkscs", *_utf16_guess(html[:SAMPLE])):
        text = (sample if not name.startswith("utf-16") else html[:SAMPLE]).decode(name, "replace")
        score = (len(_COMMON.findall(text)) - 3.0 * len(_DOUBTFUL.findall(text))) / (len(text) + 1)
        if score > most:
            best, most = name, score
        if score > CERTAIN:
            break
    return Decoded(html.decode(best, "replace"), best, "content")


def _text_bytes(html: bytes) -> bytes:
    """Return the first stretches of a page with bytes beyond ASCII: its text, without most of the markup.

    Second bytes of the Chinese encodings are never < or >, so that no character is cut.
    """
    found: list[bytes] = []
    size = 0
    for match in _TEXT_BYTES.finditer(html):
        found.append(match.group())
        size += len(found[-1])
        if size > SAMPLE // 32:
            break
    return b"\n".join(found)


def _utf16_guess(sample: bytes) -> tuple[str, ...]:
    zeros = sample.count(0)
    if zeros * 5 < len(sample):
        return ()
    return ("utf-16-le",) if sample[1::2].count(0) >= sample[::2].count(0) else ("utf-16-be",)
