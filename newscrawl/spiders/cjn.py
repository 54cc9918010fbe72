"""长江网 (Changjiang Net): the portal of Wuhan's press group."""

from __future__ import annotations

from newscrawl.spiders._trs import TrsSpider


class CjnSpider(TrsSpider):
    """TRS without the day: /channels/YYYYMM/tID.htm; it stands in .pub-time on the page."""

    name = "cjn"
    title = "长江网"
    title_en = "Changjiang Net"
    region = "湖北"
    city = "武汉"
    level = "city"
    domains = ("cjn.cn",)
    homepage = "http://www.cjn.cn/"
    sections = ("http://news.cjn.cn/",)
    article_url = r"^/(?:\w+/){1,3}\d{6}/t\d{7,8}\.html?$"
    section_url = r"^/(?:[a-z]\w*/){1,2}(?:index(?:_\d+)?\.html?)?$"
    evidence = "2024-03"
    status = "attested"
