"""江苏经济报 (Jiangsu Economic Daily): a daily of the Xinhua Daily group about the economy, as printed."""

from __future__ import annotations

from newscrawl.spiders._epaper import EpaperSpider


class JsjjbSpider(EpaperSpider):
    """Founder e-paper of the later kind, on the same shelves as 新华日报."""

    name = "jsjjb"
    title = "江苏经济报"
    title_en = "Jiangsu Economic Daily"
    region = "江苏"
    level = "provincial"
    domains = ("jsjjb.xhby.net",)
    homepage = "http://jsjjb.xhby.net/"
    periods = ("http://jsjjb.xhby.net/pc/layout/{month}/period.xml",)
    evidence = "2023-01"
    status = "inferred"
