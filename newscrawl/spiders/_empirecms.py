"""EmpireCMS (帝国CMS): small and commercial portals, /channel/YYYY-MM-DD/id.html."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class EmpireCmsSpider(NewsSpider):
    """Articles /channel/YYYY-MM-DD/id.html (further parts id_2.html), lists /channel/, then /channel/index_2.html.

    The date stands in the URL (class setting `newspath` Y-m-d), the text mostly in #text or .newstext; portals that
    build their pages twice call the desktop one id_pc.html.
    """

    cms = "EmpireCMS"
    article_url = r"^/(?:[a-z][\w-]*/){1,3}\d{4}-\d{2}-\d{2}/\d+(?:_pc)?\.html$"
    section_url = r"^/[a-z][\w-]*/(?:index(?:_\d+)?\.html)?$"
