"""南方+ (Nanfang Plus): the app of Guangdong's party paper."""

from __future__ import annotations

from datetime import date

from newscrawl.page import Layout
from newscrawl.spiders._jsonapi import JsonApiSpider


class NfappSpider(JsonApiSpider):
    """The list comes from an API; articles are pages on the hosts static. and pc."""

    name = "nfapp"
    title = "南方+"
    title_en = "Nanfang Plus"
    region = "广东"
    level = "provincial"
    domains = ("nfapp.southcn.com",)
    homepage = "https://pc.nfapp.southcn.com/"
    indexes = (
        "https://api.nfapp.southcn.com/nfplus-manuscript-web/article/list?columnId=38&nfhSubCount=1&pageNum={page}&pageSize=20",
    )
    article_url = (
        r"^//static\.nfapp\.southcn\.com/content/\d{6}/\d{2}/c\d+\.html$|^//pc\.nfapp\.southcn\.com/\d+/\d+\.html$"
    )
    layouts = (
        Layout(
            "nfapp-2026",
            body="#content",
            drops=(".article-nfh-icon", ".article-crumb", ".article-share", ".article-copyright"),
            since=date(2026, 4, 1),
        ),
    )
    evidence = "2026-04"
    status = "attested"
