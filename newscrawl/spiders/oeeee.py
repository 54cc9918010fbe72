"""奥一网 (Southern Metropolis Daily (Oeeee)): the portal of 南方都市报."""

from __future__ import annotations

from datetime import date

from newscrawl.page import Layout
from newscrawl.spiders._jsonapi import JsonApiSpider


class OeeeeSpider(JsonApiSpider):
    """The newest articles of a channel come from an API, articles are pages /html/YYYYMM/DD/id.html."""

    name = "oeeee"
    title = "奥一网"
    title_en = "Southern Metropolis Daily (Oeeee)"
    region = "广东"
    level = "provincial"
    domains = ("oeeee.com",)
    homepage = "https://www.oeeee.com/"
    indexes = ("https://www.oeeee.com/api/channel.php?m=Js4channelNews&a=newLatest&cid=170",)
    article_url = r"^/html/\d{6}/\d{2}/\d+\.html$"
    layouts = (
        Layout(
            "oeeee-2026",
            body=".post-cont, .article-conten",
            drops=(".taglist", ".zan-shang", ".sourcelist-box", "#shareContain", ".buyCopyright"),
            since=date(2026, 4, 1),
        ),
    )
    evidence = "2026-10"
    status = "attested"
