"""What kind of page it is; no article is invented from a list, an error page or a shell that scripts fill."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.page.body import block_weight
from newscrawl.page.links import listed_date
from newscrawl.page.marks import HINT_BODY
from newscrawl.page.metadata import CREDIT, DATE
from newscrawl.page.select import is_furniture
from newscrawl.page.title import plain
from newscrawl.page.words import alternatives

if TYPE_CHECKING:
    from newscrawl.page.body import Body
    from newscrawl.page.title import Headline
    from newscrawl.page.types import PageKind
    from newscrawl.page.walk import Document

_PLACE = "页面|頁面|网页|網頁|文章|内容|新闻|信息|稿件"
_GONE = "不存在|已删除|已刪除|被删除|找不到|已下线|丢失|未找到|无法访问|走丢"
_ERROR = re.compile(
    r"(?<!\d)(?:404|403|410|500|502|503)(?!\d)\s*(?:not found|error|forbidden|错误|錯誤|页面|-|$)|not found|bad gateway"
    rf"|(?:{_PLACE})[^，。]{{0,8}}(?:{_GONE})|(?:找不到|无法找到|访问的)[^，。]{{0,12}}(?:{_PLACE})"
    r"|^\s*(?:404|403|410|50\d)\b|service unavailable|服务器错误|系统繁忙|访问出错|出错了",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"(?:请先?|請先?|需要|必须)(?:登录|登入|登錄|注册)|登录后|登入後|会员专享|會員專屬|订阅后|付费阅读|試閱"
    r"|sign in to|log in to",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    alternatives("challenges") + r"|document\.cookie\s*=[^;]{1,200};?[^<]{0,400}location\.(?:reload|href|replace)",
    re.IGNORECASE,
)
_SHELL = re.compile(
    r"""id=["']?(?:app|root|__next|__nuxt)["'> ]|__NEXT_DATA__|__NUXT__|__INITIAL_STATE__"""
    r"|enable javascript|启用\s*javascript",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,200}?-->\s*)?<(?:rss|feed|rdf:RDF|urlset|sitemapindex)\b", re.DOTALL
)
_SPAM = re.compile(alternatives("spam"), re.IGNORECASE)
_LOADING = re.compile(
    r"^\W*(?:正在|内容|数据|努力)*(?:加载|载入|載入|loading)中?(?:，?请稍[候后等]*)?\W*$", re.IGNORECASE
)
#: A greeting or slogan of the site below its articles names its address.
_ADDRESS = re.compile(r"www\.|\.(?:com|net|cn|org)\b", re.IGNORECASE)
_NOTICE_NAMES = re.compile(r"disclaimer|copyright|shengming|statement|declare|mianze|banquan", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[。！？!?…”』」）)]\s*$")
_PLAYER = re.compile(r"player|video|\.mp4|\.m3u8|\.flv|\.swf|youtube|youku|v\.qq|bilibili", re.IGNORECASE)
_PAPER = re.compile(r"上一版|下一版|版面导航|版面導航|版次|本版(?:新闻|文章|标题)|往期回顾.*版")
_ARTICLE_PATH = re.compile(r"\d{4,}|[-/](?:19|20)\d\d|detail|article|content", re.IGNORECASE)
_LIST_PATH = re.compile(r"^/?$|/(?:index|list|default|home|node)[-_]?\d*\.\w{3,5}$|/$", re.IGNORECASE)

#: Weight of prose (see body.py) from which on a page is an article without further evidence.
ENOUGH = 300.0


def page_kind(document: Document, headline: Headline, body: Body | None, url: str, source: str) -> tuple[PageKind, str]:
    """Return the kind of a page and the reason in a few words.

    source: the page's text, searched only where the page shows next to nothing.
    """
    if _MACHINE.search(source[:600]):
        return "list", "a feed or sitemap, not a page"
    shown = sum(len(block.text) for block in document.blocks)
    weight = body.weight if body else 0.0
    head = " ".join((document.title, document.metas.get("keywords", ""), document.metas.get("description", "")))
    if len(set(_SPAM.findall(head[:1000]))) >= 3:
        return "spam", "title and keywords of gambling or pornography"
    if weight < 120.0 and shown < 1500 and (special := _special(document, headline, shown, source)):
        return special
    if body is None or not body.kept:
        return _without_prose(document, headline)
    if not _is_article(document, headline, body, url):
        if _is_paper(document):
            return "epaper", "page of a paper"
        if _is_emptied(document, headline):
            return "empty", "an article's page without its text"
        return "list", "links outweigh prose"
    prose = sum(len(document.blocks[index].text) for index in body.kept)
    first, end = body.box, document.box_end[body.box]
    if prose < 80 and any(first <= box < end and _PLAYER.search(source_) for source_, box in document.media):
        return "video", "a player and little prose"
    pictures = sum(
        first <= box < end and body.kept[0] <= index <= body.kept[-1] + 1 and not is_furniture(document, box, first)
        for _, index, box in document.images
    )
    if pictures >= 6 and prose < 40 * pictures:
        return "gallery", f"{pictures} pictures and little prose"
    if not pictures and prose < 400 and body.weight < ENOUGH and not _has_substance(document, headline, body):
        return "empty", "an article's page without its text"
    return "article", ""


def _special(document: Document, headline: Headline, shown: int, source: str) -> tuple[PageKind, str] | None:
    """Name pages that are made of next to no text: errors, logins, challenges, shells."""
    text = " ".join([document.title, headline.text, *(block.text for block in document.blocks[:40])])[:1500]
    window = source[:200_000]
    if shown < 400 and _CHALLENGE.search(window):
        return "challenge", "asks for a cookie or a proof"
    if _ERROR.search(text):
        return "error", "says that the page is missing"
    if document.passwords or (_LOGIN.search(text) and shown < 600):
        return "login", "asks for a login"
    if shown < 200 and document.scripts and (_SHELL.search(window) or not document.blocks):
        return "js-shell", "text is filled in by script"
    if not document.blocks:
        return "empty", "no text"
    return None


def _without_prose(document: Document, headline: Headline) -> tuple[PageKind, str]:
    if _is_paper(document):
        return "epaper", "page of a paper"
    if any(_PLAYER.search(source) for source, _ in document.media):
        return "video", "a player and no prose"
    if document.scripts and any(_LOADING.match(block.text) for block in document.blocks if len(block.text) < 24):
        return "js-shell", "text is filled in by script"
    if _is_emptied(document, headline):
        return "empty", "an article's page without its text"
    if sum(len(text) >= 6 for _, text, _ in document.anchors) >= 5 or _has_dated_link(document):
        return "list", "links and no prose"
    return "empty", "no prose"


def _has_dated_link(document: Document) -> bool:
    """Tell whether a date stands beside a link that is long enough to be a headline: a list, however short."""
    blocks = document.blocks
    return any(
        len(text) >= 8
        and any(listed_date(block.text.replace(text, " ")) for block in blocks[max(index - 1, 0) : index + 3])
        for _, text, index in document.anchors
    )


def _is_emptied(document: Document, headline: Headline) -> bool:
    """Tell whether a page shows the title and the meta line of an article: a date before any link of some length."""
    if headline.index < 0:
        return False
    for block in document.blocks[headline.index + 1 : headline.index + 5]:
        if block.linked >= 8:
            return False
        if DATE.search(block.text):
            return True
    return False


def _has_substance(document: Document, headline: Headline, body: Body) -> bool:
    """Tell whether a short body says anything: a sentence that is not the title, a credit or the site's greeting."""
    title = plain(headline.text)
    heads = plain(f"{document.title} {headline.text}")
    said = 0
    for index in body.kept:
        block = document.blocks[index]
        text, bare = block.text, plain(block.text)
        names = f"{document.box_names[block.box]} {document.box_names[document.box_parent[block.box]]}"
        if block_weight(block) <= 0 or _NOTICE_NAMES.search(names):
            continue
        is_credit = len(text) < 90 and "。" not in text and CREDIT.search(text)
        if is_credit or bare == title or bare in heads or _ADDRESS.search(text):
            continue
        said += len(text)
        if _SENTENCE_END.search(text) or said >= 40:
            return True
    return False


def _is_paper(document: Document) -> bool:
    return sum(1 for _, text, _ in document.anchors if len(text) < 16 and _PAPER.search(text)) >= 1


def _is_article(document: Document, headline: Headline, body: Body, url: str) -> bool:
    """Weigh the signs of an article against those of a list."""
    if body.weight >= ENOUGH:
        return True
    first = body.kept[0]
    points = 0.0
    if headline.index >= 0 and len(headline.text) >= 8:
        points += 1.0
    if any(DATE.search(block.text) for block in document.blocks[max(headline.index, first - 6, 0) : first + 4]):
        points += 1.0
    if document.box_hint[body.box] & HINT_BODY or document.box_tag[body.box] == "article":
        points += 1.0
    if document.metas.get("og:type", "").lower() == "article" or "article:published_time" in document.metas:
        points += 1.0
    path = "/" + url.partition("://")[2].partition("/")[2].partition("?")[0]
    points += 1.0 if _ARTICLE_PATH.search(path) else -0.5 if _LIST_PATH.search(path) else 0.0
    points += body.weight / 100.0
    headlines = sum(len(text) >= 10 for _, text, _ in document.anchors)
    return points >= 1.0 + (1.0 if headlines >= 15 else 0.0) + (0.5 if headlines >= 60 else 0.0)
