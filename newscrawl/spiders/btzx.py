"""兵团在线 (Bingtuan Online): the portal of the Xinjiang Production and Construction Corps."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class BtzxSpider(NewsSpider):
    """Addresses as CCTV builds them: the day without leading zeros, then ARTI and sixteen digits."""

    name = "btzx"
    title = "兵团在线"
    title_en = "Bingtuan Online"
    region = "新疆"
    level = "provincial"
    domains = ("btzx.com.cn",)
    homepage = "http://www.btzx.com.cn/"
    article_url = r"^/web/\d{4}/\d{1,2}/\d{1,2}/ARTI\d{16}\.html$"
    section_url = r"^/web/[a-z]\w*/(?:index\.shtml)?$"
    evidence = "2026-05"
    status = "attested"
