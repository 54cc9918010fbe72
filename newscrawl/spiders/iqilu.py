"""齐鲁网 (Qilu Net): the portal of Shandong's broadcaster, with its app 闪电新闻."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class IqiluSpider(NewsSpider):
    """Two channels, the day, a number."""

    name = "iqilu"
    title = "齐鲁网"
    title_en = "Qilu Net"
    region = "山东"
    level = "provincial"
    domains = ("iqilu.com",)
    homepage = "https://www.iqilu.com/"
    sections = ("https://news.iqilu.com/shandong/shandonggedi/",)
    article_url = r"^/[a-z]+/[a-z]+/\d{8}/\d+\.shtml$"
    section_url = r"^/[a-z]+/[a-z]+/(?:index(?:_\d+)?\.shtml)?$"
    evidence = "2026-10"
    status = "attested"
