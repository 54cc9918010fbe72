"""中国江苏网 (China Jiangsu Net): the news portal of Jiangsu province."""

from __future__ import annotations

from newscrawl.spiders._trs import TrsSpider


class JschinaSpider(TrsSpider):
    """TRS, moved to hexadecimal numbers about 2024; channels stand on hosts of their own (jsnews., news., tour.)."""

    name = "jschina"
    title = "中国江苏网"
    title_en = "China Jiangsu Net"
    region = "江苏"
    level = "provincial"
    domains = ("jschina.com.cn",)
    homepage = "https://www.jschina.com.cn/"
    sections = ("https://jsnews.jschina.com.cn/jsyw/", "https://news.jschina.com.cn/yw/")
    evidence = "2026-09"
    status = "attested"
