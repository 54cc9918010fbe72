"""杭州网 (Hangzhou Net): the portal of Hangzhou's press group."""

from __future__ import annotations

from newscrawl.spiders._founder import FounderSpider


class HangzhouSpider(FounderSpider):
    """Founder below /content/; some pages of channels are /content/content_id.htm without the day."""

    name = "hangzhou"
    title = "杭州网"
    title_en = "Hangzhou Net"
    region = "浙江"
    city = "杭州"
    level = "city"
    domains = ("hangzhou.com.cn",)
    homepage = "https://www.hangzhou.com.cn/"
    sections = ("https://hznews.hangzhou.com.cn/",)
    article_url = r"^/content/(?:\d{4}-\d{2}/\d{2}/)?content_\d+\.html?$"
    section_url = r"^/(?:[a-z]+/)?(?:node_\d+|index)(?:_\d+)?\.html?$"
    evidence = "2026-08"
    status = "attested"
