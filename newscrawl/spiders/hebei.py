"""长城网 (Great Wall Net (Hebei)): a news portal of Hebei."""

from __future__ import annotations

from newscrawl.spiders._system import SystemSpider


class HebeiSpider(SystemSpider):
    """Articles /system/YYYY/MM/DD/id.shtml on the hosts of the channels."""

    name = "hebei"
    title = "长城网"
    title_en = "Great Wall Net (Hebei)"
    region = "河北"
    level = "provincial"
    domains = ("hebei.com.cn",)
    homepage = "http://www.hebei.com.cn/"
    sections = ("http://news.hebei.com.cn/",)
    evidence = "2019-06"
    status = "attested"
