"""Where articles go: through deduplication into the store, in batches, in order."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newscrawl.dedup import Deduplicator
    from newscrawl.dedup.fingerprint import Fingerprint
    from newscrawl.items import Article
    from newscrawl.store import Store

BATCH = 100
#: What an article says of its story.
STORY_FIELDS = ("story_id", "duplicate_of", "duplicate_kind", "similarity")


class Sink(Protocol):
    """Takes what a replay finds, in the order of time."""

    counts: Counter[str]

    def article(self, article: Article, text: Fingerprint) -> None:
        """Take an article that is done."""

    def seen(self, article_id: str, at: datetime) -> None:
        """Take note that an article still stood at a moment."""

    def refused(self, url: str, canonical: str, at: datetime, reason: str) -> None:
        """Take note of a page that is no article."""

    def flush(self) -> None:
        """Return when everything so far is in the store."""

    def close(self) -> None:
        """Flush and let go."""


class StoreSink:
    """Writes to a store. A reading of the same fetch that the store has gives way to the new one."""

    def __init__(self, store: Store, deduplicator: Deduplicator | None, *, batch: int = BATCH) -> None:
        self.store = store
        self.deduplicator = deduplicator
        self.batch = batch
        self.counts: Counter[str] = Counter()
        self._articles: list[Article] = []
        self._texts: list[Fingerprint] = []
        self._seen: dict[str, datetime] = {}

    def article(self, article: Article, text: Fingerprint) -> None:
        """See `Sink.article`."""
        if article.id in self._seen:
            self.flush()  # that it was seen is said of the version before
        self._articles.append(article)
        self._texts.append(text)
        if len(self._articles) >= self.batch:
            self.flush()

    def seen(self, article_id: str, at: datetime) -> None:
        """See `Sink.seen`."""
        self._seen[article_id] = max(at, self._seen.get(article_id, at))
        if len(self._seen) >= 10 * self.batch:
            self.flush()

    def refused(self, url: str, canonical: str, at: datetime, reason: str) -> None:
        """See `Sink.refused`."""

    def flush(self) -> None:
        """See `Sink.flush`."""
        articles, self._articles = self._articles, []
        texts, self._texts = self._texts, []
        if articles:
            self.counts.update(self._put(articles, texts))
        by_moment: dict[datetime, list[str]] = {}
        for article_id, at in self._seen.items():
            by_moment.setdefault(at, []).append(article_id)
        self._seen = {}
        for at, ids in by_moment.items():
            self.store.mark_seen(ids, at)

    def _put(self, articles: list[Article], texts: list[Fingerprint]) -> Sequence[str]:
        if self.deduplicator is None:
            return self.store.put(articles, replace=True)
        unknown = self.deduplicator.unknown(article.id for article in articles)
        links = self.deduplicator.admit_many(articles, texts=texts)
        outcomes = self.store.put(articles, replace=True)
        for article, outcome in zip(articles, outcomes, strict=True):
            if outcome not in ("new", "forgotten") and article.id in unknown:  # a crawl that looked for no copies
                links.append({"id": article.id, **{name: getattr(article, name) for name in STORY_FIELDS}})
        if links:
            self.store.set_story(links)
        return outcomes

    def close(self) -> None:
        """See `Sink.close`."""
        self.flush()
        if self.deduplicator is not None:
            self.deduplicator.close()
