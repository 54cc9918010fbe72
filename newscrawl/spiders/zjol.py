"""浙江在线 (Zhejiang Online): the news portal of Zhejiang."""

from __future__ import annotations

from newscrawl.spiders._trs import TrsSpider


class ZjolSpider(TrsSpider):
    """TRS on the hosts of the channels; tYYYYMMDD_id_ext.shtml is another view of the same page."""

    name = "zjol"
    title = "浙江在线"
    title_en = "Zhejiang Online"
    region = "浙江"
    level = "provincial"
    domains = ("zjol.com.cn",)
    homepage = "https://www.zjol.com.cn/"
    sections = ("https://zjnews.zjol.com.cn/zjnews/",)
    article_url = r"/\d{6}/t\d{8}_\d+(?:_ext)?\.s?html$"
    section_url = r"^/(?:[a-z]\w*/){1,2}(?:index(?:_\d+)?\.s?html?)?$"
    evidence = "2026-08"
    status = "attested"
