"""中国网 (China.com.cn): a national portal in many languages, with channels for the provinces."""

from __future__ import annotations

from newscrawl.spiders._founder import FounderSpider


class ChinacomcnSpider(FounderSpider):
    """Founder with the ending .shtml; the text stands in #articleBody or .d3_content."""

    name = "chinacomcn"
    title = "中国网"
    title_en = "China.com.cn"
    region = "全国"
    level = "national"
    domains = ("china.com.cn",)
    homepage = "http://www.china.com.cn/"
    sections = ("http://news.china.com.cn/",)
    evidence = "2024-05"
    status = "attested"
