"""苏州新闻网 (Suzhou News): the portal of Suzhou's press group."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class SubaonetSpider(NewsSpider):
    """The year stands before the channels, the day behind them; numbers were decimal until about 2024."""

    name = "subaonet"
    title = "苏州新闻网"
    title_en = "Suzhou News"
    region = "江苏"
    city = "苏州"
    level = "city"
    domains = ("subaonet.com",)
    homepage = "http://www.subaonet.com/"
    article_url = r"^/\d{4}/(?:[a-z][a-z0-9_]*/)*\d{4}/[0-9A-Za-z]{6,8}\.s?html$"
    section_url = r"^/(?:[a-z][a-z_]*/){1,2}(?:index\.s?html)?$"
    evidence = "2026-07"
    status = "attested"
