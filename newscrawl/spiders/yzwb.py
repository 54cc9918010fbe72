"""扬子晚报 (Yangtse Evening Post): the evening paper of Jiangsu and its app 紫牛新闻."""

from __future__ import annotations

from datetime import date

from newscrawl.page import Layout
from newscrawl.spiders._trs import TrsSpider


class YzwbSpider(TrsSpider):
    """TRS; all channels lie below /news/."""

    name = "yzwb"
    title = "扬子晚报"
    title_en = "Yangtse Evening Post"
    region = "江苏"
    level = "provincial"
    domains = ("yzwb.net",)
    homepage = "https://www.yzwb.net/"
    sections = ("https://www.yzwb.net/news/jiangsu/", "https://www.yzwb.net/news/tt/", "https://www.yzwb.net/news/yw/")
    article_url = r"^/news/[a-z]+/\d{6}/t\d{8}_\d+\.html$"
    section_url = r"^/news/[a-z]+/(?:index(?:_\d+)?\.html)?$"
    layouts = (
        Layout(
            "yzwb-2022",
            body="#wrap",
            title="#main .main-left .tit2",
            meta_line=".box-text-time",
            since=date(2022, 2, 1),
        ),
    )
    evidence = "2026-09"
    status = "attested"
