"""安徽网 (Anhui Net (Dawan News)): the portal of Anhui's evening paper and its app 大皖新闻."""

from __future__ import annotations

from newscrawl.spiders._cmstop import CmsTopSpider


class AhwangSpider(CmsTopSpider):
    """/channel/YYYY/MMDD/id.html, before about 2024 /channel/YYYYMMDD/id.html."""

    name = "ahwang"
    title = "安徽网"
    title_en = "Anhui Net (Dawan News)"
    region = "安徽"
    level = "provincial"
    domains = ("ahwang.cn",)
    homepage = "http://www.ahwang.cn/"
    sections = ("http://www.ahwang.cn/anhui/",)
    article_url = r"^/(?:[a-z]+/){1,2}(?:\d{4}/\d{4}|\d{8})/\d+\.s?html$"
    evidence = "2024-10"
    status = "attested"
