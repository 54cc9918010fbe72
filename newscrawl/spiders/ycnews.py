"""盐城新闻网 (Yancheng News): the portal of Yancheng's press group."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class YcnewsSpider(NewsSpider):
    """Undated URLs /p/id.html."""

    name = "ycnews"
    title = "盐城新闻网"
    title_en = "Yancheng News"
    region = "江苏"
    city = "盐城"
    level = "city"
    domains = ("ycnews.cn",)
    homepage = "http://www.ycnews.cn/"
    article_url = r"^/p/\d+\.html$"
    section_url = r"^/(?:[a-z]\w*/){1,2}(?:index\.html)?$"
    evidence = "2019-03"
    status = "attested"
