"""The parameters of near-duplicate recognition, in one place, each with the measurement that chose it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, frozen=True)
class Parameters:
    """What decides whether two texts tell the same; lengths count folded characters (see `fingerprint`)."""

    #: Raised by one when stored fingerprints change their meaning: `newscrawl dedup rebuild` makes them anew.
    version: int = 1
    #: Characters of a shingle.
    shingle: int = 6
    #: One shingle in 2 is kept in the opening, one in 4 in the lead, one in 16 behind it.
    opening: int = 32
    lead: int = 128
    #: No more shingles, and no more facts, of a text are looked at; nor characters of it.
    most_shingles: int = 160
    most_facts: int = 64
    most_runs: int = 16
    most_characters: int = 20_000
    #: A shingle that this many stories hold says nothing; below, it weighs 1 / (stories that hold it).
    common: int = 8
    #: The weight that a story must share to be looked at, and how many stories are looked at.
    least_weight: float = 1.0
    #: The share of a story's shingles that must be shared for the story to be looked at, if less is shared of the text.
    least_overlap: float = 0.2
    most_candidates: int = 4
    #: Containment, in either direction, from which a text is derived from another, and is a copy of it.
    derived: float = 0.5
    copy: float = 0.6
    #: Containment from which one text is taken to lie wholly in another.
    whole: float = 0.8
    #: Of the facts that stand in the same words in both texts, the share that must not differ.
    conflicts: float = 0.25


PARAMETERS = Parameters()
