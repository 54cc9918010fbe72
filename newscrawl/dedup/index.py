"""The near-duplicate index: finds the story that a text belongs to.

Postings are stories, not copies: only the text that founds a story is indexed, so a text that fifty portals
copy keeps its weight, while boilerplate, which many stories hold, loses it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newscrawl.dedup.fingerprint import EVERYWHERE, Fingerprint, contradict, fingerprint
from newscrawl.dedup.parameters import PARAMETERS
from newscrawl.dedup.postings import Postings

if TYPE_CHECKING:
    from datetime import datetime

_P = PARAMETERS
_FEW = 4.0


@dataclass(slots=True, frozen=True)
class Match:
    """A text that is already known: its id, and the greater containment of the two texts (0 to 1)."""

    id: str
    similarity: float


@dataclass(slots=True, frozen=True)
class Candidate:
    """A story that a text may belong to. inside: how much of the text the story holds; around: the reverse."""

    story: int
    inside: float
    around: float

    @property
    def similarity(self) -> float:
        """The greater of the two containments."""
        return max(self.inside, self.around)


class StoryIndex:
    """The texts that found stories, by number, and the postings that find them."""

    def __init__(self) -> None:
        """Start empty."""
        self.postings = Postings(_P.common)
        self.founders: list[bytes] = []
        self._replaced: list[tuple[int, bytes]] | None = None
        self._marked = 0

    def match(self, text: Fingerprint) -> list[Candidate]:
        """Return the stories that a text belongs to, best first: enough shared, and no facts that contradict."""
        votes: dict[int, float] = {}
        weights = self.postings.weights(text.shingles, votes)
        total = sum(weights.values())
        everywhere = sum(weight for shingle, weight in weights.items() if shingle & EVERYWHERE)
        enough = _P.derived * (everywhere if everywhere >= _FEW else total)
        likely = [
            story
            for story, vote in votes.items()
            if vote >= _P.least_weight and vote >= min(enough, _P.least_overlap * self._size(story))
        ]
        if len(likely) > _P.most_candidates:
            likely = sorted(likely, key=lambda story: (-votes[story], story))[: _P.most_candidates]
        accepted = []
        for story in likely:
            founder = Fingerprint.from_bytes(self.founders[story])
            candidate = self._compare(text, weights, story, founder)
            # Two alerts of fifteen characters may differ in the name of the place alone.
            enough = _P.whole if min(text.length, founder.length) < _P.short else _P.derived
            if candidate.similarity >= enough and not contradict(text, founder):
                accepted.append(candidate)
        return sorted(accepted, key=lambda found: (-found.similarity, found.story))

    def found(self, text: Fingerprint) -> int:
        """Found a story on a text and return its number."""
        story = len(self.founders)
        self.founders.append(text.to_bytes())
        self.postings.add(text.shingles, story)
        return story

    def extends(self, text: Fingerprint, candidate: Candidate) -> bool:
        """Return whether a text is the whole of which the story so far holds only the beginning.

        A digest that contains a story among others does not begin as the story does, and must not draw the others in.
        """
        if candidate.around < _P.whole or candidate.inside >= _P.whole:
            return False
        founder = Fingerprint.from_bytes(self.founders[candidate.story])
        opening = set(founder.shingles[: _P.opening])
        return 2 * len(opening & set(text.shingles[: 2 * _P.opening])) >= len(opening) > 0

    def extend(self, story: int, text: Fingerprint) -> None:
        """Let a longer text stand for a story."""
        before = self.founders[story]
        held = set(Fingerprint.from_bytes(before).shingles)
        if self._replaced is not None:
            self._replaced.append((story, before))
        self.founders[story] = text.to_bytes()
        self.postings.add((shingle for shingle in text.shingles if shingle not in held), story)

    def mark(self, texts: int) -> None:
        """Begin a change of up to so many texts that may be taken back."""
        self.postings.mark(texts * (_P.most_shingles + _P.most_runs))
        self._replaced = []
        self._marked = len(self.founders)

    def take_back(self) -> None:
        """Undo all changes since the mark."""
        self.postings.take_back()
        for story, before in reversed(self._replaced or ()):
            self.founders[story] = before
        del self.founders[self._marked :]
        self._replaced = None

    def keep(self) -> None:
        """End a change: it can no longer be taken back."""
        self.postings.keep()
        self._replaced = None

    def _size(self, story: int) -> int:
        return int.from_bytes(self.founders[story][4:6], "little")

    def _compare(self, text: Fingerprint, weights: dict[int, float], story: int, founder: Fingerprint) -> Candidate:
        shared = weights.keys() & set(founder.shingles)
        others = self.postings.weights(shingle for shingle in founder.shingles if shingle not in weights)
        common = {shingle: weights[shingle] for shingle in shared}
        # The lead is sampled more densely; lengths keep an excerpt of the lead from seeming to hold the whole.
        inside = min(_containment(common, weights), founder.length / max(text.length, 1))
        around = min(_containment(common, common | others), text.length / max(founder.length, 1))
        return Candidate(story, inside, around)


def _containment(shared: dict[int, float], whole: dict[int, float]) -> float:
    """Return the weight of the shared shingles in the whole.

    The lead is sampled more densely, and what is lead in one text may stand further down in the other: then
    the shingles that are kept everywhere tell the truth, if there are enough of them.
    """
    total = sum(whole.values())
    best = sum(shared.values()) / total if total else 0.0
    total = sum(weight for shingle, weight in whole.items() if shingle & EVERYWHERE)
    if total >= _FEW:
        best = max(best, sum(weight for shingle, weight in shared.items() if shingle & EVERYWHERE) / total)
    return best


class NearDuplicateIndex:
    """An online index in memory: ask it for the texts that a text is a copy of, then add the text."""

    def __init__(self) -> None:
        """Start empty."""
        self._stories = StoryIndex()
        self._ids: list[str] = []
        self._last: tuple[str, Fingerprint, list[Candidate]] | None = None

    def query(
        self,
        text: str,
        *,
        title: str | None = None,  # noqa: ARG002 - headlines are changed by copyists and shared by templates
        host: str | None = None,  # noqa: ARG002 - part of the call; boilerplate of a host is taken out before
        published: datetime | None = None,  # noqa: ARG002 - dates in the text itself decide
    ) -> list[Match]:
        """Return the known texts that a text is a copy of, an excerpt of, or derived from, best first.

        title, host, published: facts about the text, None where unknown. None of them decides at present: on the
        labelled stream the text alone does better than the targets, and a fact that is wrong would part true copies.
        """
        found = self._look_up(text)[1]
        return [Match(self._ids[candidate.story], round(candidate.similarity, 4)) for candidate in found]

    def add(
        self,
        id: str,  # noqa: A002 - the name that callers know
        text: str,
        *,
        title: str | None = None,  # noqa: ARG002 - as in query
        host: str | None = None,  # noqa: ARG002 - as in query
        published: datetime | None = None,  # noqa: ARG002 - as in query
    ) -> None:
        """Add a text; a copy of a known text becomes part of its story. Arguments as of `query`."""
        print_, found = self._look_up(text)
        self._last = None
        if not found:
            self._stories.found(print_)
            self._ids.append(id)
        elif self._stories.extends(print_, found[0]):
            self._stories.extend(found[0].story, print_)

    def _look_up(self, text: str) -> tuple[Fingerprint, list[Candidate]]:
        """Fingerprint and match a text once for the query and the add that follows it."""
        if self._last is None or self._last[0] != text:
            print_ = fingerprint(text)
            self._last = (text, print_, self._stories.match(print_))
        return self._last[1:]
