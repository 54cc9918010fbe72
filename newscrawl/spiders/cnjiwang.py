"""中国吉林网 (China Jilin Net): the news portal of Jilin."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class CnjiwangSpider(NewsSpider):
    """/channel/YYYYMM/id.html: the day is on the page."""

    name = "cnjiwang"
    title = "中国吉林网"
    title_en = "China Jilin Net"
    region = "吉林"
    level = "provincial"
    domains = ("cnjiwang.com",)
    homepage = "https://www.cnjiwang.com/"
    sections = ("https://news.cnjiwang.com/jwyc/",)
    article_url = r"^/[a-z]+/\d{6}/\d+\.s?html$"
    section_url = r"^/[a-z]+/(?:index(?:_\d+)?\.s?html)?$"
    evidence = "2026-07"
    status = "attested"
