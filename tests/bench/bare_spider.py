"""Bare Scrapy on the demo portal, with a trivial parse: what `bench_crawl` compares with.

usage: python -m tests.bench.bare_spider PORTAL_URL
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import scrapy
from scrapy.crawler import CrawlerProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

ARTICLE = re.compile(r"/[a-z]+/\d{4}-\d{2}-\d{2}/\d+\.html$")
SECTION = re.compile(r"/[a-z]+/(?:index(?:_\d+)?\.html)?$")


class BareSpider(scrapy.Spider):
    """Follows every list page and every article link; an item is URL, title and the text of all paragraphs."""

    name = "bare"

    def parse(self, response: Any) -> Iterator[Any]:
        """Follow a list page."""
        for href in response.css("a::attr(href)").getall():
            url = response.urljoin(href)
            if ARTICLE.search(url):
                yield scrapy.Request(url, callback=self.parse_article)
            elif SECTION.search(url):
                yield scrapy.Request(url, callback=self.parse)

    def parse_article(self, response: Any) -> Iterator[Any]:
        """Take the title and the paragraphs."""
        yield {"url": response.url, "title": response.css("h1::text").get(), "text": response.css("p::text").getall()}


if __name__ == "__main__":
    process = CrawlerProcess(
        {
            "LOG_LEVEL": "ERROR",
            "ROBOTSTXT_OBEY": True,
            "TELNETCONSOLE_ENABLED": False,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
            "STATS_DUMP": False,
        }
    )
    crawler = process.create_crawler(BareSpider)
    process.crawl(crawler, start_urls=[sys.argv[1]])
    process.start()
    sys.stdout.write(f"{crawler.stats.get_value('item_scraped_count')}\n")
