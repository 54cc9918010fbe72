"""武进新闻网 (Wujin News): the portal of Wujin, a district of Changzhou."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class Wj001Spider(NewsSpider):
    """Articles lie in a folder of their day, as EmpireCMS builds them."""

    name = "wj001"
    title = "武进新闻网"
    title_en = "Wujin News"
    region = "江苏"
    city = "常州"
    level = "county"
    domains = ("wj001.com",)
    homepage = "http://www.wj001.com/"
    article_url = r"^/(?:[a-z]\w*/){1,3}\d{4}-\d{2}-\d{2}/\d+\.s?html?$"
    section_url = r"^/[a-z]\w*/(?:index(?:_\d+)?\.html)?$"
    schedule = "6h"
    evidence = "2019-06"
    status = "attested"
