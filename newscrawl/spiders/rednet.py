"""红网 (Rednet): the news portal of Hunan, with a host for every county."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class RednetSpider(NewsSpider):
    """Dated URLs until 2022, then channel numbers; the oldest are /c/YYYY/MM/DD/id.htm."""

    name = "rednet"
    title = "红网"
    title_en = "Rednet"
    region = "湖南"
    level = "provincial"
    domains = ("rednet.cn",)
    homepage = "https://www.rednet.cn/"
    sections = ("https://hn.rednet.cn/",)
    article_url = (
        r"^/content/(?:\d{4}/\d{2}/\d{2}|\d{6}/\d{1,3})/\d+\.html$"
        r"|^/c/\d{4}/\d{2}/\d{2}/\d+\.htm$"
    )
    section_url = r"^/channel/\d+\.html$"
    evidence = "2026-08"
    status = "attested"
