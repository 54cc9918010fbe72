"""陕西网 (Shaanxi Net): a news portal of Shaanxi."""

from __future__ import annotations

from newscrawl.spiders._cmstop import CmsTopSpider


class IshaanxiSpider(CmsTopSpider):
    """CmsTop: .article-title, .date, .source, .article-content, .editor."""

    name = "ishaanxi"
    title = "陕西网"
    title_en = "Shaanxi Net"
    region = "陕西"
    level = "provincial"
    domains = ("ishaanxi.com",)
    homepage = "http://www.ishaanxi.com/"
    evidence = "2019-06"
    status = "attested"
