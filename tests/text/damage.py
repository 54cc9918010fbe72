"""A simulator of what scraper mirrors do to simplified text; it makes damage and undoes none.

`mirror` is the byte-level machine of the pinyin mirrors: characters turned traditional one by one (some stay), then
on GBK bytes a reading behind each annotated character and folded punctuation, matched wherever the bytes occur, then
a lenient decoding. `convert_script`, `scatter_readings` and `double_commas` are the other families.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import opencc

if TYPE_CHECKING:
    import random

#: The order in which mirrors annotate: a site annotates a prefix of it.
ANNOTATION_ORDER = (
    "發協區統業衛規戰優內創環農現調產經權穩網續聯質礎關設領構學據節預務風數當責"
    "強團時報認結點實機擔標準濟獻補進堅計運達習擴導項轉驅號國術會動對個細語無識過來應"
)
READINGS = {
    "發": "fā", "協": "xié", "區": "qū", "統": "tǒng", "業": "yè", "衛": "wèi", "規": "guī", "戰": "zhàn",
    "優": "yōu", "內": "nèi", "創": "chuàng", "環": "huán", "農": "nóng", "現": "xiàn", "調": "diào", "產": "chǎn",
    "經": "jīng", "權": "quán", "穩": "wěn", "網": "wǎng", "續": "xù", "聯": "lián", "質": "zhì", "礎": "chǔ",
    "關": "guān", "設": "shè", "領": "lǐng", "構": "gòu", "學": "xué", "據": "jù", "節": "jié", "預": "yù",
    "務": "wù", "風": "fēng", "數": "shù", "當": "dāng", "責": "zé", "強": "qiáng",
    "團": "tuán", "時": "shí", "報": "bào",
    "認": "rèn", "結": "jié", "點": "diǎn", "實": "shí", "機": "jī", "擔": "dān", "標": "biāo", "準": "zhǔn",
    "濟": "jì", "獻": "xiàn", "補": "bǔ", "進": "jìn", "堅": "jiān", "計": "jì", "運": "yùn", "達": "dá",
    "習": "xí", "擴": "kuò", "導": "dǎo", "項": "xiàng", "轉": "zhuǎn", "驅": "qū", "號": "hào", "國": "guó",
    "術": "shù", "會": "huì", "動": "dòng", "對": "duì", "個": "gè", "細": "xì", "語": "yǔ", "無": "wú",
    "識": "shí", "過": "guò", "來": "lái", "應": "yīng",
}  # fmt: skip
RETAINED = frozenset(
    "丑么了于云仆仑伙余借克冬凶出刮制千升占卷只吁吃后向周咨咸哄回困姜家局岳峰布干并幸征御志恒愿扎折斗曲朱杰松栗欲注涂涌"
    "淀游烟熏症秀秋筑系累群胡致舍范蒙蔑表谷辟郁采里霉面"
)
_PUNCTUATION = "，：；？！（）"
_FOLD = str.maketrans(_PUNCTUATION, ",:;?!()")
_EATEN = b"\x1f"


@dataclass(slots=True)
class Machine:
    """One mirror site: how many characters it annotates, and how its byte-level edits come out.

    punctuation: "kept" (folded after decoding, a stray byte before it is eaten), "half" (replaced by the ASCII byte)
    or "none". eats: an invalid trail byte vanishes with its lead byte.
    """

    annotated: int = 31
    punctuation: str = "kept"
    eats: bool = True
    retained: frozenset[str] = field(default=RETAINED)


@lru_cache(maxsize=4)
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


@lru_cache(maxsize=32768)
def _traditional(character: str) -> str:
    turned = str(_converter("s2tw").convert(character))
    return {"著": "著", "台": "臺"}.get(character, "著" if character == "着" else turned)


def convert_script(text: str, *, retained: frozenset[str] = RETAINED) -> str:
    """Turn simplified text traditional character by character, as a mirror's table does."""
    return "".join(
        character if character in retained or character < "\u3400" else _traditional(character) for character in text
    )


def mirror(text: str, machine: Machine) -> str:
    """Return what a pinyin mirror makes of a simplified text."""
    data = convert_script(text, retained=machine.retained).encode("gbk", "replace")
    if machine.punctuation != "none":
        for mark in _PUNCTUATION:
            code = mark.encode("gbk")
            half = mark.translate(_FOLD).encode()
            data = data.replace(code, half if machine.punctuation == "half" else _EATEN + code)
    for character in ANNOTATION_ORDER[: machine.annotated]:
        code = character.encode("gbk")
        data = data.replace(code, code + b"(" + READINGS[character].encode("gbk") + b")")
    decoded = decode_leniently(data, eats=machine.eats)
    return decoded.replace(_EATEN.decode(), "").translate(_FOLD)


def decode_leniently(data: bytes, *, eats: bool = True) -> str:
    """Decode GBK: a lead byte without a trail byte gives "?", what GBK does not define vanishes."""
    out: list[str] = []
    place = 0
    while place < len(data):
        byte = data[place]
        if byte < 0x80:
            out.append(chr(byte))
            place += 1
        elif byte == 0x80 or byte == 0xFF:
            out.append("€" if byte == 0x80 else "")
            place += 1
        elif place + 1 < len(data) and data[place + 1] >= 0x40 and data[place + 1] != 0x7F:
            out.append(data[place : place + 2].decode("gbk", "ignore"))
            place += 2
        else:
            out.append("?")
            place += 2 if eats else 1
    return "".join(out)


def double_commas(text: str, generator: random.Random, *, rate: float = 0.7) -> str:
    """Put a comma before most marks of punctuation, as some mirrors do."""
    return "".join(
        "," + character if character in ",、。;:?!" and generator.random() < rate else character for character in text
    )


def scatter_readings(
    text: str, readings: dict[str, str], generator: random.Random, rate: float, *, shape: str = "{}({})"
) -> str:
    """Put readings behind characters at random places (or of a table, when `rate` is 1), in a mirror's shape."""
    return "".join(
        shape.format(character, readings[character])
        if character in readings and generator.random() < rate
        else character
        for character in text
    )
