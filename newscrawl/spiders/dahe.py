"""大河网 (Dahe Net): the news portal of Henan's press group."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class DaheSpider(NewsSpider):
    """/YYYY/MM-DD/id.html on the hosts of the channels."""

    name = "dahe"
    title = "大河网"
    title_en = "Dahe Net"
    region = "河南"
    level = "provincial"
    domains = ("dahe.cn",)
    homepage = "https://www.dahe.cn/"
    sections = ("https://news.dahe.cn/hnyw/", "https://news.dahe.cn/sh27/", "https://news.dahe.cn/dybd/")
    article_url = r"^/\d{4}/\d{2}-\d{2}/\d+\.html$"
    section_url = r"^/[a-z]+\d{0,2}/(?:index(?:_\d+)?\.html)?$"
    evidence = "2021-10"
    status = "attested"
