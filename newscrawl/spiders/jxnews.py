"""大江网 (Jiangxi News): the news portal of Jiangxi, with a host for every city."""

from __future__ import annotations

from newscrawl.spiders._system import SystemSpider


class JxnewsSpider(SystemSpider):
    """Articles /system/YYYY/MM/DD/id.shtml."""

    name = "jxnews"
    title = "大江网"
    title_en = "Jiangxi News"
    region = "江西"
    level = "provincial"
    domains = ("jxnews.com.cn",)
    homepage = "https://www.jxnews.com.cn/"
    sections = ("https://jiangxi.jxnews.com.cn/", "http://news.jxnews.com.cn/")
    evidence = "2025-11"
    status = "attested"
