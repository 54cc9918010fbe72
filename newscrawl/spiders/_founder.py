"""Founder (方正) web publishing: portals of press groups, /YYYY-MM/DD/content_id.htm."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class FounderSpider(NewsSpider):
    """Articles /YYYY-MM/DD/content_id.htm, often below /content/ or a channel; lists node_id.htm, then node_id_2.htm.

    Metadata: publishdate, source, contentid (author is mostly an editor's number). The text stands between
    <!--enpcontent--> comments, in #ozoom or <founder-content>.
    """

    cms = "Founder"
    article_url = r"^/(?:[a-z][\w-]*/){0,4}\d{4}-\d{2}/\d{1,2}/content_\d+\.s?html?$"
    section_url = r"^/(?:[a-z][\w-]*/){0,3}node_\d+(?:_\d+)?\.s?html?$"
