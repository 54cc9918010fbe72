"""北青网 (Beijing Youth Daily (Ynet)): the portal of Beijing Youth Daily."""

from __future__ import annotations

from datetime import date

from newscrawl.page import Layout
from newscrawl.spiders._base import NewsSpider


class YnetSpider(NewsSpider):
    """The number of the article and, behind a t, that of its channel. Pages may answer with a script that leads on."""

    name = "ynet"
    title = "北青网"
    title_en = "Beijing Youth Daily (Ynet)"
    region = "北京"
    level = "provincial"
    domains = ("ynet.com",)
    homepage = "http://www.ynet.com/index.html"
    sections = ("https://news.ynet.com/list/2121t76.html",)
    article_url = r"^/\d{4}/\d{2}/\d{2}/\d+t\d+\.html$"
    section_url = r"^/list/\d+t\d+(?:_\d+)?\.html$"
    layouts = (Layout("ynet-2026", body="div#articleBox", title="div.articleTitle h1", since=date(2026, 4, 1)),)
    evidence = "2026-04"
    status = "attested"
