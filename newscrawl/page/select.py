"""Which blocks of the chosen box belong to the article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newscrawl.page.walk import Document

_SENTENCE = re.compile(r"[。！？!?]")
_PARAGRAPHS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre"))
#: The heading of a block of other articles: 相关阅读 (related reading), 延伸·推荐 (further, recommended), 热门车型推荐 (popular models).
_LABEL = re.compile(
    r"^[\W_]{0,6}(?:作者其[他它]|其[他它]|TA的|相关|相關|推荐|推薦|延伸|更多|热门|熱門|热点|精彩|最新|猜你|为您|为你|大家都在|本周|今日|往期|小编|编辑|編輯|"
    r"网友|網友|我来|我要|发表|發表|点击|新闻|本站|图片|看了|关联|關聯|同类|本文)?[\W_]?.{0,4}?[\W_]?"
    r"(?:阅读|閱讀|新闻|新聞|文章|推荐|推薦|报道|報導|報道|链接|連結|鏈接|资讯|資訊|专题|專題|图片|热点|喜欢|喜歡|评论|評論|留言|回顾|排行榜?|精选|精選|"
    r"作品|稿件|话题|話題|看点|关注|内容)[\W_]{0,6}$"
)
_PREFIXED = re.compile(
    r"^[\W_]{0,6}(?:作者|其[他它]|TA的|相关|相關|推荐|推薦|延伸|更多|热门|熱門|热点|精彩|猜你|为您|为你|大家都在|往期|小编|编辑推|編輯精|网友|網友|我来|我要|发表|發表|点击排|新闻排|看了|关联|關聯|看更多|最多|最新)"
)


def is_label(text: str) -> bool:
    """Tell whether a line is the heading of a block of other articles or of comments."""
    return len(text) <= 16 and _PREFIXED.match(text) is not None and _LABEL.match(text) is not None


def select(document: Document, best: int, weights: list[float], values: list[float], noise: set[int]) -> list[int]:
    """Return the blocks of the chosen box that belong to the article."""
    first, last, end = document.box_first, document.box_last, document.box_end
    dropped: set[int] = set()
    box = best + 1
    while box < end[best]:
        if box in noise or (values[box] < -20 and _is_link_box(document, box)):
            dropped.update(range(first[box], last[box]))
            box = end[box]
            continue
        box += 1
    kept: list[int] = []
    done = 0.0
    for index in range(first[best], last[best]):
        if index in dropped:
            continue
        block = document.blocks[index]
        if done > 0.5 * values[best] and is_label(block.text):
            break
        if block.linked * 2 > len(block.text) and len(block.text) < 60:
            continue
        done += max(weights[index], 0.0)
        kept.append(index)
    return _within_main(document, best, kept, weights)


def _within_main(document: Document, best: int, kept: list[int], weights: list[float]) -> list[int]:
    """Drop what stands outside the box of most of the prose, behind a gap: a second article, a footer, a teaser."""
    main = _main_box(document, best, kept, weights)
    if main == best:
        return kept
    first, last = document.box_first[main], document.box_last[main]
    before = [index for index in kept if index < first]
    inside = [index for index in kept if first <= index < last]
    after = [index for index in kept if index >= last]
    edge = inside[-1] if inside else last - 1
    for position, index in enumerate(after):
        if _is_gap(document, edge, index) or not _SENTENCE.search(document.blocks[index].text):
            del after[position:]
            break
        edge = index
    edge = inside[0] if inside else first
    for position in range(len(before) - 1, -1, -1):
        if _is_gap(document, before[position], edge):
            before = [index for index in before[: position + 1] if weights[index] >= 40] + before[position + 1 :]
            break
        edge = before[position]
    return before + inside + after


def _main_box(document: Document, best: int, kept: list[int], weights: list[float]) -> int:
    """Return the smallest box with more than half of the kept prose; what follows a gap counts half."""
    sums: dict[int, float] = {}
    parents = document.box_parent
    total, factor, before = 0.0, 1.0, -1
    for index in kept:
        weight = weights[index] * factor
        if weight <= 0:
            continue
        if before >= 0 and total > 60 and factor == 1.0 and _is_gap(document, before, index):
            factor = 0.5
            weight *= factor
        before = index
        total += weight
        box = document.blocks[index].box
        while box != best and box:
            sums[box] = sums.get(box, 0.0) + weight
            box = parents[box]
    holders = [box for box, weight in sums.items() if weight > 0.5 * total]
    main = max(holders, default=best)
    if main != best and document.box_tag[main] in _PARAGRAPHS:
        main = parents[main]
    return main


def _is_gap(document: Document, before: int, after: int) -> bool:
    """Tell whether two blocks are parted by links, by much else, or by the heading of another article."""
    between = document.blocks[before + 1 : after]
    if len(between) >= 4 or sum(block.linked for block in between) >= 30:
        return True
    return document.box_tag[document.blocks[after].box] == "h1"


def _is_link_box(document: Document, box: int) -> bool:
    blocks = document.blocks[document.box_first[box] : document.box_last[box]]
    size = sum(len(block.text) for block in blocks)
    return sum(block.linked for block in blocks) * 2 > size
