"""新民网 (Xinmin Net): the portal of Shanghai's evening paper."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class XinminSpider(NewsSpider):
    """/YYYY/MM/DD/id.html on the hosts of the channels."""

    name = "xinmin"
    title = "新民网"
    title_en = "Xinmin Net"
    region = "上海"
    level = "provincial"
    domains = ("xinmin.cn",)
    homepage = "http://www.xinmin.cn/"
    sections = ("http://news.xinmin.cn/",)
    article_url = r"^/(?:[a-z]+/)*\d{4}/\d{2}/\d{2}/\d+\.html?$"
    section_url = r"^/[a-z]+/(?:index\.html?)?$"
    evidence = "2023-03"
    status = "attested"
