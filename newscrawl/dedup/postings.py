"""Postings: which stories hold a shingle. One flat hash table of 64-bit entries, in memory or mapped from a file.

A dict of lists costs over 100 bytes a posting; this table costs 8 bytes a slot, 11 to 22 a posting. An entry
is the shingle (32 bits) above the story's number plus one (32 bits); 0 is an empty slot. Open addressing,
linear probing.
"""

from __future__ import annotations

import itertools
from array import array
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

_FIRST_SLOTS = 1 << 16
_FULLEST = 0.6
#: Stands for the stories of a shingle that has become common.
_COMMON = 0xFFFFFFFF

Numbers: TypeAlias = "array[int] | memoryview[int]"


class Postings:
    """A multimap from shingle (32 bits, not 0) to stories; a shingle that too many stories hold forgets them.

    shingles, stories: two columns of 32-bit numbers, as long as each other (a power of two); a slot whose shingle is 0
    is empty.
    """

    def __init__(
        self, common: int, shingles: Numbers | None = None, stories: Numbers | None = None, count: int = 0
    ) -> None:
        """Start empty, or with columns of which `count` slots are in use; `common` stories are too many."""
        self._common = common
        self.shingles: Numbers = _empty(_FIRST_SLOTS) if shingles is None else shingles
        self.stories: Numbers = _empty(_FIRST_SLOTS) if stories is None else stories
        self.count = count

    def weights(self, shingles: Iterable[int], votes: dict[int, float] | None = None) -> dict[int, float]:
        """Return what each shingle weighs: 1 / (stories that hold it), 0 where these are too many.

        votes: if given, each story gets the weights of the shingles that it holds.
        """
        keys, stories, mask = self.shingles, self.stories, len(self.shingles) - 1
        weights = {}
        for shingle in shingles:
            slot = shingle & mask
            holders = []
            while key := keys[slot]:
                if key == shingle:
                    holders.append(stories[slot])
                    if holders[0] == _COMMON:
                        break
                slot = slot + 1 & mask
            if not holders:
                weights[shingle] = 1.0
            elif holders[0] == _COMMON:
                weights[shingle] = 0.0
            else:
                weight = weights[shingle] = 1.0 / len(holders)
                if votes is not None:
                    for story in holders:
                        votes[story] = votes.get(story, 0.0) + weight
        return weights

    def add(self, shingles: Iterable[int], story: int) -> None:
        """Note that a story holds these shingles, none of which it held before."""
        for shingle in shingles:
            keys, stories, mask = self.shingles, self.stories, len(self.shingles) - 1
            slot, first, held = shingle & mask, -1, 0
            while key := keys[slot]:
                if key == shingle:
                    if first < 0:
                        first = slot
                    held += 1
                    if stories[first] == _COMMON:
                        break
                slot = slot + 1 & mask
            if key:
                continue
            if held + 1 >= self._common:
                stories[first] = _COMMON
                continue
            keys[slot], stories[slot] = shingle, story
            self.count += 1
            if self.count > _FULLEST * (mask + 1):
                self._grow()

    def _grow(self) -> None:
        """Double the columns; the holders of a shingle keep their order, so that its mark stays in front."""
        start = next(slot for slot, key in enumerate(self.shingles) if not key)  # where no run of slots wraps around
        places = itertools.chain(range(start, len(self.shingles)), range(start))
        keys, stories = _empty(2 * len(self.shingles)), _empty(2 * len(self.shingles))
        mask = len(keys) - 1
        for place in places:
            if key := self.shingles[place]:
                slot = key & mask
                while keys[slot]:
                    slot = slot + 1 & mask
                keys[slot], stories[slot] = key, self.stories[place]
        self.shingles, self.stories = keys, stories


def _empty(slots: int) -> array[int]:
    return array("I", bytes(4 * slots))
