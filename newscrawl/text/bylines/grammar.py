"""The grammar of credit lines: role words, the names beside them, and what stands behind and before them."""

from __future__ import annotations

import re

from newscrawl.text.bylines import names as lattice
from newscrawl.text.bylines.chunks import Chunk, read_chunks
from newscrawl.text.bylines.credits import Credits, Group
from newscrawl.text.bylines.dateline import Dateline, read_dateline
from newscrawl.text.bylines.forms import first_sentence, read_released, read_slashed
from newscrawl.text.bylines.line import Line
from newscrawl.text.bylines.media import medium_before, record_medium, source_value
from newscrawl.text.bylines.tokens import SUFFIXES, Token, chunk_start, find_tokens
from newscrawl.text.bylines.words import FIELDS, is_media

_SEGMENT = re.compile(r"[()。！？!<>]")
#: Names wait for a suffix this long at most, so that a line of role words alone takes linear time.
_MOST_GROUPS = 40
_LONGEST_LEAD = 80
_BEFORE_CREDIT = " (·*▲□■◎>-"
_MAY_REPORT = re.compile(r"报道|[讯社网报闻线端台]")
_HAN_FOLLOWS = re.compile(r"[\u4e00-\u9fff]")
_PEOPLE_KINDS = frozenset({"person", "both", "label", "single", "editor"})


class Reader:
    """Reads one line into `credits`; the order of the methods is that of the reading."""

    def __init__(self, text: str) -> None:
        self.line = Line(text)
        self.key = self.line.key
        self.credits = Credits()
        self.groups: list[Group] = []
        self.reported = False
        self.bare: list[str] = []
        self.seen_medium = ""
        self.last_role = ""

    def read(self) -> Credits:
        """Read the dateline, then each segment between brackets and full stops."""
        key = self.key
        dateline = read_dateline(key)
        position = 0
        if dateline is not None:
            self._take_dateline(dateline)
            position = first_sentence(self.line, self.credits, dateline.end)
        fresh = dateline is not None
        bracketed = False
        for match in _SEGMENT.finditer(key, position):
            if match.start() > position:
                self._segment(position, match.start(), bracketed=bracketed, fresh=fresh)
                fresh = fresh and key[position : match.start()].isspace()
            bracketed = match[0] == "("
            position = match.end()
        if position < len(key):
            self._segment(position, len(key), bracketed=bracketed, fresh=fresh)
        found = self.credits
        if self.bare and found.source and dateline is None and not any(found.people.values()):
            found.add("reporters", self.bare)
        return found

    def _take_dateline(self, dateline: Dateline) -> None:
        original, found = self.line.original, self.credits
        if dateline.agency is not None:
            found.agency = original(*dateline.agency) or None
        if dateline.place is not None:
            found.place = original(*dateline.place) or None
        if dateline.day is not None:
            found.date = original(*dateline.day) or None
        if dateline.names is not None:
            for chunk in read_chunks(self.line, *dateline.names):
                found.add("reporters", chunk.people)

    # --- segments ---------------------------------------------------------------------------------------------------

    def _segment(self, start: int, end: int, *, bracketed: bool, fresh: bool) -> None:
        """Read one segment: the text before the first token, then each token with what follows it.

        bracketed: whether it stands in brackets; fresh: whether it stands directly behind the dateline.
        """
        tokens = find_tokens(self.key, start, end)
        self.groups, self.reported = [], False
        if not tokens and (
            read_slashed(self.line, self.credits, start, end) or (bracketed and not fresh and self._bare(start, end))
        ):
            return
        if (
            not tokens
            and self.key[start] != "、"
            and not (bracketed or fresh or _MAY_REPORT.search(self.key, start, end))
        ):
            if read_released(self.line, self.credits, start, end):
                return
            self.credits.unread += end - start - self.key.count(" ", start, end)
            return
        first = tokens[0] if tokens else None
        self._leading(self._clause(start, first), end, first, bracketed=bracketed)
        labelled = any(token.kind != "date" and token.separated for token in tokens)
        carry = ""
        for index, token in enumerate(tokens):
            following = tokens[index + 1] if index + 1 < len(tokens) else None
            if len(self.groups) > _MOST_GROUPS:
                self._commit(roleless=False)
            stop = following.start if following is not None else end
            if self._is_suffix(token, start, stop):
                self._apply_suffix(token)
                self._leading(token.end, stop, following, bracketed=bracketed, first=False)
                carry = ""
                continue
            if token.kind == "date":
                self._take_date(token, start, labelled=labelled)
                self._leading(token.end, stop, following, bracketed=bracketed, first=False)
                continue
            if token.kind != "person":
                carry = token.role if token.kind in ("both", "single", "label") else ""
            role = token.role
            if token.kind == "person" and carry in ("photographers", "both"):
                role = "photographers" if carry == "photographers" else "both:" + role
            before = len(self.groups)
            self._after(token, role, stop, following, loose=bracketed, fresh=fresh)
            if token.kind in ("label", "single") and len(self.groups) > before:
                carry = ""  # 摄像：甲 通讯员：乙: the label has its names
        named = fresh or any(token.kind in _PEOPLE_KINDS for token in tokens)
        self._commit(roleless=bracketed and named)

    def _clause(self, start: int, token: Token | None) -> int:
        """Where the words before the first token begin that can be its: running text further back is left."""
        if token is None or token.start - start <= _LONGEST_LEAD:
            return start
        begin = chunk_start(self.key, token.start - _LONGEST_LEAD, start)
        self.credits.unread += begin - start
        return begin

    def _bare(self, start: int, end: int) -> bool:
        """Hold the names of a bracket that has nothing else: on a line with a date or a source they are its authors."""
        if end - start > 30:
            return False
        chunks = read_chunks(self.line, start, end)
        if not chunks or not all(
            chunk.kind == "names" and lattice.has_common_surname(chunk.people[0]) for chunk in chunks
        ):
            return False
        self.bare.extend(name for chunk in chunks for name in chunk.people)
        return True

    def _take_date(self, token: Token, start: int, *, labelled: bool) -> None:
        """Take a full date of a line of labels, or one that the segment begins with; not one of running text."""
        before = self.key[start : token.start].strip(" |>:-")
        leads = not before or is_media(before)
        if self.credits.date is None and (labelled or leads or self.reported):
            if _HAN_FOLLOWS.match(self.key, token.end) and not labelled:
                return
            self.credits.date = self.line.original(token.start, token.end)
            if before and is_media(before.rpartition(" ")[2]):
                before = before.rpartition(" ")[2]
                begin = self.key.index(before, start)
                record_medium(self.line, self.credits, begin, begin + len(before))

    def _before(self, token: Token, start: int, stop: int, *, first: bool, role: str) -> int | None:
        """Find the medium before a person's role word; return where the text before it ends, None in running text."""
        seen = self.seen_medium
        if seen and role and self.key.endswith(seen, start, stop):
            cut = stop - len(seen)
            if lattice.split_run(self.key[start:cut].strip()) is not None:
                return cut
        found = medium_before(self.line, start, stop, first=first, role=role)
        if found is None:
            token.role, token.kind = "", "ignored"
            return None
        if found[1] is not None:
            token.medium = self._whole_medium(found[1], token)
            self.seen_medium = self.key[token.medium[0] : token.medium[1]]
        return found[0]

    def _whole_medium(self, medium: tuple[int, int], token: Token) -> tuple[int, int]:
        """Give a medium back the word that a role's modifier took from its end (豫视频 记者, not 豫 视频记者)."""
        begin, end = medium
        if end == token.start and not is_media(self.key[begin:end]):
            whole = self.key[begin : end + 2]
            if not whole.endswith(("首席", "实习", "见习", "特约", "图片")) and is_media(whole):
                return begin, end + 2
        return medium

    def _leading(self, start: int, end: int, token: Token | None, *, bracketed: bool, first: bool = True) -> None:
        """Read the text before a token that no role word governs: names that a role may follow, or a medium."""
        stop = token.start if token is not None else end
        if token is not None and token.kind == "person":
            cut = self._before(token, start, stop, first=first, role="")
            if cut is None:
                return
            stop = cut
        people: list[str] = []
        sure, last, medium = True, start, None
        chunks = read_chunks(self.line, start, stop)
        for chunk in chunks:
            if chunk.kind == "report":
                self._reported(chunk, people if sure else [], medium)
                people, sure = [], True
            elif chunk.people:
                sure = sure and chunk.sure
                people.extend(chunk.people)
                last = chunk.end
            elif chunk.kind == "medium":
                medium = (chunk.start, chunk.end)
                dated = not first and self.credits.date is not None and is_media(self.key[slice(*medium)], plain=True)
                if bracketed or (len(chunks) == 1 and (dated or self._alone(chunk, token))):
                    record_medium(self.line, self.credits, *medium)
            elif chunk.kind == "text":
                self.credits.unread += chunk.end - chunk.start
                people, sure = [], True
        if people and self.key[start] == "、" and self.last_role:
            self.groups.append(Group(self.last_role, people, last, firm=sure))
        elif people:
            dated = medium is not None and sure and self.credits.date is not None and not first
            self.groups.append(Group("reporters" if dated else "", people, last, firm=sure))
            if medium is not None and is_media(self.key[medium[0] : medium[1]], plain=True):
                record_medium(self.line, self.credits, *medium)

    def _alone(self, chunk: Chunk, token: Token | None) -> bool:
        """Whether a medium that stands alone is a credit: before a role word, behind a slash, or all of the line."""
        if token is not None:
            return token.kind in _PEOPLE_KINDS
        return self.key[chunk.start - 1] == "/" or not self.key[: chunk.start].strip(" (·*▲")

    def _reported(self, chunk: Chunk, people: list[str], medium: tuple[int, int] | None) -> None:
        """Take the names before 报道 as reporters, with the place and the medium beside them."""
        self.reported = True
        named = [*people, *chunk.people] if not chunk.people or lattice.has_common_surname(chunk.people[0]) else people
        self.credits.add("reporters", named)
        if named and medium is not None:
            record_medium(self.line, self.credits, *medium)
        self._side_effects(chunk)

    def _after(self, token: Token, role: str, stop: int, following: Token | None, *, loose: bool, fresh: bool) -> None:
        """Read what follows a token, up to the next one."""
        start = token.end
        before_person = following is not None and following.kind == "person"
        if token.kind == "source":
            start = self._source(token, stop, before_person=before_person)
            role = "reporters"
        if token.kind == "ignoredlabel":
            role = ""
        if before_person and following is not None and start < stop:
            cut = self._before(following, start, stop, first=False, role=role)
            if cut is None:
                self.groups = [group for group in self.groups if group.firm]
                return
            stop = cut
        found = self.credits
        before = (found.source, found.agency, found.medium_seen)
        if token.medium is not None:
            record_medium(self.line, found, *token.medium, before_role=True)
        credit = self._names(token, role, start, stop, open_=token.separated or loose, fresh=fresh)
        empty = not self.key[start:stop].strip(" 、,")
        alone = token.medium is not None and not self.key[: token.medium[0]].strip(_BEFORE_CREDIT)
        if token.medium is not None and (not credit or (empty and not alone)):
            found.source, found.agency, found.medium_seen = before

    def _source(self, token: Token, stop: int, *, before_person: bool) -> int:
        """Read the value of a source label; 供稿 may name a person instead of an organisation."""
        if self.key.startswith("供稿", token.start):
            chunks = read_chunks(self.line, token.end, stop)
            if chunks and all(chunk.kind == "names" and chunk.sure for chunk in chunks):
                return token.end
        return source_value(self.line, self.credits, token.end, stop, before_person=before_person)

    def _names(self, token: Token, role: str, start: int, stop: int, *, open_: bool, fresh: bool) -> bool:
        """Read the names behind a role word; whether what stands there is a credit.

        open_: behind a colon or in brackets other text may stand beside the names; elsewhere it is running text then.
        fresh: directly behind a dateline, where the story may follow after a space.
        """
        people: list[str] = []
        chunks = read_chunks(self.line, start, stop)
        last = start
        for number, chunk in enumerate(chunks):
            if chunk.people and self._is_name(chunk, token, number, len(chunks), open_=open_):
                if token.kind != "source" or (chunk.sure and "·" not in chunk.people[0]):
                    people.extend(chunk.people)
                    last = chunk.end
                self._side_effects(chunk)
            elif chunk.kind in ("text", "names"):
                self.credits.unread += chunk.end - chunk.start
                glued = chunk.start == token.end and token.kind != "source"
                if people and (open_ or (fresh and self.key[chunk.start - 1] in ' “"')):
                    break
                if not open_ or glued:
                    self.groups = [group for group in self.groups if group.firm]
                    return False
                if number == 0 and role in ("reporters", "both") and token.kind in ("single", "both", "label"):
                    self._medium_after_label(chunk, chunks)
            elif (
                role == "editors"
                and token.separated
                and not number
                and lattice.split_run(self.key[chunk.start : chunk.end])
            ):
                people.append(self.line.original(chunk.start, chunk.end))  # 米兰 is a city, and a name
                last = chunk.end
            else:
                self._side_effects(chunk)
        if people and role:
            self.groups.append(Group(role, people, last, firm=open_))
            self.last_role = role
        return True

    def _is_name(self, chunk: Chunk, token: Token, number: int, count: int, *, open_: bool) -> bool:
        """Whether names behind a role word are certain; one without a Chinese surname has to stand alone."""
        if chunk.sure:
            return True
        glued = number == 0 and chunk.start == token.end
        key, end = self.key, chunk.end
        if open_:
            return not glued or count == 1
        if end < len(key) and key[end] == "摄":
            return True
        if self.groups and end - chunk.start <= 3 and not _HAN_FOLLOWS.match(key, end):
            return True
        return not glued and key[chunk.start - 1] == " " and not _HAN_FOLLOWS.match(key, end)

    def _medium_after_label(self, chunk: Chunk, chunks: list[Chunk]) -> None:
        """In 文/某某车市 李小琪 what stands before the name is the medium, though no word in it says so."""
        if 3 <= chunk.end - chunk.start <= 12 and len(chunks) > 1 and chunks[1].people:
            record_medium(self.line, self.credits, chunk.start, chunk.end)

    def _side_effects(self, chunk: Chunk) -> None:
        """Take the medium and the place that a chunk names."""
        self.reported = self.reported or chunk.kind == "report"
        if chunk.kind == "medium":
            record_medium(self.line, self.credits, chunk.start, chunk.end)
        if chunk.medium is not None:
            record_medium(self.line, self.credits, *chunk.medium)
        if chunk.day is not None and self.credits.date is None:
            self.credits.date = self.line.original(*chunk.day)
        if chunk.place is not None and self.credits.place is None:
            self.credits.place = self.line.original(*chunk.place)

    # --- suffixes ---------------------------------------------------------------------------------------------------

    def _is_suffix(self, token: Token, start: int, stop: int) -> bool:
        """Whether a role word stands behind its names (张三摄) and not before them (摄影：张三)."""
        word = self.key[token.start : token.end]
        if word == "供稿" and not token.separated and not self.groups:
            return self._contributor(token, start)
        if token.kind not in ("both", "single", "label"):
            return False
        self.groups = [
            group for group in self.groups if group.role or not self.key[group.end : token.start].strip(" /|")
        ]
        if not self.groups:
            return False
        if token.kind == "label" and word not in SUFFIXES:
            return False
        if token.separated and not (word == "摄" and self.key[token.end] == "/"):
            return False
        if token.kind == "label" and self.groups[-1].role:
            chunks = read_chunks(self.line, token.end, stop)
            return not chunks or any(not chunk.people for chunk in chunks)
        return True

    def _contributor(self, token: Token, start: int) -> bool:
        """Take the organisation that stands before 供稿 as the source; whether one stands there."""
        value = self.line.original(start, token.start)
        if not 2 <= len(value) <= 40 or " " in value:
            return False
        self.credits.source = self.credits.source or value
        self.credits.unread = 0
        return True

    def _apply_suffix(self, token: Token) -> None:
        """Give the open groups the role that stands behind them."""
        found = self.credits
        for group in self.groups:
            own = group.role.removeprefix("both:")
            if own == "editors":
                found.add(own, group.people)
            elif token.role == "photographers":
                found.add("photographers", group.people)
            else:
                found.add(own if own in FIELDS else "reporters", group.people)
                if token.role == "both" or group.role.startswith("both"):
                    found.add("photographers", group.people)
        self.groups = []

    def _commit(self, *, roleless: bool) -> None:
        """Hand the groups that no suffix took to their fields."""
        for group in self.groups:
            role = group.role
            if not role and roleless and (group.firm or len(group.people[0]) <= 3):
                role = "reporters"
            if role.startswith("both"):
                self.credits.add(role[5:] or "reporters", group.people)
                self.credits.add("photographers", group.people)
            elif role:
                self.credits.add(role, group.people)
            else:
                self.credits.unread += sum(map(len, group.people))
        self.groups = []
