"""广西新闻网 (Guangxi News): the news portal of Guangxi."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class GxnewsSpider(NewsSpider):
    """/staticpages/YYYYMMDD/newgx, the moment in hexadecimal, a number."""

    name = "gxnews"
    title = "广西新闻网"
    title_en = "Guangxi News"
    region = "广西"
    level = "provincial"
    domains = ("gxnews.com.cn",)
    homepage = "https://www.gxnews.com.cn/"
    sections = ("http://news.gxnews.com.cn/",)
    article_url = r"^/staticpages/\d{8}/newgx[0-9a-f]{8}-\d+(?:-\d+)?\.shtml$"
    section_url = r"^/(?:[a-z]+/)?more/\d+(?:-\d+)?\.shtml$"
    evidence = "2026-07"
    status = "attested"
