"""红星新闻 (Red Star News): the portal of Chengdu Business Daily and its app 红星新闻."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class CdsbSpider(NewsSpider):
    """Articles lie on static.cdsb.com by month and hexadecimal number; the day is on the page."""

    name = "cdsb"
    title = "红星新闻"
    title_en = "Red Star News"
    region = "四川"
    city = "成都"
    level = "city"
    domains = ("cdsb.com",)
    homepage = "https://www.cdsb.com/"
    article_url = r"^//static\.cdsb\.com/micropub/Articles/\d{6}/[0-9a-f]{32}\.html$"
    section_url = r"^/Home/[Ii]ndex/index/channel_id/\d+\.html$"
    evidence = "2026-08"
    status = "attested"
