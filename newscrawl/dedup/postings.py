"""A multimap of 32-bit numbers in two flat columns: which stories hold a shingle, which articles have a hash.

A dict of lists costs over 100 bytes an entry; here a slot costs 8 bytes, an entry 11 to 23. Open addressing with linear
probing. Changes can be taken back (`mark`, `take_back`), for writers that lost a race.
"""

from __future__ import annotations

import itertools
from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_FIRST_SLOTS = 1 << 12
#: A column may be this full; then it doubles.
FULLEST = 0.7
#: Stands for the holders of a key that has become common.
_COMMON = 0xFFFFFFFF


class Postings:
    """A multimap from key (32 bits, not 0) to holders; a key that too many hold forgets them.

    keys, holders: columns as long as each other (a power of two); a slot whose key is 0 is empty.
    """

    def __init__(self, common: int = _COMMON) -> None:
        """Start empty; `common` holders of a key are too many."""
        self._common = common
        self.keys: array[int] = _empty(_FIRST_SLOTS)
        self.holders: array[int] = _empty(_FIRST_SLOTS)
        self.count = 0
        self._changes: list[tuple[int, int, int]] | None = None

    def of(self, key: int) -> list[int]:
        """Return the holders of a key, in the order in which they were added."""
        slot, mask = key & (len(self.keys) - 1), len(self.keys) - 1
        found = []
        while other := self.keys[slot]:
            if other == key:
                found.append(self.holders[slot])
            slot = slot + 1 & mask
        return found

    def weights(self, keys: Iterable[int], votes: dict[int, float] | None = None) -> dict[int, float]:
        """Return what each key weighs: 1 / (its holders), 1 for an unknown key, 0 for a common one.

        votes: if given, each holder gets the weights of its keys.
        """
        columns, holders, mask = self.keys, self.holders, len(self.keys) - 1
        weights = {}
        for key in keys:
            slot = key & mask
            while (other := columns[slot]) and other != key:
                slot = slot + 1 & mask
            if not other:
                weights[key] = 1.0
                continue
            if holders[slot] == _COMMON:
                weights[key] = 0.0
                continue
            found = [holders[slot]]
            while other := columns[slot := slot + 1 & mask]:
                if other == key:
                    found.append(holders[slot])
            weight = weights[key] = 1.0 / len(found)
            if votes is not None:
                for holder in found:
                    votes[holder] = votes.get(holder, 0.0) + weight
        return weights

    def add(self, keys: Iterable[int], holder: int) -> None:
        """Note that a holder has these keys; what it had before is left as it is."""
        for key in keys:
            columns, holders, mask = self.keys, self.holders, len(self.keys) - 1
            slot, first, held = key & mask, -1, 0
            while other := columns[slot]:
                if other == key:
                    if first < 0:
                        first = slot
                    held += 1
                    if holders[first] == _COMMON or holders[slot] == holder:
                        break
                slot = slot + 1 & mask
            if other:
                continue
            if held + 1 >= self._common:
                if self._changes is not None:
                    self._changes.append((first, key, holders[first]))
                holders[first] = _COMMON
                continue
            if self._changes is not None:
                self._changes.append((slot, 0, 0))
            columns[slot], holders[slot] = key, holder
            self.count += 1
            if self.count > FULLEST * (mask + 1):
                self._grow()

    def mark(self, coming: int) -> None:
        """Begin a change that may be taken back; room is made for so many entries, so that none moves meanwhile."""
        while self.count + coming > FULLEST * len(self.keys):
            self._grow()
        self._changes = []

    def keep(self) -> None:
        """End a change: it can no longer be taken back."""
        self._changes = None

    def take_back(self) -> None:
        """Undo all changes since the mark, the last first."""
        for slot, key, holder in reversed(self._changes or ()):
            self.count -= not key
            self.keys[slot], self.holders[slot] = key, holder
        self._changes = None

    def _grow(self) -> None:
        """Double the columns; the holders of a key keep their order, so that a mark of commonness stays in front."""
        start = next(slot for slot, key in enumerate(self.keys) if not key)  # no run of full slots crosses this place
        keys, holders = _empty(2 * len(self.keys)), _empty(2 * len(self.keys))
        mask = len(keys) - 1
        for place in itertools.chain(range(start, len(self.keys)), range(start)):
            if key := self.keys[place]:
                slot = key & mask
                while keys[slot]:
                    slot = slot + 1 & mask
                keys[slot], holders[slot] = key, self.holders[place]
        self.keys, self.holders = keys, holders


def _empty(slots: int) -> array[int]:
    return array("I", bytes(4 * slots))
