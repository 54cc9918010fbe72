"""重庆日报 (Chongqing Daily): the party paper of Chongqing."""

from __future__ import annotations

from newscrawl.spiders._empirecms import EmpireCmsSpider


class CqrbSpider(EmpireCmsSpider):
    """The same system as 上游新闻: /shishi/YYYY-MM-DD/id_pc.html."""

    name = "cqrb"
    title = "重庆日报"
    title_en = "Chongqing Daily"
    region = "重庆"
    level = "provincial"
    domains = ("cqrb.cn",)
    homepage = "https://www.cqrb.cn/"
    sections = ("https://www.cqrb.cn/shishi/",)
    evidence = "2026-07"
    status = "attested"
