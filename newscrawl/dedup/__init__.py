"""Fingerprints, the near-duplicate index and stories."""

from newscrawl.dedup.exact import content_hash
from newscrawl.dedup.index import Match, NearDuplicateIndex
from newscrawl.dedup.lineage import changes, lineage
from newscrawl.dedup.rebuild import rebuild
from newscrawl.dedup.stories import Deduplicator, Link, StoryConflictError

__all__ = [
    "Deduplicator",
    "Link",
    "Match",
    "NearDuplicateIndex",
    "StoryConflictError",
    "changes",
    "content_hash",
    "lineage",
    "rebuild",
]
