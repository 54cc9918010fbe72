"""新快报 (New Express Daily): a daily of Guangzhou."""

from __future__ import annotations

from typing import ClassVar

from newscrawl.spiders._jsonapi import JsonApiSpider


class XkbSpider(JsonApiSpider):
    """The list comes from an API that wants a header; articles are pages that only a browser fills."""

    name = "xkb"
    title = "新快报"
    title_en = "New Express Daily"
    region = "广东"
    level = "provincial"
    domains = ("xkb.com.cn",)
    homepage = "https://www.xkb.com.cn/"
    indexes = (
        "https://www.xkb.com.cn/xkbapp/fundapi/article/api/articles?chnlId=350&visibility=1&page={page}&size=20",
    )
    first_page = 0
    api_headers: ClassVar[dict[str, str]] = {"siteId": "35"}
    item_url = "https://www.xkb.com.cn/detail?id={id}"
    article_url = r"^/detail\?id=\d+$"
    needs_js = True
    evidence = "2026-04"
    status = "attested"
