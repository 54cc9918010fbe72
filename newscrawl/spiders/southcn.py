"""南方网 (Southcn): the news portal of Guangdong."""

from __future__ import annotations

from datetime import date

from newscrawl.page import Layout
from newscrawl.spiders._base import NewsSpider


class SouthcnSpider(NewsSpider):
    """Undated URLs of two hexadecimal numbers, channel and article; metadata publishdate and source."""

    name = "southcn"
    title = "南方网"
    title_en = "Southcn"
    region = "广东"
    level = "provincial"
    domains = ("southcn.com",)
    homepage = "https://www.southcn.com/"
    sections = ("https://news.southcn.com/node_179d29f1ce",)
    article_url = r"^/node_[0-9a-f]{10}/[0-9a-f]{10}\.shtml$"
    section_url = r"^/node_[0-9a-f]{10}/?$"
    layouts = (Layout("southcn-2024", body="div#content", title="h2#article_title", since=date(2024, 5, 1)),)
    evidence = "2024-05"
    status = "attested"
