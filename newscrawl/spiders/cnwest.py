"""西部网 (Western Net (Shaanxi)): the news portal of Shaanxi."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class CnwestSpider(NewsSpider):
    """/channel/a/YYYY/MM/DD/id.html; list pages index_2.html."""

    name = "cnwest"
    title = "西部网"
    title_en = "Western Net (Shaanxi)"
    region = "陕西"
    level = "provincial"
    domains = ("cnwest.com",)
    homepage = "http://www.cnwest.com/"
    sections = ("http://news.cnwest.com/sxxw/index.html", "http://news.cnwest.com/dishi/index.html")
    article_url = r"^/\w+/a/\d{4}/\d{2}/\d{2}/\d+\.html$"
    section_url = r"^/[a-z]+/(?:index(?:_\d+)?\.html)?$"
    evidence = "2018-12"
    status = "attested"
