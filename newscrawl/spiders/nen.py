"""东北新闻网 (Northeast News (Nen)): a news portal of Liaoning."""

from __future__ import annotations

from newscrawl.spiders._system import SystemSpider


class NenSpider(SystemSpider):
    """/network/CHANNELS/YYYY/MM/DD/id.shtml, older ones /system/…."""

    name = "nen"
    title = "东北新闻网"
    title_en = "Northeast News (Nen)"
    region = "辽宁"
    level = "provincial"
    domains = ("nen.com.cn",)
    homepage = "http://www.nen.com.cn/"
    sections = ("http://liaoning.nen.com.cn/szyw_new/",)
    article_url = r"^/(?:network/(?:[a-z]+/){1,3}|system/)\d{4}/\d{2}/\d{2}/\d+\.shtml$"
    section_url = r"^/(?:network/)?(?:[a-z_]+/){1,3}(?:index\w*\.shtml)?$"
    evidence = "2023-12"
    status = "attested"
