"""新华报业网 (Xinhua Daily Media Net): the web side of Jiangsu's party paper and its app 交汇点."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class XhbySpider(NewsSpider):
    """Undated URLs: the day has to come from the page. The group's e-papers are spiders of their own (xhrb, jnsb)."""

    name = "xhby"
    title = "新华报业网"
    title_en = "Xinhua Daily Media Net"
    region = "江苏"
    level = "provincial"
    domains = ("xhby.net",)
    homepage = "https://www.xhby.net/"
    article_url = r"^//(?:news\.)?xhby\.net/content/s[0-9a-f]{24}\.html$"
    section_url = r"^//(?:news\.)?xhby\.net/[a-z]+/(?:index\.html)?$"
    evidence = "2026-04"
    status = "attested"
