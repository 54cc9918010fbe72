"""齐鲁晚报网 (Qilu Evening News): the evening paper of Shandong."""

from __future__ import annotations

from newscrawl.spiders._cmstop import CmsTopSpider


class QlwbSpider(CmsTopSpider):
    """CmsTop; the papers of the cities stand on hosts of their own."""

    name = "qlwb"
    title = "齐鲁晚报网"
    title_en = "Qilu Evening News"
    region = "山东"
    level = "provincial"
    domains = ("qlwb.com.cn",)
    homepage = "http://www.qlwb.com.cn/"
    sections = (
        "http://news.qlwb.com.cn/news/",
        "http://linyi.qlwb.com.cn/yaowen/",
        "http://yantai.qlwb.com.cn/yantai/yaowen/",
    )
    section_url = r"^/(?:[a-z]+/){1,2}(?:(?:index|\d{1,3})\.shtml)?$"
    evidence = "2023-03"
    status = "attested"
