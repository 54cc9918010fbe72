"""上游新闻 (Upstream News): the app and portal of Chongqing Morning Post."""

from __future__ import annotations

from newscrawl.spiders._empirecms import EmpireCmsSpider


class CqcbSpider(EmpireCmsSpider):
    """EmpireCMS with two pages an article; the desktop one is id_pc.html."""

    name = "cqcb"
    title = "上游新闻"
    title_en = "Upstream News"
    region = "重庆"
    level = "provincial"
    domains = ("cqcb.com",)
    homepage = "https://www.cqcb.com/"
    sections = ("https://www.cqcb.com/hot/", "https://www.cqcb.com/headline/")
    evidence = "2026-06"
    status = "attested"
