"""内蒙古新闻网 (Inner Mongolia News): the news portal of Inner Mongolia."""

from __future__ import annotations

from newscrawl.spiders._system import SystemSpider


class NmgnewsSpider(SystemSpider):
    """Articles /system/YYYY/MM/DD/id.shtml on the hosts of the channels."""

    name = "nmgnews"
    title = "内蒙古新闻网"
    title_en = "Inner Mongolia News"
    region = "内蒙古"
    level = "provincial"
    domains = ("nmgnews.com.cn",)
    homepage = "http://www.nmgnews.com.cn/"
    sections = ("http://inews.nmgnews.com.cn/",)
    evidence = "2026-03"
    status = "attested"
