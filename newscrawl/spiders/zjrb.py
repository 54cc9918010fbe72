"""浙江日报 (Zhejiang Daily): the party paper of Zhejiang, as printed."""

from __future__ import annotations

from datetime import date

from newscrawl.page import Layout
from newscrawl.spiders._epaper import EpaperSpider


class ZjrbSpider(EpaperSpider):
    """Founder e-paper of the older kind; the entry page leads to the newest issue by a refresh."""

    name = "zjrb"
    title = "浙江日报"
    title_en = "Zhejiang Daily"
    region = "浙江"
    level = "provincial"
    domains = ("zjrb.zjol.com.cn",)
    homepage = "https://zjrb.zjol.com.cn/paperindex.htm"
    layouts = (Layout("zjrb-2026", body=".main-article-content", title=".main-article-title", since=date(2026, 4, 1)),)
    evidence = "2026-04"
    status = "attested"
