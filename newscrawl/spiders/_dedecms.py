"""DedeCMS (织梦): city portals, /a/channel/YYYY/MMDD/id.html."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class DedeCmsSpider(NewsSpider):
    """Articles /a/channel/YYYY/MMDD/id.html (further parts id_2.html), lists /a/channel/, then list_TYPE_2.html.

    Pages that are not built ahead are /plus/view.php?aid=id. The text stands in .viewbox .content or #articlebody.
    """

    cms = "DedeCMS"
    article_url = r"^/a/(?:[a-z][\w-]*/){1,3}\d{4}/\d{4}/\d+\.html$|^/plus/view\.php\?aid=\d+$"
    section_url = r"^/a/(?:[a-z][\w-]*/){1,2}(?:(?:index|list_\d+_\d+)\.html)?$"
