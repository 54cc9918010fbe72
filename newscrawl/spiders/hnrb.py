"""湖南日报 (Hunan Daily): the party paper of Hunan, as printed."""

from __future__ import annotations

from datetime import date

from newscrawl.page import Layout
from newscrawl.spiders._epaper import EpaperSpider


class HnrbSpider(EpaperSpider):
    """Founder e-paper of the older kind; links to articles carry ?div=-1."""

    name = "hnrb"
    title = "湖南日报"
    title_en = "Hunan Daily"
    region = "湖南"
    level = "provincial"
    domains = ("hnrb.voc.com.cn",)
    homepage = "https://hnrb.voc.com.cn/hnrb_epaper/"
    article_url = r"^/hnrb_epaper/html/\d{4}-\d{2}/\d{2}/content_\d+\.htm(?:\?div=-1)?$"
    section_url = r"^/hnrb_epaper/html/\d{4}-\d{2}/\d{2}/node_\d+\.htm$"
    layouts = (Layout("founder-2026", body="#ozoom", title=".font01", since=date(2026, 4, 1)),)
    evidence = "2026-04"
    status = "attested"
