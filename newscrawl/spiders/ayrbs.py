"""安阳日报 (Anyang Daily): the party paper of Anyang, as printed."""

from __future__ import annotations

from newscrawl.spiders._epaper import EpaperSpider


class AyrbsSpider(EpaperSpider):
    """Founder e-paper of the older kind: the entry page leads to the newest issue."""

    name = "ayrbs"
    title = "安阳日报"
    title_en = "Anyang Daily"
    region = "河南"
    city = "安阳"
    level = "city"
    domains = ("ayrbs.com",)
    homepage = "http://www.ayrbs.com/epaper/paperindex.htm"
    evidence = "2019-01"
    status = "attested"
