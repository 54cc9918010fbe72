"""每日甘肃网 (Daily Gansu): the news portal of Gansu's press group, with a host for every prefecture."""

from __future__ import annotations

from newscrawl.spiders._system import SystemSpider


class GansudailySpider(SystemSpider):
    """Articles /system/YYYY/MM/DD/id.shtml."""

    name = "gansudaily"
    title = "每日甘肃网"
    title_en = "Daily Gansu"
    region = "甘肃"
    level = "provincial"
    domains = ("gansudaily.com.cn",)
    homepage = "http://www.gansudaily.com.cn/"
    sections = ("http://gansu.gansudaily.com.cn/",)
    evidence = "2026-04"
    status = "attested"
