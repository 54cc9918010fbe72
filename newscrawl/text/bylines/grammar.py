"""The grammar of credit lines: role words, the names beside them, and what stands behind and before them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from newscrawl.text.bylines import names as lattice
from newscrawl.text.bylines.dateline import Dateline, places, read_dateline
from newscrawl.text.bylines.line import Line
from newscrawl.text.bylines.tables import simplified
from newscrawl.text.bylines.words import FIELDS, is_media, words

Span = tuple[int, int]

_SEGMENT = re.compile(r"[()。！？!<>]")
_CHUNK = re.compile(r"[^\s、,，;；/|&:]+")
_SEPARATED = re.compile(r"\s{0,3}[:/|]")
_BOUNDARY = re.compile(r"[\s、,，;；/|&:()。！？!·◎■□▲△◆★*\"“”.·<>-]")
_CODE = re.compile(r"(?<=[\u3400-\u9fff])[_-]?(?:[A-Za-z]{0,10}[_-]?\d{1,8}|_[A-Za-z0-9]{2,16}|[A-Z]{2,6})$")
_CODE_ALONE = re.compile(r"[A-Z]{0,6}\d{2,9}|[A-Z]{2,6}[_-]?\d{1,9}")
_EDGE = " \"“”‘’'《》〈〉*·-_#~.…◎■□▲△◆★●"
_REPORT = re.compile(r"(?P<place>.*?)(?:(?:综合|专题|独家|现场|采访|深度|综合外电|编译|整理|连线|直击|特稿)*(?:报道|摄影报道)|讯)$")
_ORGANISATION = re.compile(r".*(?:[局委办处院部队所厂馆科室组会司署厅校]|公司|大学|中心|集团|社区|街道|支部|政府|学院|医院)$")
_SLASHED = re.compile(r"\s*(?P<medium>[^\s/]{2,14}?)\s?[-/]\s?(?P<names>[^/-]{2,20})/(?P<place>[^\s/]{2,6})(?:报道)?\s*")
_FIRST_SENTENCE = re.compile(r"\s*(?P<role>(?:[\u4e00-\u9fff]{2,4})?(?:记者|通讯员))(?P<rest>[\u3400-\u9fff]{3,4})")
_SUFFIX_LABELS = frozenset({"撰文", "撰稿", "采写", "采访", "编译", "文字", "摄影", "拍摄", "摄像", "航拍", "供图", "采编", "整理", "供稿", "执笔", "采制", "摄制"})
_LONGEST_CREDIT = 400


@dataclass(slots=True)
class Group:
    """Names that stand together, and the field their role word gave them ("" where no role word stood)."""

    role: str
    people: list[str]
    also_photographers: bool = False


@dataclass(slots=True)
class Credits:
    """What is read of a line: people by field, the media, the place and the day; `spent` counts used characters."""

    people: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in FIELDS})
    source: str | None = None
    agency: str | None = None
    place: str | None = None
    date: str | None = None
    spoken: bool = False
    leftover: int = 0

    def add(self, role: str, people: list[str]) -> None:
        """Add names to a field, each once."""
        known = self.people[role]
        known.extend(name for name in people if name not in known)


@dataclass(slots=True)
class Token:
    """A role word, label, date or suffix in the key."""

    kind: str
    start: int
    end: int
    role: str
    separated: bool


class Reader:
    """Reads one line into Credits; the order of the methods is that of the reading."""

    def __init__(self, text: str) -> None:
        self.line = Line(text)
        self.key = self.line.key
        self.credits = Credits()
        self.groups: list[Group] = []
        self.first_medium = True
        self.unread = 0
        self.reported = False

    def read(self) -> Credits:
        """Read the dateline, then each segment between brackets and full stops."""
        key = self.key
        dateline = read_dateline(key)
        start = 0
        if dateline is not None:
            self._take_dateline(dateline)
            start = self._first_sentence(dateline.end)
        after_dateline = dateline is not None
        position = start
        bracketed = False
        for match in _SEGMENT.finditer(key, start):
            if match.start() > position:
                self._segment(position, match.start(), bracketed=bracketed, after_dateline=after_dateline)
                after_dateline = after_dateline and not key[position : match.start()].strip()
            bracketed = match[0] == "("
            position = match.end()
        if position < len(key):
            self._segment(position, len(key), bracketed=bracketed, after_dateline=after_dateline)
        return self.credits

    def is_spent(self) -> bool:
        """Whether nothing of the line is left once its credits are taken out; after `read`."""
        return self.unread == 0

    def _take_dateline(self, dateline: Dateline) -> None:
        original = self.line.original
        if dateline.agency is not None:
            self.credits.agency = original(*dateline.agency) or None
            self.credits.spoken = True
        if dateline.place is not None:
            self.credits.place = original(*dateline.place) or None
        if dateline.day is not None:
            self.credits.date = original(*dateline.day) or None
        if dateline.names is not None:
            people, _ = self._people(*dateline.names)
            self.credits.add("reporters", people)

    def _first_sentence(self, start: int) -> int:
        """Read 本报讯 记者王小明从市政府获悉: directly behind a dateline the name may run into the sentence."""
        match = re.match(_FIRST_SENTENCE, self.key[start : start + 24])
        if match is None or not match["rest"]:
            return start
        rest, lists = match["rest"], lattice.name_lists()
        for size in (3, 2):
            if size < len(rest) and rest[size] in lists.function and lattice.split_run(rest[:size]) == [(0, size)]:
                begin = start + match.start("rest")
                role = "correspondents" if match["role"].endswith("通讯员") else "reporters"
                self.credits.add(role, [self.line.original(begin, begin + size)])
                return len(self.key)
        return start

    # --- tokens -------------------------------------------------------------------------------------------------

    def _tokens(self, start: int, end: int) -> list[Token]:
        lists, key = words(), self.key
        tokens: list[Token] = []
        for match in lists.token.finditer(key, start, end):
            kind = str(match.lastgroup)
            begin, finish = match.span()
            separated = _SEPARATED.match(key, finish, end) is not None
            if kind == "source":
                separated = True
            boundary = begin == start or _BOUNDARY.match(key, begin - 1) is not None
            if not self._stands(kind, match[0], boundary=boundary, separated=separated, tokens=tokens, begin=begin, end=end):
                continue
            if match[0] == "作者" and not boundary:
                kind = "person"
            tokens.append(Token(kind, begin, finish, self._role(kind, match[0]), separated))
        return tokens

    def _stands(
        self, kind: str, word: str, *, boundary: bool, separated: bool, tokens: list[Token], begin: int, end: int
    ) -> bool:
        """Whether a word is a role here, and not part of running text or of another word."""
        if kind in ("date", "person", "both"):
            return True
        if kind == "single":
            if word in "摄译":
                return not (begin and self.key[begin - 1] in "翻拍")
            return boundary
        if kind == "source" and word[-1:] not in ":/| 于自":
            value = _CHUNK.match(self.key, begin + len(word))
            return boundary and (value is None or is_media(value[0]))
        if word == "作者" and not boundary and not separated:
            return is_media(self.key[self._chunk_start(begin) : begin])
        if kind in ("source", "ignoredlabel"):
            return boundary or self.key[begin + len(word.rstrip()) - 1] in ":/|" or ":" in word
        if boundary or separated or word == "供稿" or (word in _SUFFIX_LABELS and begin + len(word) == end):
            return True
        return bool(tokens) and tokens[-1].kind in ("person", "editor", "label", "ignored", "both")

    def _chunk_start(self, end: int) -> int:
        """Where the chunk begins that ends at a place of the key."""
        begin = end
        while begin > 0 and not _BOUNDARY.match(self.key, begin - 1):
            begin -= 1
        return begin

    @staticmethod
    def _role(kind: str, word: str) -> str:
        field_of = words().field_of
        if kind == "editor":
            return "editors"
        if kind in ("ignored", "ignoredlabel", "date", "source"):
            return ""
        if kind == "both":
            return "both"
        if kind == "single":
            return {"摄": "photographers", "图": "photographers", "文": "reporters", "译": ""}[word]
        if word in field_of:
            return field_of[word]
        base = max((known for known in field_of if word.endswith(known)), key=len, default="")
        role = field_of.get(base, "")
        if role == "reporters" and re.search(r"(?:摄影|图片)\s?记者$", word):
            return "photographers"
        return role

    # --- segments -----------------------------------------------------------------------------------------------

    def _segment(self, start: int, end: int, *, bracketed: bool, after_dateline: bool) -> None:
        """Read one segment: the text before the first token, then each token with what follows it."""
        tokens = self._tokens(start, end) if end - start <= _LONGEST_CREDIT * 50 else []
        self.groups = []
        if not tokens and self._slashed(start, end):
            return
        people_role = any(token.kind in ("person", "both", "label", "single", "editor") for token in tokens)
        carry = ""
        position = start
        role, labelled, kind = "", False, ""
        for index, token in enumerate([*tokens, None]):
            stop = token.start if token is not None else end
            next_person = token is not None and token.kind == "person"
            before = len(self.groups)
            self._run(position, stop, role, kind, labelled=labelled or bracketed, next_person=next_person, index=index)
            if token is None:
                break
            position = token.end
            if self._is_suffix(token, tokens, index, end):
                self._apply_suffix(token)
                role, labelled, kind, carry = "", False, "after", ""
                continue
            if token.kind == "date":
                if self.credits.date is None and not after_dateline:
                    self.credits.date = self.line.original(token.start, token.end)
                kind, role = "after", ""
                continue
            if token.kind != "person":
                carry = token.role if token.kind in ("both", "single", "label") else ""
            elif carry and len(self.groups) > before and kind not in ("both", "single", "label"):
                carry = carry
            role, labelled, kind = token.role, token.separated, token.kind
            if token.kind == "person" and carry in ("photographers", "both"):
                role = "photographers" if carry == "photographers" else "both:" + token.role
        self._commit(people_role=people_role or self.reported or (after_dateline and bracketed))

    def _slashed(self, start: int, end: int) -> bool:
        """Read 某新闻-王小明/台北: medium, reporter and place of a Taiwan credit without a role word."""
        match = _SLASHED.fullmatch(self.key, start, end)
        if match is None or match["place"] not in places() or not is_media(match["medium"]):
            return False
        people, rest = self._people(*match.span("names"))
        if rest or not people:
            return False
        self.credits.add("reporters", people)
        self._medium(*match.span("medium"))
        self.credits.place = self.credits.place or self.line.original(*match.span("place"))
        return True

    def _commit(self, *, people_role: bool) -> None:
        """Hand the groups that no suffix took to their fields."""
        for group in self.groups:
            role = group.role
            if not role and people_role:
                role = "reporters"
            if role.startswith("both"):
                self.credits.add(role[5:] or "reporters", group.people)
                self.credits.add("photographers", group.people)
            elif role in FIELDS:
                self.credits.add(role, group.people)
        self.groups = []

    def _is_suffix(self, token: Token, tokens: list[Token], index: int, end: int) -> bool:
        """Whether a role word stands behind its names (张三摄) and not before them (摄影：张三)."""
        word = self.key[token.start : token.end]
        if word == "供稿" and not token.separated and index == 0 and not self.groups:
            return self._contributor(token)
        if token.kind not in ("both", "single", "label") or not self.groups:
            return False
        if token.kind == "label" and word not in _SUFFIX_LABELS:
            return False
        if token.separated and not (word == "摄" and self.key[token.end] == "/"):
            return False
        if token.kind == "label" and self.groups[-1].role:
            following = tokens[index + 1].start if index + 1 < len(tokens) else end
            people, rest = self._people(token.end, following)
            return not people or rest > 0
        return True

    def _contributor(self, token: Token) -> bool:
        """Take the organisation that stands before 供稿 as the source; whether one stands there."""
        begin = max(self.key.rfind(mark, 0, token.start) for mark in "()。！？") + 1
        value = self.line.original(begin, token.start).strip(_EDGE)
        if not 2 <= len(value) <= 40 or " " in value:
            return False
        self.credits.source = self.credits.source or value
        return True

    def _apply_suffix(self, token: Token) -> None:
        """Give the open groups the role that stands behind them."""
        for group in self.groups:
            if group.role == "editors":
                self.credits.add("editors", group.people)
            elif token.role == "photographers":
                self.credits.add("photographers", group.people)
            else:
                own = group.role.removeprefix("both:") or "reporters"
                self.credits.add(own if own in FIELDS else "reporters", group.people)
                if token.role == "both" or group.role.startswith("both"):
                    self.credits.add("photographers", group.people)
        self.groups = []

    # --- runs of names ------------------------------------------------------------------------------------------

    def _run(
        self, start: int, stop: int, role: str, kind: str, *, labelled: bool, next_person: bool, index: int
    ) -> None:
        """Read the text between two tokens: names of the role before it, a medium of the role after it."""
        if kind == "source" and self.key[:start].rstrip(" :/|").endswith("供稿"):
            people, rest = self._people(start, stop)
            if people and not rest and all(lattice.has_surname(name.translate(simplified())) for name in people):
                self.groups.append(Group("reporters", people))
                return
        if kind == "source":
            start = self._source_value(start, stop, next_person=next_person)
            if start >= stop:
                return
        if next_person:
            stop = self._medium_before(start, stop, first=index == 0, role=role)
        people, rest = self._people(start, stop, labelled=labelled)
        if kind not in ("ignoredlabel", "ignored"):
            self.unread += rest
        if kind in ("ignoredlabel", "ignored"):
            return
        if rest and kind == "person" and not labelled and not people:
            return
        if not people or (kind and not labelled and self._runs_on(start, stop)):
            return
        if kind == "source":
            people = [name for name in people if lattice.has_surname(name.translate(simplified()))]
            role = "reporters"
        if role in ("reporters", "both") and kind in ("single", "both", "label") and self.credits.source is None:
            self._medium_after_label(start, stop)
        if people:
            self.groups.append(Group(role, people))

    def _runs_on(self, start: int, stop: int) -> bool:
        """Whether the first chunk behind a role word is neither a name nor understood otherwise (作者简介)."""
        match = _CHUNK.search(self.key, start, stop)
        return match is not None and len(match[0]) > 1 and self._chunk_names(*match.span()) is None

    def _medium_after_label(self, start: int, stop: int) -> None:
        """In 文/某某车市 李小琪 what stands before the name is the medium, though no word in it says so."""
        match = _CHUNK.search(self.key, start, stop)
        if match is None or match.end() == stop or self.key[match.end()] != " ":
            return
        chunk = match[0]
        if 3 <= len(chunk) <= 12 and self._chunk_names(*match.span()) is None:
            self._medium(*match.span(), weak=True)

    def _people(self, start: int, stop: int, *, labelled: bool = True) -> tuple[list[str], int]:
        """Read names from key[start:stop].

        Returns the names as they stand on the page, and the number of characters that are no name.
        """
        key, original = self.key, self.line.original
        people: list[str] = []
        rest = 0
        single: int | None = None
        single_end = 0
        for match in _CHUNK.finditer(key, start, stop):
            begin, end = match.span()
            while begin < end and key[begin] in _EDGE:
                begin += 1
            while end > begin and key[end - 1] in _EDGE:
                end -= 1
            code = _CODE.search(key[begin:end])
            if code is not None:
                end = begin + code.start()
            if begin >= end:
                continue
            chunk = key[begin:end]
            if people and _CODE_ALONE.fullmatch(chunk):
                continue
            if chunk.startswith("发自") and chunk[2:] in places():
                self.credits.place = self.credits.place or original(begin + 2, end)
                continue
            if single is not None and len(chunk) <= 2 and not chunk.isascii() and not key[single_end:begin].strip():
                people.append(original(single, single_end) + original(begin, end))
                single = None
                continue
            if single is not None:
                rest += 1
                single = None
            if len(chunk) == 1:
                if "\u3400" <= chunk <= "\u9fff":
                    single, single_end = begin, end
                else:
                    rest += 1
                continue
            if len(chunk) == 2 and chunk in lattice.name_lists().compound:
                single, single_end = begin, end
                continue
            found = self._chunk_names(begin, end)
            if found is None:
                rest += end - begin
                if people and not labelled:
                    break
                continue
            if found and chunk.isascii() and people and people[-1].isascii() and key[begin - 1] == " ":
                people[-1] += " " + chunk
            else:
                people.extend(found)
        if single is not None:
            rest += 1
        return people, rest

    def _chunk_names(self, begin: int, end: int) -> list[str] | None:
        """Names in one chunk; [] for a chunk that is understood and holds none, None for running text."""
        original, credits = self.line.original, self.credits
        if self.key[end - 1] == "发" and words().agency.fullmatch(self.key[begin : end - 1]):
            end -= 1
        chunk = self.key[begin:end]
        if chunk in lattice.name_lists().placeholder:
            return []
        report = _REPORT.fullmatch(chunk)
        if report is not None:
            return self._report(begin, report["place"])
        if is_media(chunk) and not (len(chunk) <= 3 and lattice.is_common_surname(chunk)):
            self._medium(begin, end, weak=True)
            return []
        if chunk in places() and not lattice.is_common_surname(chunk):
            if credits.place is None:
                credits.place = original(begin, end)
            return []
        if lattice.is_latin(chunk):
            return [original(begin, end)]
        spans = lattice.split_run(chunk)
        if spans is not None:
            return [original(begin + start, begin + stop) for start, stop in spans]
        if lattice.unsurnamed(chunk) and not (len(chunk) > 2 and _ORGANISATION.fullmatch(chunk)):
            return [original(begin, end)]
        return None

    def _report(self, begin: int, before: str) -> list[str] | None:
        """Names and place of a chunk that ends in 报道 (张三台北报道, 嘉义报道, 综合报道)."""
        self.reported = True
        if is_media(before) and not lattice.is_common_surname(before):
            self._medium(begin, begin + len(before), weak=True)
            return []
        cut = len(before)
        for size in range(min(8, len(before)), 1, -1):
            if before[-size:] in places():
                cut = len(before) - size
                break
        if cut < len(before) and self.credits.place is None:
            self.credits.place = self.line.original(begin + cut, begin + len(before))
        if not cut:
            return []
        spans = lattice.split_run(before[:cut])
        if spans is None:
            return [] if cut <= 8 else None
        return [self.line.original(begin + start, begin + stop) for start, stop in spans]

    # --- media --------------------------------------------------------------------------------------------------

    def _medium_before(self, start: int, stop: int, *, first: bool, role: str) -> int:
        """Take the medium that stands directly before a role word; return where it begins."""
        key = self.key
        begin = stop
        while begin > start and not _BOUNDARY.match(key, begin - 1):
            begin -= 1
        if begin == stop and (stop == start or key[stop - 1] == " "):
            tail = key[start:stop].rstrip()
            if first and tail and is_media(tail.rsplit(" ", 1)[-1]):
                begin = start + len(tail) - len(tail.rsplit(" ", 1)[-1])
                stop = start + len(tail)
            else:
                return stop
        if begin == stop:
            return stop
        return self._take_medium(start, begin, stop, first=first, role=role)

    def _take_medium(self, start: int, begin: int, stop: int, *, first: bool, role: str) -> int:
        key = self.key
        chunk = key[begin:stop]
        own = words().known_tail.search(chunk, 2)
        if own is not None and begin == start and role and lattice.split_run(chunk[: own.start()]) is not None:
            self._medium(begin + own.start(), stop)
            return begin + own.start()
        if not is_media(chunk):
            people = lattice.split_run(chunk)
            if role and (begin == start or (people is not None and lattice.is_common_surname(chunk))):
                return stop
            if len(chunk) > 14 or lattice.name_lists().not_in_name.intersection(chunk):
                return stop
        while begin > start and key[begin - 1] in "/·-、?":
            further = begin - 1
            while further > start and not _BOUNDARY.match(key, further - 1):
                further -= 1
            if further == begin - 1 or not (is_media(key[further : begin - 1]) or key[further] in "《"):
                break
            begin = further
        self._medium(begin, stop)
        return begin

    def _medium(self, begin: int, end: int, *, weak: bool = False) -> None:
        """Record a medium: a news agency or the paper itself as agency, any other as source."""
        lists, credits = words(), self.credits
        chunk = self.key[begin:end]
        trailing = lists.trailing_modifier.search(chunk)
        if trailing is not None and trailing.start() >= 2 and not weak:
            end = begin + trailing.start()
            chunk = self.key[begin:end]
        name = self.line.original(begin, end).strip(_EDGE)
        first, self.first_medium = self.first_medium, False
        if not name:
            return
        if lists.agency.fullmatch(chunk) or lists.own.fullmatch(chunk):
            if credits.agency is None and credits.source is None:
                credits.agency = name
            return
        if credits.agency and credits.agency.startswith(name):
            return
        if credits.source is None and first:
            credits.source = re.sub(r"(?<=[\u3400-\u9fff])\?(?=[\u3400-\u9fff])", "·", name)

    def _source_value(self, start: int, stop: int, *, next_person: bool) -> int:
        """Take the value of a 来源 label; return where it ends."""
        key, credits = self.key, self.credits
        match = re.compile(r"[\s《“\"]*([^\s《》“”\"|,;:][^\s《》“”\"|,;:]*(?:\s?[-·/]\s?[^\s《》“”\"|,;:]+)*)[》”\"]?").match(key, start, stop)
        if match is None:
            return stop
        begin, end = match.span(1)
        while end > begin and key[end - 1] in _EDGE + "/":
            end -= 1
        if next_person and end == stop and not key[begin:end].isascii():
            self._medium(begin, end)
            return stop
        value = self.line.original(begin, end)
        if value and credits.source is None and key[begin:end] not in ("未知", "不详", "无"):
            credits.source = value
            self.first_medium = False
        return match.end()
