"""Credits of fixed forms: medium-name/place of Taiwan's press, releases of agencies, a name in the first sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.text.bylines import names as lattice
from newscrawl.text.bylines.chunks import read_chunks
from newscrawl.text.bylines.dateline import places
from newscrawl.text.bylines.media import record_medium
from newscrawl.text.bylines.words import is_media, words

if TYPE_CHECKING:
    from newscrawl.text.bylines.credits import Credits
    from newscrawl.text.bylines.line import Line

_SLASHED = re.compile(
    r"\s*(?P<medium>[^\s/]{2,14}?)\s?[-/]\s?(?P<names>[^/-]{2,20})/(?P<place>[^\s/]{2,6}?)(?:报道)?\s*"
)
_FIRST_SENTENCE = re.compile(r"\s*(?P<role>[\u4e00-\u9fff]{0,4}?(?:记者|通讯员))(?P<rest>[\u3400-\u9fff]{3,4})")


def first_sentence(line: Line, found: Credits, start: int) -> int:
    """Read 本报讯 记者王小明从市政府获悉: directly behind a dateline the name may run into the sentence."""
    match = _FIRST_SENTENCE.match(line.key, start)
    if match is None:
        return start
    rest, lists = match["rest"], lattice.name_lists()
    for size in (3, 2):
        if size < len(rest) and rest[size] in lists.function and lattice.split_run(rest[:size]) == [(0, size)]:
            begin = match.start("rest")
            role = "correspondents" if match["role"].endswith("通讯员") else "reporters"
            found.add(role, [line.original(begin, begin + size)])
            found.unread += len(line.key) - begin
            return len(line.key)
    return start


def read_released(line: Line, found: Credits, start: int, end: int) -> bool:
    """Take the agency that released a picture (新华社发); whether the segment says so."""
    begin = end - len(line.key[start:end].strip())
    if line.key[end - 1] != "发" or not words().agency.fullmatch(line.key, begin, end - 1):
        return False
    record_medium(line, found, begin, end - 1)
    return True


def read_slashed(line: Line, found: Credits, start: int, end: int) -> bool:
    """Read 某新闻-王小明/台北: medium, reporter and place of a Taiwan credit without a role word."""
    match = _SLASHED.fullmatch(line.key, start, min(end, start + 60))
    if match is None or match["place"] not in places() or not is_media(match["medium"]):
        return False
    chunks = read_chunks(line, *match.span("names"))
    if not chunks or any(chunk.kind != "names" for chunk in chunks):
        return False
    for chunk in chunks:
        found.add("reporters", chunk.people)
    record_medium(line, found, *match.span("medium"))
    found.place = found.place or line.original(*match.span("place"))
    return True
