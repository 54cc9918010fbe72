"""金羊网 (Yangcheng Evening News): the portal of the evening paper of Guangzhou."""

from __future__ import annotations

from datetime import date

from newscrawl.page import Layout
from newscrawl.spiders._founder import FounderSpider


class YcwbSpider(FounderSpider):
    """Founder; the reporter stands in a comment, <author>, inside .main_article."""

    name = "ycwb"
    title = "金羊网"
    title_en = "Yangcheng Evening News"
    region = "广东"
    level = "provincial"
    domains = ("ycwb.com",)
    homepage = "https://www.ycwb.com/"
    sections = ("https://news.ycwb.com/",)
    indexes = ("https://6api.ycwb.com/app_if/jy/getArticles?nodeid=1&pagesize=15",)
    layouts = (Layout("ycwb-2026", body=".main_article", drops=(".space10", ".ddf"), since=date(2026, 4, 1)),)
    evidence = "2026-07"
    status = "attested"
