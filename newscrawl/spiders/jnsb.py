"""江南时报 (Jiangnan Times): a daily of the Xinhua Daily group for the south of Jiangsu, as printed."""

from __future__ import annotations

from newscrawl.spiders._epaper import EpaperSpider


class JnsbSpider(EpaperSpider):
    """Founder e-paper of the later kind, on the same shelves as 新华日报."""

    name = "jnsb"
    title = "江南时报"
    title_en = "Jiangnan Times"
    region = "江苏"
    level = "provincial"
    domains = ("jnsb.xhby.net",)
    homepage = "http://jnsb.xhby.net/"
    periods = ("http://jnsb.xhby.net/pc/layout/{month}/period.xml",)
    evidence = "2023-01"
    status = "inferred"
