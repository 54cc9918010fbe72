"""中国西藏网 (China Tibet Online): a portal about Tibet for readers everywhere."""

from __future__ import annotations

from newscrawl.spiders._trs import TrsSpider


class TibetSpider(TrsSpider):
    """TRS; list pages count from 0: index.html, index_1.html."""

    name = "tibet"
    title = "中国西藏网"
    title_en = "China Tibet Online"
    region = "西藏"
    level = "provincial"
    domains = ("tibet.cn",)
    homepage = "http://www.tibet.cn/"
    sections = ("http://www.tibet.cn/cn/news/yc/", "http://www.tibet.cn/cn/news/zx/")
    section_url = r"^/cn/(?:[a-z_]+/){1,2}(?:index(?:_\d+)?\.html)?$"
    evidence = "2018-08"
    status = "attested"
