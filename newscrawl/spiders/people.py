"""人民网 (People's Daily Online): the portal of the national party paper, with a channel for every province."""

from __future__ import annotations

from datetime import date

from newscrawl.page import Layout
from newscrawl.spiders._base import NewsSpider


class PeopleSpider(NewsSpider):
    """/n2/YYYY/MMDD/cCHANNEL-id.html (n1 to n4); further parts …-2.html; declared gb2312 is gb18030."""

    name = "people"
    title = "人民网"
    title_en = "People's Daily Online"
    region = "全国"
    level = "national"
    domains = ("people.com.cn",)
    homepage = "http://www.people.com.cn/"
    sections = ("http://js.people.com.cn/", "http://xz.people.com.cn/")
    article_url = r"^/n[1-4]?/\d{4}/\d{4}/c\d+-\d+\.html$"
    section_url = r"^/GB/(?:\d+/){1,3}(?:index\d*\.html)?$"
    indexes = ("http://news.people.com.cn/210801/211150/index.js",)
    layouts = (
        Layout(
            "people-2026",
            body="#rwb_zw, .rm_txt_con",
            drops=(".paper_num", "#rwb_tjyd", ".edit"),
            since=date(2026, 4, 1),
        ),
    )
    evidence = "2026-04"
    status = "attested"
