"""WordPress and what looks like it: small papers and local sites, /YYYY/MM/DD/name/ or /archives/id."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class WordPressSpider(NewsSpider):
    """Articles by one of WordPress's permalink settings, lists /category/name/, then /category/name/page/2/; a feed.

    Metadata: article:published_time, JSON-LD datePublished; the author is an account. The text stands in
    .entry-content. The homepage announces the feed, so that it need not be named in `indexes`.
    """

    cms = "WordPress"
    article_url = r"^/(?:\d{4}/\d{2}/(?:\d{2}/)?[^/?]+/?|archives/\d+/?|\d+\.html|\?p=\d+)$"
    section_url = r"^/category/(?:[^/?]+/){1,2}(?:page/\d+/)?$"
