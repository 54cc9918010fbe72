"""无锡二泉网 (Wuxi Erquan Net): a local portal and forum of Wuxi."""

from __future__ import annotations

from newscrawl.spiders._phpcms import PhpCmsSpider


class WstSpider(PhpCmsSpider):
    """PHPCMS in two forms, /YYYY/news_MMDD/id.html and /YYYY/MM/id.html; the threads of the forum are no articles."""

    name = "wst"
    title = "无锡二泉网"
    title_en = "Wuxi Erquan Net"
    region = "江苏"
    city = "无锡"
    level = "city"
    domains = ("wst.cn",)
    homepage = "http://www.wst.cn/"
    article_url = r"^/\d{4}/(?:news_\d{4}|\d{2})/\d+\.html$"
    schedule = "6h"
    evidence = "2019-03"
    status = "attested"
