"""无锡新传媒 (Wuxi New Media): the portal of Wuxi's press group."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class WxrbSpider(NewsSpider):
    """Articles /doc/YYYY/MM/DD/id.shtml."""

    name = "wxrb"
    title = "无锡新传媒"
    title_en = "Wuxi New Media"
    region = "江苏"
    city = "无锡"
    level = "city"
    domains = ("wxrb.com",)
    homepage = "http://www.wxrb.com/"
    article_url = r"^/doc/\d{4}/\d{2}/\d{2}/\d+\.shtml$"
    section_url = r"^/(?:node/)?[a-z]+/(?:index\.s?html)?$"
    evidence = "2025-08"
    status = "attested"
