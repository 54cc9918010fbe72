"""贵阳网 (Guiyang Net): the portal of Guiyang's press group."""

from __future__ import annotations

from newscrawl.spiders._founder import FounderSpider


class GywbSpider(FounderSpider):
    """Founder below /content/; Baidu's marks #pubtime_baidu and #source_baidu."""

    name = "gywb"
    title = "贵阳网"
    title_en = "Guiyang Net"
    region = "贵州"
    city = "贵阳"
    level = "city"
    domains = ("gywb.cn",)
    homepage = "http://www.gywb.cn/"
    evidence = "2019-06"
    status = "attested"
