"""澎湃新闻 (The Paper): a news site of Shanghai about the whole country."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class ThepaperSpider(NewsSpider):
    """Undated URLs newsDetail_forward_id; a Next.js site whose pages come with their text."""

    name = "thepaper"
    title = "澎湃新闻"
    title_en = "The Paper"
    region = "上海"
    level = "provincial"
    domains = ("thepaper.cn",)
    homepage = "https://www.thepaper.cn/"
    article_url = r"^/newsDetail_forward_\d+$"
    section_url = r"^/(?:channel|list)_\d+$"
    evidence = "2026-10"
    status = "attested"
