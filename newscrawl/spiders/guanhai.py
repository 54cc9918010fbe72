"""观海新闻 (Guanhai News): the app and portal of Qingdao's press group."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class GuanhaiSpider(NewsSpider):
    """Undated URLs /p/id.html; the day stands in .date on the page."""

    name = "guanhai"
    title = "观海新闻"
    title_en = "Guanhai News"
    region = "山东"
    city = "青岛"
    level = "city"
    domains = ("guanhai.com.cn",)
    homepage = "https://www.guanhai.com.cn/"
    article_url = r"^/p/\d+\.html$"
    section_url = r"^/(?:[a-z]\w*/){1,2}(?:index\.html)?$"
    evidence = "2026-04"
    status = "attested"
