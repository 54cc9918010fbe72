"""华龙网 (Cqnews): the news portal of Chongqing."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class CqnewsSpider(NewsSpider):
    """The number stands twice since about 2021: /1/detail/N/web/content_N.html; before that Founder's form."""

    name = "cqnews"
    title = "华龙网"
    title_en = "Cqnews"
    region = "重庆"
    level = "provincial"
    domains = ("cqnews.net",)
    homepage = "https://www.cqnews.net/"
    sections = ("https://news.cqnews.net/",)
    article_url = (
        r"^/1/detail/(\d{18,19})/(?:web|app)/content_\1\.html$"
        r"|^/(?:[a-z]+/)*\d{4}-\d{2}/\d{2}/content_\d+\.htm$"
    )
    section_url = r"^/html/col\d+\.htm$"
    evidence = "2024-05"
    status = "attested"
