"""云南网 (Yunnan Net): the news portal of Yunnan."""

from __future__ import annotations

from newscrawl.spiders._system import SystemSpider


class YunnanSpider(SystemSpider):
    """Articles /system/YYYY/MM/DD/id.shtml on the hosts of the channels."""

    name = "yunnan"
    title = "云南网"
    title_en = "Yunnan Net"
    region = "云南"
    level = "provincial"
    domains = ("yunnan.cn",)
    homepage = "http://www.yunnan.cn/"
    sections = ("http://society.yunnan.cn/shrd/", "http://society.yunnan.cn/ynkd/")
    evidence = "2026-08"
    status = "attested"
