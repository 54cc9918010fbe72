"""Lines that are nothing but credits of the page's makers: 来源：… 责任编辑：… (source, editor), 编辑丨… 审核丨…."""

from __future__ import annotations

import re

_EDITOR = (
    r"责任编辑|责编|值班编辑|执行编辑|执行主编|值班主任|值班总编|责任校对|文字编辑|网络编辑|网页编辑|本期编辑|本版编辑|"
    r"核稿编辑|流程编辑|编辑|校对|审核|审校|校审|审签|签审|监制|编审|终审|复审|初审|二审|三审|一审|副主编|主编|总编辑|"
    r"美编|制作|统筹|值班|签发|策划|排版|视觉|运营|编发|编校"
)
_OTHER = (
    r"(?:本文|文章|信息|稿件|新闻|资料|消息|图片|内部)?(?:来源|出处|稿源)|作者|记者|通讯员|文|图|原标题|关键[字词]|"
    r"发布时间|时间|日期"
)
_LABEL = re.compile(rf"(?:(?P<editor>{_EDITOR})|{_OTHER})\s?[:/丨|]")
_OPENING = re.compile(rf"[\s(\[【〖]{{0,4}}{_LABEL.pattern}")
_SENTENCE = re.compile(r"[。!?;](?!\s?(?:内部)?来源)")
MAX_LINE = 140
_MAX_VALUE = 32


def credit_line(folded: str) -> bool:
    """Tell whether a folded line is a row of labelled credits with an editor among them.

    Every label is followed by a short value without a sentence in it; nothing stands before the first label.
    """
    if len(folded) > MAX_LINE or _OPENING.match(folded) is None:
        return False
    labels = list(_LABEL.finditer(folded))
    if not any(label["editor"] for label in labels):
        return False
    ends = [label.start() for label in labels[1:]] + [len(folded)]
    for label, end in zip(labels, ends, strict=True):
        value = folded[label.end() : end].strip(" )】]〗(【[|,、")
        if len(value) > _MAX_VALUE or _SENTENCE.search(value):
            return False
    return True
