"""新江南网 (New Jiangnan Net): a commercial portal around Xuzhou and Nanjing that reprints from the whole country."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class XjnnetSpider(NewsSpider):
    """EmpireCMS: /channel/YYYY-MM-DD/id.html, list pages index_2.html, article pages id_2.html."""

    name = "xjnnet"
    title = "新江南网"
    title_en = "New Jiangnan Net"
    region = "江苏"
    level = "commercial"
    cms = "EmpireCMS"
    domains = ("xjnnet.net", "xjnnet.com")
    homepage = "https://www.xjnnet.net/"
    sections = ("https://xjnnet.com/baoliao/",)
    section_url = r"^/[a-z]+/(?:index(?:_\d+)?\.html)?$"
    article_url = r"^/[a-z]+/\d{4}-\d{2}-\d{2}/\d+\.html$"
    evidence = "2026-09"
    status = "attested"
