"""PHPCMS: city portals, /YYYY/channel_MMDD/id.html."""

from __future__ import annotations

from newscrawl.spiders._base import NewsSpider


class PhpCmsSpider(NewsSpider):
    """Articles /YYYY/channel_MMDD/id.html; where they are not built ahead, index.php?m=content&c=index&a=show&catid=….

    A canonical URL names no index page and has its query in order. The meta line stands inside the headline (#Article
    h1 span), the text in #Article .content.
    """

    cms = "PHPCMS"
    article_url = (
        r"^/(?:[a-z][\w-]*/)?\d{4}/[a-z][a-z0-9]*_\d{4}/\d+\.html$"
        r"|^/\?a=show&c=index&catid=\d+&id=\d+&m=content$"
    )
    section_url = r"^/[a-z][\w-]*/(?:(?:index|list-\d+-\d+|\d{1,3})\.html)?$|^/\?a=lists&c=index&catid=\d+&"
