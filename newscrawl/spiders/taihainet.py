"""台海网 (Taihai Net): a portal of Fujian for both sides of the strait."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class TaihainetSpider(NewsSpider):
    """/news/channels/YYYY-MM-DD/id.html."""

    name = "taihainet"
    title = "台海网"
    title_en = "Taihai Net"
    region = "福建"
    level = "provincial"
    domains = ("taihainet.com",)
    homepage = "http://www.taihainet.com/"
    sections = ("http://www.taihainet.com/news/fujian/",)
    article_url = r"^/news/(?:[a-z]+/){1,3}\d{4}-\d{2}-\d{2}/\d+\.html?$"
    section_url = r"^/news/(?:[a-z]+/){1,2}(?:index\.html)?$"
    evidence = "2025-04"
    status = "attested"
