"""文汇报 (Wenhui Daily): a daily of Shanghai about culture and science."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class WhbSpider(NewsSpider):
    """/zhuzhan/channel/YYYYMMDD/id.html until 2023, then undated /commonDetail/id."""

    name = "whb"
    title = "文汇报"
    title_en = "Wenhui Daily"
    region = "上海"
    level = "provincial"
    domains = ("whb.cn",)
    homepage = "https://www.whb.cn/"
    sections = ("http://www.whb.cn/zhuzhan/kandian/index.html",)
    article_url = r"^/zhuzhan(?:app)?/[a-z]+/\d{8}/\d+\.html$|^/commonDetail/\d+$"
    section_url = r"^/zhuzhan/[a-z]+/(?:index\.html)?$"
    evidence = "2023-03"
    status = "attested"
