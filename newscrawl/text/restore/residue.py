"""What mirrors leave besides script and readings: keyword lines, glued domains, destroyed spaces and dots, 壹 for 一.

All of it is looked for only in a text that a mirror damaged; in healthy text each may be what its author wrote.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.text.restore.characters import HANZI_CLASS
from newscrawl.text.restore.language import language_model
from newscrawl.text.restore.script import simplify_roughly

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Words of the keyword lines that spam puts before and after a page.
_KEYWORD = re.compile(
    "亚洲|欧美|国产|日韩|日本|精品|在线|视频|[一二三四]区|久久|人妻|少妇|熟女|无码|成人|免费|观看|高潮|麻豆|波多野|"
    "丰满|爆乳|午夜|毛片|黄色|中文字幕|激情|诱惑|偷拍|自拍|超碰|喷水|伦|色|(?<![a-z])[aA][vV]|91|99"
)
_LINES_TRIED = 3
_DESTROYED_SPACE = re.compile(rf"(?:(?<=[\s。])|^)\?{{2,8}}(?=[{HANZI_CLASS}0-9])", re.MULTILINE)
_SOUNDS = (
    "各约翰亨阿埃艾安奥巴贝比伯博布查达戴丹德迪蒂杜多恩尔菲弗夫费福盖格戈古哈海赫霍基吉加杰卡凯科克肯库拉莱兰劳勒雷里利丽莉林琳"
    "卢鲁路伦罗洛马玛迈曼梅门蒙米莫默姆穆纳娜内尼娅妮涅诺帕佩皮普奇乔切琼萨塞桑瑟森沙莎舍什史斯苏索塔泰坦汤特提廷托瓦韦"
    "维威温沃乌西希锡谢辛休雅亚耶伊尤约扎泽詹珍兹佐朱茨"
)
_DESTROYED_DOT = re.compile(rf"(?<=[{_SOUNDS}]{{2}})\?(?=[{_SOUNDS}]{{2}})")
_LONE_MARK = re.compile(rf"(?<=[{HANZI_CLASS}]{{2}})\?(?=[{HANZI_CLASS}]{{2}})")
_FINANCIAL = re.compile(
    "壹(?=[個个些直定起樣样般切旦種种位名次年天條条座方面])|(?<=第)[壹贰貳叁叄]|[叁叄](?=[個个年月天次位名家種种])"
)
_PLAIN = {"壹": "一", "贰": "二", "貳": "二", "叁": "三", "叄": "三"}
_DOMAIN = re.compile(
    rf"(?<=[{HANZI_CLASS}]{{2}})(?:https?://)?(?:[a-z0-9-]{{1,30}}\.){{1,3}}(?:com|cn|net|org|top|xyz|cc|vip|info)/?"
    rf"(?=[{HANZI_CLASS}]{{2}})"
)
_DOMAIN_END = re.compile(r"\.(?:com|cn|net|org|top|xyz|cc|vip|info)")
_ADDRESS = re.compile(
    rf"(?:https?://|www\.)[!-~]*[A-Za-z0-9/=_#-](?:[{HANZI_CLASS}]{{1,20}}[?=&/.%_-][!-~]*[A-Za-z0-9/=_#-])*"
)
_ASKS_FOR_ADDRESS = re.compile("(?:登[录陆]|访问|[网站地]址|网站|浏览|查看|关注|点击|邮箱|搜索|域名|平台|主页|网)$")
_LEAST_JOIN = 0.05


def keyword_lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of spam's keyword lines at the head and the tail of a text, with the line breaks beside them."""
    start = 0
    for _ in range(_LINES_TRIED):
        end = text.find("\n", start)
        if end < 0 or not _is_keywords(text[start:end]):
            break
        while end < len(text) and text[end] == "\n":
            end += 1
        yield start, end
        start = end
    last = len(text)
    for _ in range(_LINES_TRIED):
        begin = text.rfind("\n", start, last)
        if begin < 0 or not _is_keywords(text[begin + 1 : last]):
            break
        while begin > start and text[begin - 1] == "\n":
            begin -= 1
        yield begin, last
        last = begin


def _is_keywords(line: str) -> bool:
    """Tell whether a line is made of spam's keywords: many of them, covering much of it, and no sentence."""
    if not 10 <= len(line) <= 2000 or "。" in line:
        return False
    words = _KEYWORD.findall(simplify_roughly(line))
    return len(set(words)) >= 4 and 3 * sum(map(len, words)) >= len(line)


def destroyed(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield what stands for destroyed spaces and name dots: start, end, replacement, rule."""
    for match in _DESTROYED_SPACE.finditer(text):
        yield *match.span(), " " * len(match.group()), "destroyed-space"
    if "?" in text:
        for match in _LONE_MARK.finditer(text):
            start = match.start() - 2
            if _DESTROYED_DOT.search(simplify_roughly(text[start : start + 5])):
                yield *match.span(), "·", "destroyed-dot"


def financial_numerals(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield the numerals 壹, 貳 and 叁 (of cheques and seals) where common words have 一, 二 and 三."""
    for match in _FINANCIAL.finditer(text):
        yield *match.span(), _PLAIN[match.group()], "numeral"


def glued_domains(text: str) -> Iterator[tuple[int, int]]:
    """Yield the domains that stand within a word: what is left and right of them belongs together."""
    if _DOMAIN_END.search(text) is None:
        return
    for match in _DOMAIN.finditer(text):
        start, end = match.span()
        left = simplify_roughly(text[max(0, start - 4) : start])
        right = simplify_roughly(text[end])
        if _ASKS_FOR_ADDRESS.search(left):
            continue
        if language_model().probability(left[-2:], right) >= _LEAST_JOIN:
            yield start, end


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of web addresses, Chinese path segments included; nothing in them may change."""
    if "://" in text or "www." in text:
        for match in _ADDRESS.finditer(text):
            yield match.span()
