"""The generic body: the box of greatest weight, without what is no part of the article inside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newscrawl.page.marks import HINT_BODY, HINT_NOISE

if TYPE_CHECKING:
    from newscrawl.page.walk import Block, Document

_PUNCTUATION = "，。！？；、：“,"
_LABEL = re.compile(
    r"^[\s【\[（(>»·●■▍◆|]*(?:相关|相關|推荐|推薦|延伸|更多|热门|熱門|热点|精彩|最新|猜你|为您|为你|大家都在|本周|今日|往期|编辑推荐|"
    r"网友|網友|我来|我要|发表|發表|点击排行|新闻排行|图片)"
    r"(?:阅读|閱讀|新闻|新聞|文章|推荐|推薦|报道|報導|報道|链接|連結|资讯|資訊|专题|專題|内容|內容|图片|热点|喜欢|喜歡|评论|評論|留言|回顾|看|排行|"
    r"稿件|话题|話題|信息|视频|精彩|关注){0,3}[\s】\]）):：>»|]*$"
)


@dataclass(slots=True)
class Body:
    """The chosen box and the blocks kept of it; `weight` is the sum that made it win."""

    box: int
    blocks: list[Block]
    weight: float
    total: float


def block_weight(block: Block) -> float:
    """Return how much a block speaks for its box being the article: characters of prose less those of links."""
    text = block.text
    size = len(text)
    own = size - block.linked
    if block.linked * 2 > size:
        return -(8.0 + 0.6 * size)
    punctuation = sum(map(text.count, _PUNCTUATION))
    if punctuation == 0:
        return -4.0 if size < 30 else 2.0
    if size < 10:
        return 0.0
    return min(float(own), 20.0 * punctuation) + 5.0 * punctuation - 1.5 * block.linked


def find_body(document: Document) -> Body | None:
    """Choose the box that holds the article and drop from it what is not of the article; None where there is none."""
    if not document.blocks:
        return None
    weights = [block_weight(block) for block in document.blocks]
    total = sum(weight for weight in weights if weight > 0)
    if total <= 0:
        return None
    noise = _silence_noise(document, weights, total)
    sums = _prefix_sums(weights)
    best = max(range(len(document.box_tag)), key=lambda box: (sums[document.box_last[box]] - sums[document.box_first[box]], box))
    weight = sums[document.box_last[best]] - sums[document.box_first[best]]
    if weight <= 0:
        return None
    kept = _select(document, best, weights, sums, noise)
    return Body(best, kept, weight, total)


def _prefix_sums(weights: list[float]) -> list[float]:
    sums = [0.0]
    running = 0.0
    for weight in weights:
        running += weight
        sums.append(running)
    return sums


def _silence_noise(document: Document, weights: list[float], total: float) -> set[int]:
    """Take the weight of boxes whose names say noise; a box with much of the page's prose is not believed to be."""
    noise: set[int] = set()
    first, last = document.box_first, document.box_last
    covered = -1
    for box, hint in enumerate(document.box_hint):
        if not hint & HINT_NOISE or box < covered:
            continue
        positive = sum(weight for weight in weights[first[box] : last[box]] if weight > 0)
        if positive > 0.4 * total:
            continue
        noise.add(box)
        covered = document.box_end[box]
        for index in range(first[box], last[box]):
            if weights[index] > 0:
                weights[index] = 0.0
    return noise


def _select(document: Document, best: int, weights: list[float], sums: list[float], noise: set[int]) -> list[Block]:
    """Return the blocks of the chosen box that belong to the article."""
    first, last, end = document.box_first, document.box_last, document.box_end
    dropped: set[int] = set()
    weight = sums[last[best]] - sums[first[best]]
    box = best + 1
    while box < end[best]:
        inside = sums[last[box]] - sums[first[box]]
        if box in noise or (inside < -20 and _is_link_box(document, box)):
            dropped.update(range(first[box], last[box]))
            box = end[box]
            continue
        box += 1
    kept: list[Block] = []
    done = 0.0
    for index in range(first[best], last[best]):
        if index in dropped:
            continue
        block = document.blocks[index]
        if _LABEL.match(block.text) and done > 0.5 * weight:
            break
        if block.linked * 2 > len(block.text) and len(block.text) < 60:
            continue
        done += max(weights[index], 0.0)
        kept.append(block)
    return kept


def _is_link_box(document: Document, box: int) -> bool:
    blocks = document.blocks[document.box_first[box] : document.box_last[box]]
    size = sum(len(block.text) for block in blocks)
    return sum(block.linked for block in blocks) * 2 > size


def has_body_mark(document: Document, box: int) -> bool:
    """Tell whether a box, or one of its three nearest ancestors, carries the mark of a known system's body."""
    for _ in range(3):
        if document.box_hint[box] & HINT_BODY:
            return True
        box = document.box_parent[box]
    return False
