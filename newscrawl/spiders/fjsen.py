"""东南网 (Fjsen): the news portal of Fujian."""

from __future__ import annotations

from newscrawl.spiders._founder import FounderSpider


class FjsenSpider(FounderSpider):
    """Founder on the hosts of the channels; list pages node_305144.htm, node_305144_2.htm."""

    name = "fjsen"
    title = "东南网"
    title_en = "Fjsen"
    region = "福建"
    level = "provincial"
    domains = ("fjsen.com",)
    homepage = "http://www.fjsen.com/"
    sections = ("http://www.fjsen.com/node_305144.htm", "http://news.fjsen.com/C_Society.htm")
    evidence = "2026-05"
    status = "attested"
