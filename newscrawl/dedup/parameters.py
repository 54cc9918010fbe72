"""The parameters of near-duplicate recognition, in one place, each with the measurement that chose it.

Measured on the labelled stream (21,294 documents, 12,000 copies; `tests/bench/bench_dedup.py`), precision / recall of
one order: .9986 / .9988. Beside each parameter stands what another value gives, the others being as they are here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, frozen=True)
class Parameters:
    """What decides whether two texts tell the same; lengths count folded characters (see `fingerprint`)."""

    #: Raised by one when stored fingerprints change their meaning: `newscrawl dedup rebuild` makes them anew.
    version: int = 1
    #: Characters of a shingle (5: .9991 / .9990, 8: .9987 / .9978).
    shingle: int = 6
    #: Every shingle is kept in the opening, one in 4 in the lead, one in 16 behind it. Without an opening, 7 of 1,370
    #: first paragraphs are missed (they have 13 to 18 characters), and short alerts cannot be told apart; a lead of
    #: 200 finds 4 more of 12,000 copies and costs a fifth more time and memory.
    opening: int = 16
    lead: int = 64
    #: No more shingles, facts and runs of numbers of a text are looked at; nor characters of it.
    most_shingles: int = 160
    most_facts: int = 64
    most_runs: int = 16
    most_characters: int = 20_000
    #: A shingle that this many stories hold says nothing; below, it weighs 1 / (stories that hold it)
    #: (4: .9990 / .9990, 16: .9988 / .9990).
    common: int = 8
    #: The weight that a story must share to be looked at (.5 and 2: as good), and how many stories are looked at
    #: (2 and 8: as good).
    least_weight: float = 1.0
    most_candidates: int = 4
    #: The share of a story's shingles that must be shared for the story to be looked at, if less is shared of the
    #: text (.1: .0001 less precise, .3: .0002 more).
    least_overlap: float = 0.2
    #: Containment, in either direction, from which a text is derived from another (.35: .9968 / .9994, .45: .9985 /
    #: .9992, .55: .9992 / .9986), and is a copy of it.
    derived: float = 0.5
    copy: float = 0.6
    #: Containment from which one text is taken to lie wholly in another; a text shorter than `short` must.
    whole: float = 0.8
    short: int = 40
    #: Of the facts that stand in the same words in both texts, the share that may differ (.1: .9988 / .9988 and .4:
    #: .9983 / .9992 beside .9985 / .9992, measured with `derived` .45). Only 4 of 12,000 copies contradict their
    #: original; without any comparison of facts precision is .9903.
    conflicts: float = 0.25


PARAMETERS = Parameters()
