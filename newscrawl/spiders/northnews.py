"""正北方网 (North News): a news portal of Hohhot's press group."""

from __future__ import annotations

from newscrawl.spiders._cmstop import CmsTopSpider


class NorthnewsSpider(CmsTopSpider):
    """/channels/YYYY/MMDD/id.shtml, of some years /YYYYMM/DD/id.html."""

    name = "northnews"
    title = "正北方网"
    title_en = "North News"
    region = "内蒙古"
    level = "provincial"
    domains = ("northnews.cn",)
    homepage = "http://www.northnews.cn/"
    article_url = r"^/(?:[a-z]\w*/){0,3}(?:\d{4}/\d{4}|\d{6}/\d{2})/\d+\.s?html$"
    evidence = "2019-03"
    status = "attested"
