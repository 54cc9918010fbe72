"""厦门网 (Xiamen Net): the portal of Xiamen Daily."""

from __future__ import annotations

from newscrawl.spiders._trs import TrsSpider


class XmnnSpider(TrsSpider):
    """TRS on the hosts of the channels; the text stands in .TRS_Editor."""

    name = "xmnn"
    title = "厦门网"
    title_en = "Xiamen Net"
    region = "福建"
    city = "厦门"
    level = "city"
    domains = ("xmnn.cn",)
    homepage = "https://www.xmnn.cn/"
    sections = ("https://news.xmnn.cn/xmxw/",)
    evidence = "2026-09"
    status = "attested"
