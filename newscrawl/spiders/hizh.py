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
    indexes = (
        "https://www.hizh.cn/channels/zjyapp/columns/5dd92265e4b0bf88dd8c1175/stories.json",  # 热点 (headlines)
        "https://www.hizh.cn/channels/zjyapp/columns/5dd92242e4b0bf88dd8c1174/stories.json",  # 政经 (politics, economy)
        "https://www.hizh.cn/channels/zjyapp/columns/5dd921ece4b0bf88dd8c1170/stories.json",  # 民生 (daily life)
    )
    article_url = r"^/channels/zjyapp/(?:[\w-]+/)*(?!stories\.json$)\w+\.json$"
    evidence = "2026-04"
    status = "inferred"
