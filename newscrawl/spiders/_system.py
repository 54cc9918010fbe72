"""The CMS whose addresses begin with /system/: portals of the north and south-west, /system/YYYY/MM/DD/id.shtml."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class SystemSpider(NewsSpider):
    """Articles /system/YYYY/MM/DD/id.shtml (further parts id_01.shtml), the date always in the URL.

    Lists are channel directories; their further pages, newest last, are /system/count//…/c…_000000001.shtml.
    """

    cms = "system"
    article_url = r"^/(?:[a-z][\w-]*/)?system/\d{4}/\d{2}/\d{2}/\d+\.s?html$"
    section_url = r"^/(?:[a-z][\w-]*/){1,3}(?:index\.s?html)?$"
