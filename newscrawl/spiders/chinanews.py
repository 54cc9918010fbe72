"""中国新闻网 (China News Service): the news agency's portal, with a channel for every province."""

from __future__ import annotations

from datetime import date

from newscrawl.page import Layout
from newscrawl.spiders._base import NewsSpider


class ChinanewsSpider(NewsSpider):
    """/channel/YYYY/MM-DD/id.shtml; the provinces' channels stand on hosts of their own with templates of their own."""

    name = "chinanews"
    title = "中国新闻网"
    title_en = "China News Service"
    region = "全国"
    level = "national"
    domains = ("chinanews.com.cn", "chinanews.com")
    homepage = "https://www.chinanews.com.cn/"
    sections = (
        "https://www.chinanews.com.cn/scroll-news/news1.html",
        "http://www.js.chinanews.com.cn/",
        "http://www.zj.chinanews.com.cn/",
        "http://www.ah.chinanews.com.cn/",
        "http://www.xj.chinanews.com.cn/",
    )
    article_url = r"^/(?:[a-z]+/){1,2}\d{4}/\d{2}-\d{2}/\d+\.shtml$"
    section_url = r"^/scroll-news/(?:[a-z]+/)?news\d+\.html$"
    layouts = (
        Layout(
            "chinanews-2026",
            body="div.content_desc, div.t3, div.left_zw",
            drops=(".adInContent",),
            since=date(2026, 4, 1),
        ),
    )
    evidence = "2026-04"
    status = "attested"
