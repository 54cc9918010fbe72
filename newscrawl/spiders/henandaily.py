"""河南日报网 (Henan Daily): the party paper of Henan."""

from __future__ import annotations

from datetime import date

from newscrawl.page import Layout
from newscrawl.spiders._base import NewsSpider


class HenandailySpider(NewsSpider):
    """/content/CHANNELS/YYYY/MMDD/id.html; the text stands in .content-content."""

    name = "henandaily"
    title = "河南日报网"
    title_en = "Henan Daily"
    region = "河南"
    level = "provincial"
    domains = ("henandaily.cn",)
    homepage = "https://www.henandaily.cn/"
    sections = ("https://www.henandaily.cn/content/szheng/index.html",)
    article_url = r"^/content/(?:[a-z]+/){0,3}\d{4}/\d{4}/[0-9A-Z]+\.html$"
    section_url = r"^/content/(?:[a-z]+/){1,2}(?:index\.html)?$"
    layouts = (Layout("henandaily-2022", body=".content-content", title="h1.content-title", since=date(2022, 1, 1)),)
    evidence = "2022-01"
    status = "attested"
