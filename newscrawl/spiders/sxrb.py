"""山西新闻网 (Shanxi News): the portal of Shanxi's press group."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class SxrbSpider(NewsSpider):
    """/GB/CHANNEL/id.html, as People's Daily Online once built its pages: the day is on the page."""

    name = "sxrb"
    title = "山西新闻网"
    title_en = "Shanxi News"
    region = "山西"
    level = "provincial"
    domains = ("sxrb.com",)
    homepage = "http://www.sxrb.com/"
    sections = ("http://www.sxrb.com/sxxww/",)
    article_url = r"^/GB/\d+/\d+\.html$"
    section_url = r"^/(?:sxxww/(?:[a-z]+/){0,3}|GB/\d+/)(?:index\d*\.html)?$"
    evidence = "2022-12"
    status = "attested"
