"""徐州日报 (Xuzhou Daily) and its sister paper 都市晨报 (City Morning Post), as printed."""

from __future__ import annotations

from newscrawl.spiders._epaper import EpaperSpider


class CnxzSpider(EpaperSpider):
    """Founder e-paper of the later kind; the edition for tablets (/pad/) has the same articles and is not walked."""

    name = "cnxz"
    title = "徐州日报"
    title_en = "Xuzhou Daily"
    region = "江苏"
    city = "徐州"
    level = "city"
    domains = ("szb.cnxz.com.cn",)
    homepage = "https://szb.cnxz.com.cn/xzrb/"
    periods = (
        "https://szb.cnxz.com.cn/xzrb/pc/layout/{month}/period.xml",
        "https://szb.cnxz.com.cn/dscb/pc/layout/{month}/period.xml",
    )
    article_url = r"^/(?:xzrb|dscb)/(?:pad|pc)/con/\d{6}/\d{2}/content_\d+\.html$"
    section_url = r"^/(?:xzrb|dscb)/pc/layout/\d{6}/\d{2}/node_\w+\.html$"
    evidence = "2026-08"
    status = "attested"
