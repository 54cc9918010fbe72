"""北方网 (Enorth): the news portal of Tianjin."""

from __future__ import annotations

from newscrawl.spiders._system import SystemSpider


class EnorthSpider(SystemSpider):
    """Articles /system/YYYY/MM/DD/id.shtml, further parts id_01.shtml, on the hosts of the channels."""

    name = "enorth"
    title = "北方网"
    title_en = "Enorth"
    region = "天津"
    level = "provincial"
    domains = ("enorth.com.cn",)
    homepage = "http://www.enorth.com.cn/"
    sections = ("http://news.enorth.com.cn/",)
    evidence = "2026-06"
    status = "attested"
