"""Chunks of a credit line: what stands between separators, read as names, media, places or running text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from newscrawl.text.bylines import names as lattice
from newscrawl.text.bylines.dateline import DAY, places
from newscrawl.text.bylines.words import is_media, words

if TYPE_CHECKING:
    from newscrawl.text.bylines.line import Line

Span = tuple[int, int]
ChunkKind = Literal["names", "medium", "report", "nothing", "text"]

#: What a chunk is stripped of at its ends.
EDGE = " \"“”‘’'《》〈〉「」*·-_#~.…◎■□▲△◆★●↑↓→▼&"
CHUNK = re.compile(r"[^\s、,;/|&:]+")
_LONGEST_CHUNK = 60
_CODE = re.compile(r"(?<=[\u3400-\u9fff])[_-]?(?:[A-Za-z]{0,10}[_-]?\d{1,8}|_[A-Za-z0-9]{2,16}|[A-Z]{2,6})$")
_CODE_ALONE = re.compile(r"[A-Z]{0,6}\d{2,9}|[A-Z]{2,6}[_-]?\d{1,9}")
_REPORT = re.compile(
    r"(?P<before>.{0,24}?)(?:综合外电|综合|专题|独家|现场|采访|深度|编译|整理|连线|直击|特稿|特别|联合|摄影){0,3}(?:报道|讯)"
)
_TITLED = re.compile(
    r"[\u3400-\u9fff]{5,40}(?:教授|研究员|主任|院长|所长|处长|局长|书记|校长|会长|秘书长|博士|律师|学者|专家|评论员)"
)
_DAY_ENDS = re.compile(rf"(?:{DAY})$")
_ORGANISATION = re.compile(
    r".*(?:[局委办处院部队所厂馆科室组会司署厅校]|公司|大学|中心|集团|社区|街道|支部|政府|学院|医院)"
)


@dataclass(slots=True)
class Chunk:
    """One chunk: its span in the key and what it is; `sure` names have a Chinese surname or stand in Latin letters."""

    kind: ChunkKind
    start: int
    end: int
    people: list[str] = field(default_factory=list)
    sure: bool = True
    place: Span | None = None
    medium: Span | None = None
    day: Span | None = None


def read_chunks(line: Line, start: int, stop: int) -> list[Chunk]:
    """Read key[start:stop] chunk by chunk; a name that is spread out (王 明, Demi Xia) becomes one chunk."""
    key = line.key
    found: list[Chunk] = []
    single: Span | None = None
    for match in CHUNK.finditer(key, start, stop):
        begin, end = _stripped(key, *match.span())
        if begin >= end:
            continue
        if single is not None and _completes(key, single, begin, end):
            found.append(Chunk("names", single[0], end, [line.original(*single) + line.original(begin, end)]))
            single = None
            continue
        if single is not None:
            found.append(Chunk("text", *single))
            single = None
        if _opens_name(key, begin, end, found, start):
            single = (begin, end)
            continue
        chunk = read_chunk(line, begin, end)
        if not _joins(key, chunk, found):
            found.append(chunk)
    if single is not None:
        found.append(Chunk("text", *single))
    return found


def _stripped(key: str, begin: int, end: int) -> Span:
    while begin < end and key[begin] in EDGE:
        begin += 1
    while end > begin and key[end - 1] in EDGE:
        end -= 1
    if end - begin > 2:
        code = _CODE.search(key, max(begin, end - 20), end)
        if code is not None and code.start() > begin:
            end = code.start()
    return begin, end


def _opens_name(key: str, begin: int, end: int, found: list[Chunk], start: int) -> bool:
    """Whether a chunk is a surname that a space parts from its given name (王 明, 欧阳 修)."""
    if end - begin == 2:
        return key[begin:end] in lattice.name_lists().compound and key[end : end + 1] == " "
    if end - begin != 1 or not "\u3400" <= key[begin] <= "\u9fff":
        return False
    return key[begin] in lattice.name_lists().surnames or (not found and begin > start) or begin == 0


def _completes(key: str, single: Span, begin: int, end: int) -> bool:
    if end - begin > 2 or key[single[1] : begin].strip() or not lattice.is_han(key[begin:end]):
        return False
    return end - begin == 1 or lattice.split_run(key[begin:end]) is None or single[1] - single[0] == 1


def _joins(key: str, chunk: Chunk, found: list[Chunk]) -> bool:
    """Join words in Latin letters that follow each other into one name; drop a code behind a name."""
    if chunk.kind == "nothing" and found and _CODE_ALONE.fullmatch(key, chunk.start, chunk.end):
        return True
    if chunk.kind != "names" or not found or found[-1].kind != "names" or not chunk.people[0].isascii():
        return False
    last = found[-1]
    if _CODE_ALONE.fullmatch(key, chunk.start, chunk.end):
        return True
    if len(last.people) != 1 or not last.people[0].isascii() or key[last.end : chunk.start] != " ":
        return False
    last.people[0] += " " + chunk.people[0]
    last.end = chunk.end
    return True


def read_chunk(line: Line, begin: int, end: int) -> Chunk:
    """Tell what key[begin:end], a chunk without separators, is."""
    key = line.key
    if end - begin > _LONGEST_CHUNK:
        return Chunk("text", begin, end)
    if key[end - 1] == "发" and words().agency.fullmatch(key, begin, end - 1):
        return Chunk("medium", begin, end - 1)
    text = key[begin:end]
    if text[0] == "据" and (words().agency.fullmatch(text, 1) or text[1:] in words().known_media):
        return Chunk("medium", begin + 1, end)
    if text.startswith("发自"):
        place = (begin + 2, end) if text[2:] in places() else None
        return Chunk("nothing" if place else "text", begin, end, place=place)
    if text in lattice.name_lists().placeholder or text in places():
        return Chunk("nothing", begin, end)
    report = _REPORT.fullmatch(text)
    if report is not None:
        return _read_report(line, begin, end, report["before"])
    if is_media(text) and not (len(text) <= 3 and lattice.is_common_surname(text)):
        return Chunk("medium", begin, end)
    return _read_names(line, begin, end, text)


def _read_names(line: Line, begin: int, end: int, text: str) -> Chunk:
    """Read a chunk as names: Latin, with Chinese surnames, behind a known medium, before a post, without surname."""
    if lattice.is_latin(text):
        return Chunk("names", begin, end, [line.original(begin, end)])
    spans = lattice.split_run(text) if len(text) < 3 or text[-1] not in "局委办厅署校" else None
    if spans is not None:
        people = [line.original(begin + start, begin + stop) for start, stop in spans]
        return Chunk("names", begin, end, people, sure=lattice.has_surname(text))
    led = words().known_lead.match(text)
    if led is not None:
        spans = lattice.split_run(text[led.end() :])
        if spans is not None and lattice.has_surname(text[led.end() :]):
            begin += led.end()
            people = [line.original(begin + start, begin + stop) for start, stop in spans]
            return Chunk("names", begin, end, people, medium=(begin - led.end(), begin))
    titled = _TITLED.fullmatch(text)
    if titled is not None:
        for size in (3, 2):
            if lattice.split_run(text[:size]) == [(0, size)] and _is_post(text[size:]):
                return Chunk("names", begin, end, [line.original(begin, begin + size)])
    if lattice.unsurnamed(text) and not (len(text) > 2 and _ORGANISATION.fullmatch(text)):
        return Chunk("names", begin, end, [line.original(begin, end)], sure="·" in text)
    return Chunk("text", begin, end)


def _is_post(text: str) -> bool:
    """Whether what follows a name tells the person's post (北京大学经济学院教授)."""
    return text.startswith(("系", "中国", "清华")) or text[:2] in places() or text[:3] in places()


def _place_start(before: str) -> int:
    """Where the place begins that ends a text (王小明台北, 台北-高雄); the text's length where none does."""
    cut = len(before)
    for size in range(min(8, len(before)), 1, -1):
        if before[-size:] in places() or (size >= 3 and before[-size:-1] in places() and before[-1] in "市县区州"):
            cut = len(before) - size
            break
    if cut < len(before) and cut > 2 and before[cut - 1] == "-" and before[cut - 3 : cut - 1] in places():
        return cut - 3
    return cut


def _read_report(line: Line, begin: int, end: int, before: str) -> Chunk:
    """Read a chunk that ends in 报道: 张三台北报道, 嘉义报道, 环球网报道, 综合报道."""
    if before.startswith("据"):
        return Chunk("text", begin, end)
    chunk = Chunk("report", begin, end)
    if is_media(before) and not lattice.is_common_surname(before):
        chunk.medium = (begin, begin + len(before))
        return chunk
    cut = _place_start(before)
    if cut < len(before):
        chunk.place = (begin + cut, begin + len(before))
    day = _DAY_ENDS.search(before, 0, cut)
    if day is not None:
        chunk.day = (begin + day.start(), begin + cut)
        cut = day.start()
    if cut:
        spans = lattice.split_run(before[:cut])
        if spans is not None:
            chunk.people = [line.original(begin + start, begin + stop) for start, stop in spans]
            chunk.sure = lattice.has_surname(before)
        elif "·" in before[:cut] and lattice.unsurnamed(before[:cut]):
            chunk.people = [line.original(begin, begin + cut)]
        elif cut > 4:
            chunk.kind = "text"
    return chunk
