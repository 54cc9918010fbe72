"""新华日报 (Xinhua Daily): the party paper of Jiangsu, as printed."""

from __future__ import annotations

from newscrawl.spiders._epaper import EpaperSpider


class XhrbSpider(EpaperSpider):
    """Founder e-paper of the later kind: lists of a month, articles /pc/con/YYYYMM/DD/content_id.html."""

    name = "xhrb"
    title = "新华日报"
    title_en = "Xinhua Daily"
    region = "江苏"
    level = "provincial"
    domains = ("xh.xhby.net",)
    homepage = "https://xh.xhby.net/pc/layout/"
    periods = ("https://xh.xhby.net/pc/layout/{month}/period.xml",)
    evidence = "2026-09"
    status = "attested"
