"""中国西藏新闻网 (China Tibet News): the portal of Tibet Daily."""

from __future__ import annotations

from newscrawl.spiders._trs import TrsSpider


class XzxwSpider(TrsSpider):
    """TRS on two domains, the older one chinatibetnews.com."""

    name = "xzxw"
    title = "中国西藏新闻网"
    title_en = "China Tibet News"
    region = "西藏"
    level = "provincial"
    domains = ("xzxw.com", "chinatibetnews.com")
    homepage = "http://www.xzxw.com/"
    sections = ("http://www.xzxw.com/xw/xzyw/",)
    evidence = "2022-02"
    status = "attested"
