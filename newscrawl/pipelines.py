"""Item pipelines: one-line adapters to the steps of the chain, to the deduplicator and to the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import DropItem

from newscrawl import chain
from newscrawl.crawl.run.context import RunContext, context_of

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

    from newscrawl.items import Article


class Restore:
    """Give mirrored text back as its portal wrote it."""

    def process_item(self, item: Article) -> Article:
        """Run the step."""
        chain.restore_text(item)
        return item


class Dates:
    """Read when the article was published."""

    def process_item(self, item: Article) -> Article:
        """Run the step."""
        chain.read_dates(item)
        return item


class Bylines:
    """Read who wrote the article and who first published it."""

    def process_item(self, item: Article) -> Article:
        """Run the step."""
        chain.read_bylines(item)
        return item


class _WithContext:
    """A pipeline that needs the services of the run."""

    def __init__(self, context: RunContext) -> None:
        self.context = context

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(context_of(crawler))


class Boilerplate(_WithContext):
    """Take out of the body what is not the article, also what the site repeats under many."""

    def process_item(self, item: Article) -> Article:
        """Run the step."""
        self.context.remove_boilerplate(item)
        return item


class Validate(_WithContext):
    """Refuse what is no article."""

    async def process_item(self, item: Article) -> Article:
        """Run the step; DropItem names the reason."""
        try:
            chain.validate(item)
        except chain.RejectedArticleError as reason:
            await self.context.frontier.refuse(item, str(reason))
            raise DropItem(str(reason)) from None
        return item


class Dedup(_WithContext):
    """Recognise copies of articles that the store has."""

    async def process_item(self, item: Article) -> Article:
        """Link the article to its story, or drop it where the setting says so."""
        await self.context.admission.admit(item)
        if item.duplicate_of and self.context.drop_duplicates:
            self.context.admission.drop(item)
            await self.context.frontier.refuse(item, "duplicate")
            raise DropItem("duplicate")
        return item


class Store(_WithContext):
    """Write articles into the store and settle their URLs, in batches."""

    async def process_item(self, item: Article) -> Article:
        """Return when the article is safely stored."""
        await self.context.writer.write(item)
        return item
