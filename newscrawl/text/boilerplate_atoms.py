"""Lines put together from nothing but page furniture: share bars, tool bars, pagers, headings of link lists."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("data") / "boilerplate_atoms.txt"
#: Longer lines are prose or link lists and are judged by other rules.
MAX_LINE = 120
#: So many channel names in a row are a menu, so many labels of buttons a tool bar; one may be a heading of the article.
_WEAK_NEEDED = 4
_SOFT_NEEDED = 2

_FILLER = re.compile(r"[\W\d_]+")
#: A heading of a list of links: words of choice (strong) and of kind, at least one strong, nothing else.
_HEAD_STRONG = (
    "推荐阅读|阅读推荐|延伸阅读|相关阅读|扩展阅读|拓展阅读|猜你喜欢|猜您喜欢|你可能喜欢|您可能感兴趣|你可能感兴趣|"
    "你可能还想看|大家都在看|大家还在看|大家都在搜|相关|推荐|热门|热图|热文|热榜|更多|排行榜|排行|往期|为您推荐|为你推荐|"
    "精彩推荐|编辑推荐|编辑精选|小编推荐|随便看看|看了又看|还看了|同类|热点推荐|热读|看过本文的还|随机|"
    "精彩(?=图|视|专|回|评|文)|最新(?=文章|资讯|评论|图文|视频|发布|更新)|(?:本周|本月|一周|今日|每日|近期)热[点门文]|"
    "(?:其他|其它)(?=新闻|文章|报道)|集锦|(?:热点|最新|图片|本版|今日|滚动|视频|焦点|头条|即时)新闻$|本栏最新|[热最][评热]文章$|最近更新$|频道热点$|您?可能还?喜欢|(?:最新|今日)(?:要闻|导读)$"
)
_HEAD_KIND = (
    "阅读|报道|特别|栏目|本栏|本版|本地|图集|视点|新闻|文章|内容|图文|视频|资讯|专题|图片|稿件|帖子|话题|博文|文档|文献|产品|商品|课程|游戏|作品|信息|图集|影片|影音|热点|精彩|精选|最新|今日|本周|本月|"
    "一周|每日|每周|24小时|48小时|小时|点击|浏览|频道|栏目|本类|本站|站内|近期|独家|原创|头条|要闻|国内|国际|社会|娱乐|体育|财经|科技|健康|回顾|导读|榜|版块|小说|"
    "条|内容推荐|您|为|你|的|者|搜索|词条|标签|问答|专栏|作者|同作者|看点|焦点|好文|美文|大家|编辑|小编|生活|汽车|房产|教育|旅游|时尚|关注|感兴趣|软件|下载|百科"
)
_HEAD_TOKEN = re.compile(f"(?P<strong>{_HEAD_STRONG})|(?:{_HEAD_KIND})")
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_INNER = re.compile(r"[\s·•|]+")
_SEGMENTS = re.compile(r"[|丨·»\u203a>【】\[\]■◆*]+|\s-\s|\s{2,}")
#: Headings of boxes that belong to the article: they only look like the others.
_HEAD_REAL = frozenset({"相关", "更多", "推荐", "热门", "相关内容", "相关信息", "相关产品", "更多信息", "更多的"})


@cache
def _atoms() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return the pattern of one atom (longest first) and the rule of each."""
    rules: dict[str, str] = {}
    rule = ""
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            rule = line.strip("[]")
        elif not line.startswith("#"):
            for atom in line.split():
                rules.setdefault(atom, rule)
    longest_first = sorted(rules, key=lambda atom: (-len(atom), atom))
    words = [
        re.escape(atom) + (r"(?![a-z])" if atom[-1:].isascii() and atom[-1].isalpha() else "") for atom in longest_first
    ]
    return re.compile("|".join(words)), rules


def furniture(folded: str) -> str | None:
    """Return the rule of a folded line that consists of page furniture only, None for any other line.

    One pass, longest atom first, no backtracking.
    """
    if not folded or len(folded) > MAX_LINE:
        return None
    pattern, rules = _atoms()
    position, weak, soft = 0, 0, 0
    strong: list[str] = []
    while position < len(folded):
        filler = _FILLER.match(folded, position)
        if filler:
            position = filler.end()
            continue
        match = pattern.match(folded, position)
        if match is None:
            return None
        rule = rules[match[0]]
        if rule == "weak" or len(match[0]) == 1:
            weak += 1
        elif rule == "soft":
            soft += 1
        else:
            strong.append(rule)
        position = match.end()
    if strong or soft >= _SOFT_NEEDED or weak + soft >= _WEAK_NEEDED:
        # a tool bar holds a bit of everything; what it says beside that names it
        return next((rule for rule in strong if rule != "nav"), "nav")
    return None


def list_heading(folded: str) -> bool:
    """Tell whether a folded line is the heading of a list of links (推荐阅读, 热门新闻排行榜, 更多新闻 >>)."""
    if len(folded) > MAX_LINE // 3:
        return False
    bare = _EDGES.sub("", folded)
    if not 2 <= len(bare) <= 16 or bare in _HEAD_REAL:
        return False
    bare = _INNER.sub("", bare)
    position, strong = 0, False
    while position < len(bare):
        match = _HEAD_TOKEN.match(bare, position)
        if match is None:
            return False
        strong = strong or match["strong"] is not None
        position = match.end()
    return strong


def menu(folded: str) -> bool:
    """Tell whether a folded line is a bar of short entries, two or more of them known (关于我们 | 媒体刊例)."""
    if "。" in folded:
        return False
    segments = [part for part in (piece.strip(' :、,()"“”') for piece in _SEGMENTS.split(folded)) if part]
    if len(segments) < 3 or max(map(len, segments)) > 24:
        return False
    if sum(map(len, segments)) > 12 * len(segments):
        return False
    return sum(1 for part in segments if furniture(part) is not None) >= 2
