"""荔枝网 (Jiangsu Broadcasting (Litchi News)): the portal of Jiangsu's broadcaster."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class JstvSpider(NewsSpider):
    """TideCMS: the number behind the day is a moment in milliseconds, or a hexadecimal one."""

    name = "jstv"
    title = "荔枝网"
    title_en = "Jiangsu Broadcasting (Litchi News)"
    region = "江苏"
    level = "provincial"
    cms = "TideCMS"
    domains = ("jstv.com",)
    homepage = "http://www.jstv.com/"
    sections = ("http://news.jstv.com/",)
    article_url = r"^/a/\d{8}/(?:\d{12,16}|[0-9a-f]{32})\.shtml$"
    section_url = r"^/(?:[a-z]\w*/){1,2}(?:index\.shtml)?$"
    evidence = "2021-12"
    status = "attested"
