"""南海网 (Hinews): the news portal of Hainan."""

from __future__ import annotations

from newscrawl.spiders._system import SystemSpider


class HinewsSpider(SystemSpider):
    """/news/system/YYYY/MM/DD/id.shtml, later page?n=id, of which canonical URLs keep the number alone."""

    name = "hinews"
    title = "南海网"
    title_en = "Hinews"
    region = "海南"
    level = "provincial"
    domains = ("hinews.cn",)
    homepage = "http://www.hinews.cn/"
    sections = ("http://www.hinews.cn/news/",)
    article_url = r"^/news/system/\d{4}/\d{2}/\d{2}/\d+\.shtml$|^/page\?n=\d+$"
    evidence = "2026-05"
    status = "attested"
