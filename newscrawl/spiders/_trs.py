"""TRS WCM: most provincial news portals, /channel/YYYYMM/tYYYYMMDD_id.html."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class TrsSpider(NewsSpider):
    """Articles /channel/YYYYMM/tYYYYMMDD_id.html, lists /channel/, then index_1.html (a script writes those links).

    The number behind the date is hexadecimal, with an s before it, on portals that moved to the later TRS (from about
    2024 on). Further parts of an article are tYYYYMMDD_id_1.html. Metadata: PubDate, ContentSource, ColumnName,
    ArticleTitle; or publishdate, source. The text stands in .TRS_Editor, .trs_editor_view or .TRS_UEDITOR.
    """

    cms = "TRS WCM"
    article_url = r"/\d{6}/t\d{8}_(?:s?[0-9a-f]{20,}|\d+)\.s?html?$"
    section_url = r"^/(?:[a-z][\w-]*/){1,2}(?:index(?:_\d+)?\.s?html?)?$"
