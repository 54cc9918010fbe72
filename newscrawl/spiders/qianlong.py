"""千龙网 (Qianlong): the news portal of Beijing."""

from __future__ import annotations

from newscrawl.spiders._cmstop import CmsTopSpider


class QianlongSpider(CmsTopSpider):
    """CmsTop on the hosts of the channels (beijing., china., finance.)."""

    name = "qianlong"
    title = "千龙网"
    title_en = "Qianlong"
    region = "北京"
    level = "provincial"
    domains = ("qianlong.com",)
    homepage = "http://www.qianlong.com/"
    sections = ("http://beijing.qianlong.com/",)
    evidence = "2026-07"
    status = "attested"
