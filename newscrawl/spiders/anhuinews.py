"""中安在线 (Anhui News): the news portal of Anhui."""

from __future__ import annotations

from newscrawl.spiders._trs import TrsSpider


class AnhuinewsSpider(TrsSpider):
    """TRS with deep channels on hosts of their own (ah., edu.)."""

    name = "anhuinews"
    title = "中安在线"
    title_en = "Anhui News"
    region = "安徽"
    level = "provincial"
    domains = ("anhuinews.com",)
    homepage = "http://www.anhuinews.com/"
    sections = ("http://ah.anhuinews.com/",)
    section_url = r"^/(?:[a-z]\w*/){1,3}(?:index(?:_\d+)?\.s?html?)?$"
    evidence = "2025-06"
    status = "attested"
