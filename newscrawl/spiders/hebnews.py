"""河北新闻网 (Hebei News): the news portal of Hebei's press group."""

from __future__ import annotations

from newscrawl.spiders._founder import FounderSpider


class HebnewsSpider(FounderSpider):
    """Founder on the hosts of the channels (hebei., comment.)."""

    name = "hebnews"
    title = "河北新闻网"
    title_en = "Hebei News"
    region = "河北"
    level = "provincial"
    domains = ("hebnews.cn",)
    homepage = "http://www.hebnews.cn/"
    sections = ("http://hebei.hebnews.cn/",)
    evidence = "2026-08"
    status = "attested"
