"""荆楚网 (Jingchu Net): the news portal of Hubei's press group."""

from __future__ import annotations

from newscrawl.spiders._founder import FounderSpider


class CnhubeiSpider(FounderSpider):
    """Founder below /content/ on the hosts of the channels."""

    name = "cnhubei"
    title = "荆楚网"
    title_en = "Jingchu Net"
    region = "湖北"
    level = "provincial"
    domains = ("cnhubei.com",)
    homepage = "http://www.cnhubei.com/"
    sections = ("http://news.cnhubei.com/",)
    evidence = "2021-03"
    status = "attested"
