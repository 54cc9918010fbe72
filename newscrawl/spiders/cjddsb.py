"""当代商报 (Contemporary Business News): a business paper of Hunan."""

from __future__ import annotations

from newscrawl.spiders._wordpress import WordPressSpider


class CjddsbSpider(WordPressSpider):
    """A WordPress theme: h1.entry-h1, .single-content, the day in .single-cat-tag."""

    name = "cjddsb"
    title = "当代商报"
    title_en = "Contemporary Business News"
    region = "湖南"
    level = "commercial"
    domains = ("cjddsb.com",)
    homepage = "http://www.cjddsb.com/"
    article_url = r"^/(?:[a-z]\w*/)?\d+\.html$|^/archives/\d+/?$|^/\?p=\d+$"
    schedule = "6h"
    evidence = "2019-09"
    status = "attested"
