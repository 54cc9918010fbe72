"""Datelines: who reports from where on which day (新华社北京1月4日电, 本报讯, 大众网烟台6月20日讯)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from newscrawl.text.bylines.tables import alternation, sections

_NUMBER = r"[\d\u3007零一二三四五六七八九十○廿]"
DAY = rf"(?:{_NUMBER}{{2,4}}年)?{_NUMBER}{{1,2}}月{_NUMBER}{{1,3}}日|{_NUMBER}{{1,3}}日"
_KIND = r"(?:(?:新媒体|体育|综合|图文|图表|图片|独家|特稿|特)?(?:专特?电|专?特稿)|电|快?讯|(?:综合)?消息)"
_FOLLOW = (
    r"(?=\s|\s*(?:$|[():,、;\"“]|题|记者|通讯员|实习|见习|见?特约|首席|全媒体|本报|本网|新华社|[\d]|文[/图]|图[/文]))"
)
_HEAD = r"[^\s，。！？；：:;,!?()/|\"”]"
_UNDATED = re.compile(
    rf"[\s(\[◎■□●▲△·*]*据?(?P<head>(?:{_HEAD}|、){{1,26}}?(?:\({_HEAD}{{2,14}}\))?(?:/{_HEAD}{{2,12}}?)?)(?P<kind>{_KIND}){_FOLLOW}"
)
_TWO_MEDIA = re.compile(r"\s*([^\W\d_]{3,10}) (?=\S{3,20}[讯电])")
_PLAINLY = re.compile(r"\s*(?:$|[():]|题|\S{0,6}记者|\S{0,4}通讯员|实习生)")
_CREDITED = re.compile(r"\s*\(?\S{0,8}(?:记者|通讯员|实习生|作者|[文图]/)")
_TAIWAN = re.compile(
    rf"\s*\(?(?P<head>{_HEAD}{{2,5}}?社|路透)(?:记者(?P<names>{_HEAD}{{2,20}}?))?(?P<place>[^\W\d]{{2,10}}?)(?P<day>{DAY})(?P<kind>{_KIND})"
)
_NOT_NEWS = re.compile(r".*(?:腾|通|资|简|短|音|喜|会|财)$")


@dataclass(slots=True)
class Dateline:
    """Spans in the key of the line; a span that is not there is None. `end` is where the dateline ends."""

    end: int
    agency: tuple[int, int] | None = None
    place: tuple[int, int] | None = None
    day: tuple[int, int] | None = None
    names: tuple[int, int] | None = None


@cache
def places() -> frozenset[str]:
    """Return the places of the data folder."""
    return frozenset(sections("places.txt")["places"])


@cache
def _dated() -> re.Pattern[str]:
    """The pattern of a dateline with a day; the place may also follow the day (1月4日南京讯)."""
    return re.compile(
        rf"[\s(\[◎■□●▲△·*】]*?据?(?P<head>{_HEAD}{{0,30}}?(?:[“\"][^”\"]{{1,8}}[”\"]号)?(?:\({_HEAD}{{2,14}}\))?"
        rf"(?:/{_HEAD}{{2,12}}?)?)\s?(?P<kind0>讯)?\s?(?P<day>{DAY})(?:{_NUMBER}{{1,2}}时)?\s?"
        rf"(?P<late>{alternation(sorted(places()))})?(?P<kind>{_KIND}|(?:综合|外电){{0,2}}报道(?=\s*(?:$|[):,]|\s)))"
    )


@cache
def _media() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    lists = sections("media_names.txt")
    known = sorted({*lists["known"], *lists["agency"], *lists["own"]}, key=len, reverse=True)
    suffix = alternation([word for word in lists["suffix"] + lists["suffix_generic"] if len(word) > 1] + ["报", "网"])
    return (
        re.compile(rf"(?:{alternation(lists['own'] + lists['agency'])})(?:客户端|新媒体|微博|微信)?"),
        re.compile(rf".*(?:{suffix})(?:\([^)]*\))?"),
        re.compile(alternation(known)),
    )


def _is_place(text: str) -> bool:
    if not 2 <= len(text) <= 10:
        return False
    known = places()
    return (
        text in known
        or text[:2] in known
        or text[:3] in known
        or text[-2:] in known
        or text[-1] in "市县区州镇乡村省旗港岛山"
    )


def split_head(key: str, start: int, end: int, *, dated: bool) -> Dateline:
    """Split what stands before the day or 讯 into agency and place.

    key: the line's key; start, end: span of the head; dated: whether a day follows it.
    """
    found = Dateline(end=end)
    head = key[start:end]
    own, longest, known = _media()
    first = own.match(head)
    if first is not None and first.end() < len(head) and not longest.fullmatch(head):
        found.agency, found.place = (start, start + first.end()), (start + first.end(), end)
        return found
    if head in places() and dated:
        found.place = (start, end)
        return found
    edition = re.fullmatch(r"(.{2,8}?网)(.{2,4})新闻", head)
    if edition is not None and edition[2] in places():
        found.agency, found.place = (start, start + edition.end(1)), (start + edition.start(2), start + edition.end(2))
        return found
    cut = _agency_end(head, longest, known)
    if cut < len(head) and re.fullmatch(r".{1,4}版", head[cut:]):
        found.agency = (start, start + cut)
        return found
    if cut < len(head) and (head[cut] in "·-/、" or head.endswith(("站", "频道", "分社"))):
        cut = len(head)  # a part of the medium, no place
    found.agency = (start, start + cut)
    if cut < len(head):
        found.place = (start + cut, end)
    return found


def _agency_end(head: str, longest: re.Pattern[str], known: re.Pattern[str]) -> int:
    """Where the name of the medium ends in a head; the head's length where all of it is the medium."""
    match = longest.match(head)
    cut = match.end() if match is not None else 0
    if head[cut:] in ("", ")"):
        return len(head)
    if cut:
        return cut
    for size in range(min(len(head) - 2, 8), 1, -1):
        if head[-size:] in places():
            return len(head) - size
    begun = known.match(head)
    if begun is not None and _is_place(head[begun.end() :]):
        return begun.end()
    return len(head)


def read_dateline(key: str) -> Dateline | None:
    """Read the dateline at the beginning of a line.

    key: the line's key. Returns its parts, or None where the line begins otherwise.
    """
    found = _read(key)
    led = None if found is not None else _TWO_MEDIA.match(key)
    if led is None or not _media()[1].fullmatch(led[1]):
        return found
    second = _read(key[led.end() :])
    if second is None or second.agency is None or not _media()[1].fullmatch(key, *_shifted(second.agency, led.end())):
        return None
    spans = (second.agency, second.place, second.day, second.names)
    agency, place, day, names = (span if span is None else _shifted(span, led.end()) for span in spans)
    return Dateline(second.end + led.end(), (led.start(1), agency[1]) if agency else None, place, day, names)


def _shifted(span: tuple[int, int], by: int) -> tuple[int, int]:
    return span[0] + by, span[1] + by


def _read(key: str) -> Dateline | None:
    """Read a dateline whose head has no space in it."""
    window = key[:90]
    match = _TAIWAN.match(window)
    if match is not None and match["names"]:
        found = Dateline(match.end(), match.span("head"), None, match.span("day"))
        _split_names_and_place(window, match, found)
        return found
    match = _dated().match(window)
    reported = match is not None and match["kind"] == "报道" and key.lstrip(" (").startswith("据")
    if match is not None and match["head"] and "记者" not in match["head"] and not reported:
        found = split_head(key, *match.span("head"), dated=True)
        if match["kind0"]:
            found = split_head(key, *match.span("head"), dated=False)
        found.day = match.span("day")
        if match["late"]:
            found.place = match.span("late")
        found.end = match.end()
        return found
    match = _UNDATED.match(window)
    if match is None or "记者" in match["head"]:
        return None
    kind, head = match["kind"], match["head"]
    if kind.endswith("消息") and (key.startswith("据") or not _media()[1].fullmatch(head)):
        return None
    if kind == "快讯" and not (_CREDITED.match(window, match.end()) or _media()[1].fullmatch(head)):
        return None
    if kind == "讯" and _NOT_NEWS.fullmatch(head) and not _CREDITED.match(window, match.end()):
        return None
    spaced = window[match.end() :].startswith(" ") and not _PLAINLY.match(window, match.end())
    if spaced and not (_media()[0].fullmatch(head) or _media()[1].fullmatch(head) or _media()[2].fullmatch(head)):
        return None
    if kind == "电" and not (_media()[2].match(head) or _media()[1].match(head)):
        return None
    found = split_head(key, *match.span("head"), dated=kind == "电")
    found.end = match.end()
    return found


def _split_names_and_place(key: str, match: re.Match[str], found: Dateline) -> None:
    """In 中央社记者王小明台北17日电 the place is the longest known one before the day."""
    start, end = match.start("names"), match.end("place")
    for size in range(min(8, end - start - 2), 1, -1):
        if key[end - size : end] in places():
            found.names, found.place = (start, end - size), (end - size, end)
            return
    found.names = (start, end)
