"""新京报 (The Beijing News): a daily of Beijing."""

from __future__ import annotations

from datetime import date

from newscrawl.page import Layout
from newscrawl.spiders._base import NewsSpider


class BjnewsSpider(NewsSpider):
    """Undated URLs since about 2021, the number is a moment in milliseconds and more; dated ones before."""

    name = "bjnews"
    title = "新京报"
    title_en = "The Beijing News"
    region = "北京"
    level = "provincial"
    domains = ("bjnews.com.cn",)
    homepage = "https://www.bjnews.com.cn/"
    article_url = r"^/detail/\d{15,16}\.html$|^/[a-z]+/\d{4}/\d{2}/\d{2}/\d+\.html$"
    section_url = r"^/[a-z]+/?$"
    layouts = (Layout("bjnews-2026", body="#contentStr", meta_line=".left-info", since=date(2026, 4, 1)),)
    evidence = "2026-09"
    status = "attested"
