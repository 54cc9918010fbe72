"""CmsTop (思拓合众): evening papers and city portals, /YYYY/MMDD/id.shtml."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class CmsTopSpider(NewsSpider):
    """Articles /YYYY/MMDD/id.shtml (further parts id_2.shtml), channels /name/, sometimes before the year.

    The text stands in .article-content, its meta line in .article-infos with .date, .source and .editor.
    """

    cms = "CmsTop"
    article_url = r"^/(?:[a-z][\w-]*/){0,2}\d{4}/\d{4}/\d+\.s?html?$"
    section_url = r"^/[a-z][\w-]*/(?:(?:index|\d{1,3})\.s?html)?$"
