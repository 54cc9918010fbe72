"""大洋网 (Dayoo): the portal of Guangzhou Daily."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class DayooSpider(NewsSpider):
    """Channel, month, day, then two numbers: /sports/202610/04/140001_55009796.htm."""

    name = "dayoo"
    title = "大洋网"
    title_en = "Dayoo"
    region = "广东"
    city = "广州"
    level = "city"
    domains = ("dayoo.com",)
    homepage = "https://www.dayoo.com/"
    sections = ("https://news.dayoo.com/",)
    article_url = r"^/[a-z]+/\d{6}/\d{2}/\d+_\d+\.htm$"
    section_url = r"^/[a-z]+/(?:index\.shtml)?$"
    evidence = "2026-10"
    status = "attested"
