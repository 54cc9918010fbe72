"""The generic body: the box of greatest weight, without what is no part of the article inside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newscrawl.page.marks import HINT_BODY, HINT_NOISE

if TYPE_CHECKING:
    from newscrawl.page.walk import Block, Document

_PUNCTUATION = "，。！？；、：“,"
#: Prose that every page of a site carries: rights, rules for comments. Two of these words make a block no evidence.
_LEGAL = re.compile(
    r"版权|版權|转载|轉載|授权|授權|免责|免責|侵权|侵權|留言|发言|發言|本网|本網|本站|著作權|著作权|rights reserved|立场|立場|"
    r"举报|檢舉|检举|ICP备|許可證|许可证|法律责任|法律責任|登录|登入|注册|註冊|帐号|账号|帳號|密码|密碼|验证码|驗證碼|法规|法規|刊登",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Body:
    """The chosen box, the blocks kept of it (their indexes, in order), and the weight that made it win."""

    box: int
    kept: list[int]
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
    if size < 600 and len(set(_LEGAL.findall(text))) >= 2:
        return -6.0
    return min(float(own), 20.0 * punctuation) + 5.0 * punctuation - 1.5 * block.linked


def find_body(document: Document, title_index: int = -1) -> Body | None:
    """Choose the box that holds the article and the blocks of it that belong to the article; None where there is none.

    title_index: the block that shows the title; prose before it is not of the article.
    """
    weights = [block_weight(block) for block in document.blocks]
    before = sum(weight for weight in weights[: title_index + 1] if weight > 0)
    if before < 3 * sum(weight for weight in weights[title_index + 1 :] if weight > 0):
        for index in range(title_index + 1):
            weights[index] = min(weights[index], 0.0)
    _silence_excerpts(document, weights)
    total = sum(weight for weight in weights if weight > 0)
    if total <= 0:
        return None
    noise = _silence_noise(document, weights, total)
    values = _values(document, weights)
    best = max(range(len(values)), key=values.__getitem__)
    if values[best] <= 0:
        return None
    return Body(best, _select(document, best, weights, values, noise), values[best], total)


def _values(document: Document, weights: list[float]) -> list[float]:
    """Return the weight of every box with its worthless parts cut out, each cut at a price.

    The price keeps a wrapper of the whole page from winning; it is bounded, since a body with a long list of
    recommendations in its middle is still the body.
    """
    values = [0.0] * len(document.box_tag)
    worthless = values[:]
    for block, weight in zip(document.blocks, weights, strict=True):
        box = block.box
        if weight < 0:
            worthless[box] += weight
        else:
            values[box] += weight + _price(worthless[box])
            worthless[box] = 0.0
    parents = document.box_parent
    for box in range(len(values) - 1, -1, -1):
        value = values[box] = values[box] + _price(worthless[box])
        parent = parents[box]
        if box == 0:
            break
        if value < 0:
            worthless[parent] += value
        else:
            values[parent] += value + _price(worthless[parent])
            worthless[parent] = 0.0
    return values


def _price(worthless: float) -> float:
    """Return what it costs to cut a run of neighbouring worthless parts out."""
    return max(worthless, 0.08 * worthless - 20.0)


def _silence_excerpts(document: Document, weights: list[float]) -> None:
    """Take the weight of excerpts: paragraphs that each stand alone under a linked headline, in a list of such."""
    blocks = document.blocks
    alone = [
        index
        for index in range(1, len(blocks) - 1)
        if weights[index] > 0 and _is_link_line(blocks[index - 1]) and weights[index + 1] <= 0
    ]
    if len(alone) >= 4:
        for index in alone:
            weights[index] = 0.0


def _is_link_line(block: Block) -> bool:
    return len(block.text) >= 8 and block.linked >= 6 and block.linked * 5 > len(block.text) * 2


def _silence_noise(document: Document, weights: list[float], total: float) -> set[int]:
    """Take the weight of boxes whose names say noise; a box with much of the page's prose is not believed to be."""
    noise: set[int] = set()
    first, last, hints = document.box_first, document.box_last, document.box_hint
    covered = -1
    for box, hint in enumerate(hints):
        if not hint & HINT_NOISE or box < covered or document.box_tag[box] in ("html", "body", "article", "main"):
            continue
        positive = sum(weight for weight in weights[first[box] : last[box]] if weight > 0)
        if positive > 0.7 * total or any(hint & HINT_BODY for hint in hints[box : document.box_end[box]]):
            continue
        noise.add(box)
        covered = document.box_end[box]
        for index in range(first[box], last[box]):
            weights[index] = min(weights[index], 0.0)
    return noise


_LABEL = re.compile(
    r"^[\s【\[（(>»·●■▍◆|]*(?:作者|其他|其它|TA的|相关|相關|推荐|推薦|延伸|更多|热门|熱門|热点|精彩|最新|猜你|为您|为你|大家都在|本周|今日|往期|编辑推荐|"
    r"网友|網友|我来|我要|发表|發表|点击排行|新闻排行|图片)"
    r"(?:其他|其它|更多|的|阅读|閱讀|新闻|新聞|文章|推荐|推薦|报道|報導|報道|链接|連結|资讯|資訊|专题|專題|内容|內容|图片|热点|喜欢|喜歡|评论|評論|留言|回顾|看|排行|"
    r"作品|稿件|话题|話題|信息|视频|精彩|关注){0,3}[\s】\]）):：>»|]*$"
)


def _select(document: Document, best: int, weights: list[float], values: list[float], noise: set[int]) -> list[int]:
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
        if done > 0.5 * values[best] and _LABEL.match(block.text):
            break
        if block.linked * 2 > len(block.text) and len(block.text) < 60:
            continue
        done += max(weights[index], 0.0)
        kept.append(index)
    return kept


def _is_link_box(document: Document, box: int) -> bool:
    blocks = document.blocks[document.box_first[box] : document.box_last[box]]
    size = sum(len(block.text) for block in blocks)
    return sum(block.linked for block in blocks) * 2 > size
