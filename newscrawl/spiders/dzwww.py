"""大众网 (Dazhong Net): the news portal of Shandong's press group."""

from __future__ import annotations

from newscrawl.spiders._trs import TrsSpider


class DzwwwSpider(TrsSpider):
    """TRS; city channels stand on hosts of their own."""

    name = "dzwww"
    title = "大众网"
    title_en = "Dazhong Net"
    region = "山东"
    level = "provincial"
    domains = ("dzwww.com",)
    homepage = "http://www.dzwww.com/"
    sections = ("http://sd.dzwww.com/sdnews/",)
    evidence = "2022-01"
    status = "attested"
