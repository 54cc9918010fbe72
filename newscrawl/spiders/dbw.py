"""东北网 (Northeast Net (Dbw)): the news portal of Heilongjiang."""

from __future__ import annotations

from newscrawl.spiders._system import SystemSpider


class DbwSpider(SystemSpider):
    """Articles /system/YYYY/MM/DD/id.shtml on the hosts of the channels and cities."""

    name = "dbw"
    title = "东北网"
    title_en = "Northeast Net (Dbw)"
    region = "黑龙江"
    level = "provincial"
    domains = ("dbw.cn",)
    homepage = "https://www.dbw.cn/"
    sections = ("https://heilongjiang.dbw.cn/",)
    evidence = "2023-10"
    status = "attested"
