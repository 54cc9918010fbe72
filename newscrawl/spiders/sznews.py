"""深圳新闻网 (Shenzhen News): the portal of Shenzhen's press group."""

from __future__ import annotations

from newscrawl.spiders._founder import FounderSpider


class SznewsSpider(FounderSpider):
    """Founder below /news/content/, phones get /mb/; a page may link to the full text (全文阅读)."""

    name = "sznews"
    title = "深圳新闻网"
    title_en = "Shenzhen News"
    region = "广东"
    city = "深圳"
    level = "city"
    domains = ("sznews.com",)
    homepage = "https://www.sznews.com/"
    sections = ("https://www.sznews.com/news/",)
    article_url = r"^/(?:[a-z]+/)*content/(?:mb/)?\d{4}-\d{2}/\d{2}/content_\d+\.htm$"
    evidence = "2026-06"
    status = "attested"
