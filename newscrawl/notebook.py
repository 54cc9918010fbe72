"""The corpus in a notebook: `newscrawl.open_store().articles(site="xjnnet", since="2026-09-01").to_pandas()`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newscrawl.store import ArticleFilter
from newscrawl.store import open_store as open_plain_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from newscrawl.items import Article
    from newscrawl.store import Store


@dataclass(slots=True)
class Articles:
    """A selection of articles, read from the store whenever it is gone through; newest first."""

    store: Store
    where: ArticleFilter
    limit: int | None = None

    def __iter__(self) -> Iterator[Article]:
        return self.store.articles(self.where, newest_first=True, limit=self.limit)

    def __len__(self) -> int:
        count = self.store.count(self.where)
        return count if self.limit is None else min(count, self.limit)

    def to_pandas(self) -> Any:
        """Return a pandas DataFrame, a row an article. Raises ExportError where pandas is not installed."""
        from newscrawl.store.export_frame import to_pandas

        return to_pandas(self)


class Corpus:
    """A store, as a notebook asks it. `store` has all the rest."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def articles(self, *, limit: int | None = None, **where: str) -> Articles:
        """Return the articles of a site, section, reporter, source, status or story_id, since and until a day.

        Days are YYYY-MM-DD, both included. Raises TypeError for a field that there is none of.
        """
        return Articles(self.store, ArticleFilter(**where), limit)  # type: ignore[arg-type]  # checked by the store

    def article(self, id_or_url: str) -> Article | None:
        """Return the article of an id or an address, None where it is not in the corpus."""
        return next(iter(self.store.find(id_or_url)), None)

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_store(uri: str | None = None) -> Corpus:
    """Open the corpus at a store's address, by default that of the environment. Raises StoreError."""
    return Corpus(open_plain_store(uri))
