"""Media in credit lines: the medium before a role word, the value of a source label, agency or source."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.text.bylines import names as lattice
from newscrawl.text.bylines.chunks import EDGE
from newscrawl.text.bylines.tokens import chunk_start
from newscrawl.text.bylines.words import is_media, words

if TYPE_CHECKING:
    from newscrawl.text.bylines.credits import Credits
    from newscrawl.text.bylines.line import Line

_RUNNING = re.compile(r"告诉|接受|回复|向|对|据|[在为是被让把的了与就称从给]|不能|问")
_CALLED = re.compile(r"连线|下来|日前|近日|一名|一位|曾任|随后|其中|作为|担任|原是")
_NOT_RUNNING = re.compile(r"在线|在现场|对外|参考消息|大众日报")
_LOST_DOT = re.compile(r"(?<=[\u3400-\u9fff])\?(?=[\u3400-\u9fff])")
_VALUE = re.compile(
    r"[\s《“\"(]*([A-Za-z][\w.]*(?: [A-Za-z][\w.]*)+|[^\s《》“”\"|,;:()]+(?:\s?[-·/]\s?[^\s《》“”\"|,;:()]+)*)[》”\"]?"
)
#: Labels of buttons that stand glued to a source.
_BUTTON = re.compile(r"(?:参与互动|我要评论|分享到|打印本页)$")
_LONGEST_MEDIUM = 16
_LONGEST_SOURCE = 30


def medium_before(
    line: Line, start: int, stop: int, *, first: bool, role: str
) -> tuple[int, tuple[int, int] | None] | None:
    """Find the medium that stands directly before a role word.

    start, stop: the text before the role word; first: whether it is the first role word of its segment; role: the
    role of the names that may stand there. Returns where the rest of the text ends and the medium's span (None where
    no medium stands there), or None where the text runs on into the role word, so that it is no credit.
    """
    key = line.key
    begin = chunk_start(key, stop, start)
    if begin == stop:
        tail = key[start:stop].rstrip()
        begin = start + tail.rfind(" ") + 1
        if first and tail and is_media(key[begin : start + len(tail)]):
            return begin, (begin, start + len(tail))
        return stop, None
    chunk = key[begin:stop]
    known = words().known_tail.search(chunk, 2)
    if (
        known is not None
        and role
        and begin == start
        and not _RUNNING.search(chunk[: known.start()])
        and lattice.split_run(chunk[: known.start()]) is not None
    ):
        return begin + known.start(), (begin + known.start(), stop)
    if not is_media(chunk):
        if role and (begin == start or (lattice.split_run(chunk) is not None and lattice.has_surname(chunk))):
            return stop, None
        if _CALLED.search(chunk):
            return None
        if known is not None and known.start() > 2 and not _RUNNING.search(chunk):
            return begin, (begin + known.start(), stop)
    if len(chunk) > _LONGEST_MEDIUM or _RUNNING.search(_NOT_RUNNING.sub("", chunk)):
        return None
    begin = _joined(key, begin, start)
    return begin, (begin, stop)


def _joined(key: str, begin: int, start: int) -> int:
    """Go back over media that belong together (扬子晚报/紫牛新闻, 沈阳日报、沈报)."""
    while begin > start and key[begin - 1] in "/·-、?":
        further = chunk_start(key, begin - 1, start)
        piece = key[further : begin - 1]
        # A name of the app and one of the paper are one medium, also where nothing tells the first as one.
        led = key[begin - 1] in "·-" and further == start and 2 <= len(piece) <= 6 and not lattice.has_surname(piece)
        if further == begin - 1 or not (led or is_media(piece)):
            break
        begin = further
    return begin


def record_medium(line: Line, found: Credits, begin: int, end: int, *, before_role: bool = False) -> None:
    """Record a medium: a news agency or the paper itself as agency, any other as source; the first one counts."""
    lists = words()
    trailing = lists.trailing_modifier.search(line.key[begin:end]) if before_role else None
    if trailing is not None and trailing.start() >= 2:
        bare = line.key[begin : begin + trailing.start()]
        if "媒" in trailing[0] or "首席" in trailing[0] or is_media(bare):
            end = begin + trailing.start()
    name = line.original(begin, end).strip(EDGE)
    if not name or found.medium_seen:
        return
    chunk = line.key[begin:end].strip(EDGE)
    if lists.agency.fullmatch(chunk) or lists.own.fullmatch(chunk):
        found.medium_seen = bool(lists.agency.fullmatch(chunk))
        found.agency = found.agency or name
        return
    found.medium_seen = True
    if found.source is None and not (found.agency and found.agency.startswith(name)):
        found.source = _LOST_DOT.sub("·", name)


def source_value(line: Line, found: Credits, start: int, stop: int, *, before_person: bool) -> int:
    """Take the value of a source label in key[start:stop]; return where it ends."""
    key = line.key
    match = _VALUE.match(key, start, stop)
    if match is None:
        return stop
    begin, end = match.span(1)
    button = _BUTTON.search(key, begin + 2, end)
    end = button.start() if button is not None else end
    while end > begin and key[end - 1] in EDGE + "/":
        end -= 1
    slash = key.rfind("/", begin, end)
    if (
        slash > 0
        and is_media(key[begin:slash])
        and 2 <= end - slash - 1 <= 3
        and lattice.has_surname(key[slash + 1 : end])
    ):
        found.source = found.source or line.original(begin, slash)
        return slash + 1
    if before_person and match.end() == stop:
        record_medium(line, found, begin, end, before_role=True)
        return stop
    if end - begin > _LONGEST_SOURCE:
        led = words().known_lead.match(key, begin)
        if led is None:
            return match.end()
        end = led.end()
    value = line.original(begin, end)
    if value and found.source is None and key[begin:end] not in ("未知", "不详", "无"):
        found.source = value
        found.medium_seen = True
    return match.end()
