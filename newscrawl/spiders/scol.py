"""四川在线 (Sichuan Online): the portal of Sichuan Daily, with its app 川观新闻."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class ScolSpider(NewsSpider):
    """/channel/YYYYMM/id.html on the hosts of the cities; 川观新闻 is cbgc./news/id, undated; old pages are GBK."""

    name = "scol"
    title = "四川在线"
    title_en = "Sichuan Online"
    region = "四川"
    level = "provincial"
    domains = ("scol.com.cn",)
    homepage = "https://www.scol.com.cn/"
    sections = ("https://sichuan.scol.com.cn/",)
    article_url = (
        r"^//cbgc\.scol\.com\.cn/news/\d+$"
        r"|^//[\w.]+/[a-z]+/\d{6}/\d+\.html$"
        r"|^//[\w.]+/shtml/\w+/\d{8}/\d+\.shtml$"
    )
    section_url = r"^/[a-z]+/(?:index\.html)?$"
    evidence = "2026-06"
    status = "attested"
