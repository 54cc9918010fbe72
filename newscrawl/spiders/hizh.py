"""珠海网 (Zhuhai News): the portal of Zhuhai's press group."""

from __future__ import annotations

from newscrawl.spiders._jsonapi import JsonApiSpider


class HizhSpider(JsonApiSpider):
    """Lists and articles are JSON; an entry's jsonUrl leads to the text."""

    name = "hizh"
    title = "珠海网"
    title_en = "Zhuhai News"
    region = "广东"
    city = "珠海"
    level = "city"
    domains = ("hizh.cn",)
    homepage = "https://www.hizh.cn/"
    indexes = ("https://www.hizh.cn/channels/zjyapp/columns/5/stories.json",)
    article_url = r"^/channels/zjyapp/(?:[\w-]+/)*(?!stories\.json$)\w+\.json$"
    evidence = "2026-04"
    status = "inferred"
