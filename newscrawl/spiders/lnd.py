"""北国网 (Liaoning Daily (Lnd)): the portal of Liaoning's press group."""

from __future__ import annotations

from newscrawl.spiders._system import SystemSpider


class LndSpider(SystemSpider):
    """Articles /system/YYYY/MM/DD/id.shtml on the hosts of the channels."""

    name = "lnd"
    title = "北国网"
    title_en = "Liaoning Daily (Lnd)"
    region = "辽宁"
    level = "provincial"
    domains = ("lnd.com.cn",)
    homepage = "http://www.lnd.com.cn/"
    sections = ("http://news.lnd.com.cn/", "http://liaoning.lnd.com.cn/")
    evidence = "2026-10"
    status = "attested"
