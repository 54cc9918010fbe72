"""The catalogue: what the story log amounts to, kept in memory. It only ever applies entries."""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

from newscrawl.dedup.fingerprint import Fingerprint
from newscrawl.dedup.index import StoryIndex
from newscrawl.dedup.postings import Postings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newscrawl.dedup.log import Entry

_NOBODY = 0xFFFFFFFF
_NEVER = 1 << 62
_MOST_SAME = 9
_LAYOUT = struct.Struct("<IIBBfqqQ")
_KINDS = ("", "exact", "near", "excerpt", "expanded", "derived", "revision", "manual")


@dataclass(slots=True, frozen=True)
class Member:
    """An article of a story; fields as of `newscrawl.dedup.log.Entry`. site: a hash of the site's name."""

    id: str
    story: int
    kind: str
    similarity: float
    rank: int
    published: int
    fetched: int
    digest: int
    site: int

    @property
    def claim(self) -> tuple[int, int, int, str]:
        """Who first published, least first: own credit, no copy marks, earliest publication, earliest fetch, id."""
        return self.rank, self.published or _NEVER, self.fetched or _NEVER, self.id


class Catalogue:
    """Stories and their articles. Articles are packed: half a kilobyte of objects each would not fit a million."""

    def __init__(self) -> None:
        """Start empty."""
        self.index = StoryIndex()
        self.packed: list[bytes] = []  # the articles, in the order of their coming
        self._next = array("I")  # the next member of the same story
        self._first = array("I")  # of each story: one member, the member that names it, the canonical member
        self._named = array("I")
        self._best = array("I")
        self._ids = Postings()
        self._digests = Postings()
        self.joined: dict[int, int] = {}  # stories that were joined to others, by hand
        self._surpassed: list[tuple[int, int]] | None = None
        self._marked = (0, 0)

    def __len__(self) -> int:
        """Return the number of articles."""
        return len(self.packed)

    @property
    def stories(self) -> int:
        """How many stories were ever founded; the number of the next."""
        return len(self._first)

    def story(self, number: int) -> int:
        """Return the number under which a story goes now, after joins."""
        while number in self.joined:
            number = self.joined[number]
        return number

    def member(self, article_id: str) -> Member | None:
        """Return an article's place, None if it is unknown."""
        place = self._place(article_id)
        return None if place is None else self._unpack(place)

    def with_digest(self, digest: int) -> list[Member]:
        """Return articles with this content hash, the latest first: one of each story, and not more than eight."""
        if not digest:
            return []
        found = map(self._unpack, self._digests.of(_low(digest))[:-_MOST_SAME:-1])
        return [member for member in found if member.digest == digest]

    def members(self, story: int) -> list[Member]:
        """Return the articles of a story, in the order in which they came."""
        return [self._unpack(place) for place in self._places(self.story(story))]

    def name(self, story: int) -> str:
        """Return the name of a story: the id of the article that founded it."""
        return self._unpack(self._named[self.story(story)]).id

    def canonical(self, story: int) -> Member | None:
        """Return the article of a story that first published it, None where all have left the story."""
        place = self._best[self.story(story)]
        return None if place == _NOBODY else self._unpack(place)

    def apply(self, entry: Entry) -> None:
        """Do what an entry says."""
        if entry.action == "join":
            old, new = self.story(entry.other), self.story(entry.story)
            if old != new:
                self.joined[old] = new
                self._elect(new)
            return
        founds = entry.story >= self.stories
        if founds:
            for column in (self._first, self._named, self._best):
                column.append(_NOBODY)
            self.index.found(Fingerprint.from_bytes(entry.text))
        elif entry.text:
            self.index.extend(entry.story, Fingerprint.from_bytes(entry.text))
        place = self._place(entry.id)
        if place is None:
            place = self._append(entry)
        else:
            self._move(place, entry)
        if founds:
            self._named[entry.story] = place

    def columns(self) -> list[array[int]]:
        """Return all that is flat, for a snapshot."""
        postings = (self.index.postings, self._ids, self._digests)
        pairs = [column for each in postings for column in (each.keys, each.holders)]
        return [*pairs, self._next, self._first, self._named, self._best]

    def counts(self) -> list[int]:
        """Return how full the postings are, for a snapshot."""
        return [self.index.postings.count, self._ids.count, self._digests.count]

    def restore(self, columns: Sequence[array[int]], counts: Sequence[int], joined: dict[int, int]) -> None:
        """Take over what `columns`, `counts` and `joined` of another catalogue gave."""
        postings = (self.index.postings, self._ids, self._digests)
        for number, (each, count) in enumerate(zip(postings, counts, strict=True)):
            each.keys, each.holders = columns[2 * number : 2 * number + 2]
            each.count = count
        self._next, self._first, self._named, self._best = columns[6:]
        self.joined = joined

    def mark(self, entries: int) -> None:
        """Begin a change of so many additions that may be taken back."""
        self.index.mark(entries)
        self._ids.mark(entries)
        self._digests.mark(entries)
        self._surpassed = []
        self._marked = (len(self.packed), len(self._first))

    def keep(self) -> None:
        """End a change: it can no longer be taken back."""
        self.index.keep()
        self._ids.keep()
        self._digests.keep()
        self._surpassed = None

    def take_back(self) -> None:
        """Undo all additions since the mark (not joins and moves: these are made when the log has taken them)."""
        members, stories = self._marked
        for place in range(len(self.packed) - 1, members - 1, -1):
            self._unlink(place)
        for story, place in reversed(self._surpassed or ()):
            self._best[story] = place
        del self.packed[members:], self._next[members:]
        del self._first[stories:], self._named[stories:], self._best[stories:]
        self.index.take_back()
        self._ids.take_back()
        self._digests.take_back()
        self._surpassed = None

    def _append(self, entry: Entry) -> int:
        place = len(self.packed)
        self.packed.append(_pack(entry))
        self._next.append(_NOBODY)
        self._link(place, entry.story)
        self._ids.add([_key(entry.id)], place)
        if entry.digest and entry.kind != "exact":  # an exact double is found through the text that it doubles
            self._digests.add([_low(entry.digest)], place)
        return place

    def _move(self, place: int, entry: Entry) -> None:
        old = self._unpack(place).story
        self._unlink(place)
        self.packed[place] = _pack(entry)
        self._link(place, entry.story)
        self._elect(self.story(old))

    def _link(self, place: int, story: int) -> None:
        self._next[place], self._first[story] = self._first[story], place
        story = self.story(story)
        best = self._best[story]
        if best == _NOBODY or self._unpack(place).claim < self._unpack(best).claim:
            if self._surpassed is not None:
                self._surpassed.append((story, best))
            self._best[story] = place

    def _unlink(self, place: int) -> None:
        story = self._unpack(place).story
        before, here = _NOBODY, self._first[story]
        while here != place:
            before, here = here, self._next[here]
        if before == _NOBODY:
            self._first[story] = self._next[place]
        else:
            self._next[before] = self._next[place]

    def _elect(self, story: int) -> None:
        places = self._places(story)
        self._best[story] = min(places, key=lambda place: self._unpack(place).claim) if places else _NOBODY

    def _places(self, story: int) -> list[int]:
        places = []
        for number in [story, *(old for old in self.joined if self.story(old) == story)]:
            place = self._first[number]
            while place != _NOBODY:
                places.append(place)
                place = self._next[place]
        return sorted(places)

    def _place(self, article_id: str) -> int | None:
        name = article_id.encode("utf-8", "surrogatepass")
        for place in self._ids.of(_key(article_id)):
            if self.packed[place][_LAYOUT.size :] == name:
                return place
        return None

    def _unpack(self, place: int) -> Member:
        data = self.packed[place]
        story, site, rank, kind, similarity, published, fetched, digest = _LAYOUT.unpack_from(data)
        name = data[_LAYOUT.size :].decode("utf-8", "surrogatepass")
        return Member(name, story, _KINDS[kind], round(similarity, 4), rank, published, fetched, digest, site)


def _pack(entry: Entry) -> bytes:
    kind = _KINDS.index(entry.kind)
    place = (entry.story, site_key(entry.site), entry.rank, kind, entry.similarity)
    name = entry.id.encode("utf-8", "surrogatepass")
    return _LAYOUT.pack(*place, entry.published, entry.fetched, entry.digest) + name


def site_key(site: str) -> int:
    """Return the hash of a site's name that a member keeps; 0 for no name."""
    return _key(site) if site else 0


def _key(name: str) -> int:
    """Return a hash of a name that is not 0."""
    return crc32(name.encode("utf-8", "surrogatepass")) or 1


def _low(digest: int) -> int:
    return digest & 0xFFFFFFFF or 1
