"""封面新闻 (Cover News): the app and portal of West China City Daily."""

from __future__ import annotations

from datetime import date

from newscrawl.page import Layout
from newscrawl.spiders._base import NewsSpider


class ThecoverSpider(NewsSpider):
    """Undated URLs /news/ with a number, since about 2021 in base64."""

    name = "thecover"
    title = "封面新闻"
    title_en = "Cover News"
    region = "四川"
    level = "provincial"
    domains = ("thecover.cn",)
    homepage = "https://www.thecover.cn/"
    sections = ("https://www.thecover.cn/channel_3560",)
    article_url = r"^/news/(?:\d{5,}|[\w%+-]{18,40}(?:%3D|=){0,2})$"
    section_url = r"^/channel_\d+$"
    layouts = (
        Layout(
            "thecover-2026",
            body="section.article-content",
            title=".main-article h1",
            meta_line=".props-of-title",
            since=date(2026, 4, 1),
        ),
    )
    evidence = "2026-04"
    status = "attested"
