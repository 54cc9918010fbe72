"""龙虎网 (Longhoo Net): the news portal of Nanjing."""

from __future__ import annotations

from newscrawl.spiders._phpcms import PhpCmsSpider


class LonghooSpider(PhpCmsSpider):
    """PHPCMS with the year before the channel: /2026/gaochun_0710/870661.html."""

    name = "longhoo"
    title = "龙虎网"
    title_en = "Longhoo Net"
    region = "江苏"
    city = "南京"
    level = "city"
    domains = ("longhoo.net",)
    homepage = "http://www.longhoo.net/"
    sections = ("http://news.longhoo.net/",)
    evidence = "2026-07"
    status = "attested"
