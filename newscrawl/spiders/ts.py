"""天山网 (Tianshan Net): the news portal of Xinjiang."""

from __future__ import annotations

from newscrawl.spiders._system import SystemSpider


class TsSpider(SystemSpider):
    """Articles /system/YYYY/MM/DD/id.shtml on the hosts of the channels."""

    name = "ts"
    title = "天山网"
    title_en = "Tianshan Net"
    region = "新疆"
    level = "provincial"
    domains = ("ts.cn",)
    homepage = "http://www.ts.cn/"
    sections = ("http://news.ts.cn/tp/index.shtml",)
    evidence = "2019-06"
    status = "attested"
