"""Stories: which articles tell the same, and which of them is the canonical one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newscrawl.dedup.exact import content_hash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newscrawl.items import Article

#: One link for Store.set_story: {id, story_id, duplicate_of, duplicate_kind, similarity}.
Link = dict[str, Any]


class Deduplicator:
    """Puts articles into stories, in the order in which they are admitted."""

    def __init__(self) -> None:
        """Start with no stories."""
        self._first: dict[str, str] = {}

    def admit(self, article: Article) -> list[Link]:
        """Fill story_id, duplicate_of, duplicate_kind and similarity of an article (with id, title and body).

        Returns the links of other articles that changed, for `Store.set_story`.
        """
        return self.admit_many([article])

    def admit_many(self, articles: Sequence[Article]) -> list[Link]:
        """Do as `admit` for a batch, which costs one write to the store's fingerprints."""
        for article in articles:
            digest = article.content_hash or content_hash(article.title, article.body)
            first = self._first.setdefault(digest, article.id) if digest else article.id
            article.story_id = first
            again = first != article.id
            article.duplicate_of, article.duplicate_kind = (first, "exact") if again else ("", "")
            article.similarity = 1.0 if again else 0.0
        return []
