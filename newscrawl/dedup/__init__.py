"""Fingerprints, the near-duplicate index and stories."""

from newscrawl.dedup.exact import content_hash
from newscrawl.dedup.index import Match, NearDuplicateIndex
from newscrawl.dedup.stories import Deduplicator

__all__ = ["Deduplicator", "Match", "NearDuplicateIndex", "content_hash"]
