"""Take out of the body what is no part of the article, and keep every piece with the rule that took it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.items import Article, Removed
from newscrawl.text.boilerplate import LineContext, classify_line, tail_rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newscrawl.text.boilerplate_sites import SiteLines

#: A line of prose: long, or with a whole sentence in it.
_PROSE_LENGTH = 60
_SENTENCE = re.compile(r"[。！？；!?]")
_CLOSED = re.compile(r"[。！？!?」』”\"；;）)】：:]\s*$")
#: Items of a list of links: a headline, a teaser cut off by dots, a lone date.
_TITLE_LENGTH = 48
_TEASER = re.compile(r"(?:…|\.\.\.|『全文』|\[详细\]|\[全文\]|>>)\s*\d{0,6}\s*$")
_LONE_DATE = re.compile(r"^\W{0,3}(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?\W{0,3}$")
#: After one of these, at the end of a body, no more of the article comes.
_CLOSING = frozenset({"comments", "reclist", "share", "disclaimer", "copyright", "hotline", "prevnext", "icp", "about"})
_CAPTION = re.compile(r"记者|記者|通讯员|通訊員|摄|攝|图[为：:/]|圖[為：:/]|来源|來源")
#: Portals that print users' articles close each with this.
_ARTICLE_END = re.compile(r"返回[^，,。\s]{2,6}[，,]?\s?查看更多\W*$")
#: The share of a body's text that stands before its comments and lists of links.
_ARTICLE_SHARE = 0.6

_EDITORS = r"(?:责任编辑|責任編輯|责编|責編|值班编辑|网络编辑|網絡編輯|流程编辑|流程編輯|编辑|編輯)"
_EDITOR = "编辑|編輯|责编|責編"  # every one of them has one of these
#: (rule, whether a sentence or bracket must end before it, words of which it has one, pattern)
_GLUED = tuple(
    (rule, apart, words, re.compile(pattern))
    for rule, apart, words, pattern in (
        ("credit", True, _EDITOR, rf"[（(【\[]?\s?(?:本文)?{_EDITORS}\s?[:：/]\s?[^。！？!?：:，,]{{0,24}}$"),
        ("credit", False, _EDITOR, r"[（(【\[]?\s?(?:责任编辑|責任編輯|责编|責編)\s?[:：]\s?[^。！？!?：:，,]{0,10}$"),
        ("nav", False, "查看更多", _ARTICLE_END.pattern),
        ("nav", True, "举报|舉報", r"(?:举报|舉報)/(?:反馈|反饋)\W*$"),
        ("cta", True, "更多精彩", r"更多精彩(?:内容|內容)?[，,]?\s?(?:请|請)[^。！？]{2,60}$"),
    )
)
_GLUE = re.compile("|".join(dict.fromkeys(words for _, _, words, _ in _GLUED)))
#: Where a notice may begin behind the last sentence of a paragraph, by the characters that it can begin with: one look
#: at them spares the rest.
_NOTICE_STARTS = {
    "以": "以上(?:内容|內容|文章|信息)",
    "本": "本文(?:为|為|系|係|仅|僅|由|来自|來自|属|屬|转|轉)",
    "【（([免特版郑鄭广廣平法": (
        r"[【（(\[]?(?:免责|免責|特别|特別|版权|版權|郑重|鄭重|广告|廣告|平台|法律)(?:声明|聲明)"
    ),
    "声聲": "(?:声明|聲明)[:：]",
    "凡": "凡本[网站網]",
    "图圖素文内內": "[（(]?(?:图片|圖片|图文|圖文|素材|文章|内容|內容)(?:来源|來源|来自|來自)",
    "如": "如有侵[权權]",
    "转轉": "转载请|轉載請",
    "未": "未经本|未經本",
}
_NOTICE_START = re.compile(rf"(?=[{re.escape(''.join(_NOTICE_STARTS))}])(?:{'|'.join(_NOTICE_STARTS.values())})")
_MAX_CUTS = 6
_MIDDLE, _REPEATED = LineContext(position="middle"), LineContext(position="middle", repeated=True)


def remove_boilerplate(article: Article, *, site_lines: SiteLines | None = None) -> None:
    """Remove notices, furniture, calls, lists, spam and editors' credits from `article.body`.

    site_lines: how often the site repeats its lines; without it repetition is not looked at.
    What goes out is appended to `article.removed` in the order of the page. Reporters' credits stay: they are part of
    the text as printed.
    """
    lines = article.body.split("\n")
    rules = _verdicts(lines, _repeated(lines, site_lines))
    _drop_lists(lines, rules)
    _close(lines, rules)
    kept: list[str] = []
    for line, rule in zip(lines, rules, strict=True):
        if rule is None:
            kept.append(line)
        else:
            article.removed.append(Removed(rule, line))
    _cut_ends(kept, article)
    article.body = "\n".join(kept).strip("\n")


def _repeated(lines: Sequence[str], site_lines: SiteLines | None) -> list[bool]:
    """Tell which lines the site repeats; none where most of the text is, for then the article itself is known."""
    if site_lines is None:
        return [False] * len(lines)
    repeated = [site_lines.is_repeated(line) for line in lines]
    size = sum(len(line) for line, again in zip(lines, repeated, strict=True) if again)
    return repeated if 2 * size <= sum(map(len, lines)) else [False] * len(lines)


def _verdicts(lines: Sequence[str], repeated: Sequence[bool]) -> list[str | None]:
    """Return the rule that drops each line, None for those that stay. Lines behind the last prose are the tail."""
    rules: list[str | None] = []
    for line, again in zip(lines, repeated, strict=True):
        where = _REPEATED if again else _MIDDLE
        rules.append(classify_line(line, context=where).rule if line and not line.isspace() else None)
    for index in range(_last_prose(lines, rules) + 1, len(lines)):
        if rules[index] is None and lines[index].strip():
            rules[index] = tail_rule(lines[index])
    return rules


def _last_prose(lines: Sequence[str], rules: Sequence[str | None]) -> int:
    backwards = range(len(lines) - 1, -1, -1)
    return next((index for index in backwards if rules[index] is None and _is_prose(lines[index])), -1)


def _drop_lists(lines: Sequence[str], rules: list[str | None]) -> None:
    """Drop the items under the heading of a list of links: to the end of the body, or two and more in its middle."""
    for index, rule in enumerate(rules):
        if rule != "reclist":
            continue
        run: list[int] = []
        end = len(lines)
        for following in range(index + 1, len(lines)):
            if rules[following] is not None or not lines[following].strip():
                continue
            if not _is_item(lines[following]):
                end = following
                break
            run.append(following)
        if end == len(lines) or len(run) >= 2:
            for position in run:
                rules[position] = "related"


def _close(lines: Sequence[str], rules: list[str | None]) -> None:
    """Drop what follows the furniture at the end of a body: behind comments all of it, else the short lines."""
    total = sum(map(len, lines))
    last = _last_prose(lines, rules)
    before, closing = 0, ""
    for index, line in enumerate(lines):
        rule = rules[index]
        far = total > 0 and before + len(line) >= _ARTICLE_SHARE * total
        if rule is None and line.strip():
            short = closing == "short" and index > last and not _CAPTION.search(line)
            if closing == "all" or short:
                rules[index] = "tail"
        elif rule in _CLOSING and not closing and index > last:
            closing = "short"
        if far and (rule == "comments" or _ARTICLE_END.search(line)):
            closing = "all"
        before += len(line)


def _is_prose(line: str) -> bool:
    text = line.strip()
    return len(text) >= _PROSE_LENGTH or (len(text) >= 12 and _SENTENCE.search(text) is not None)


def _is_item(line: str) -> bool:
    """Tell whether a line has the shape of an entry in a list of links."""
    text = line.strip()
    if _TEASER.search(text) or _LONE_DATE.match(text):
        return True
    return len(text) <= _TITLE_LENGTH and "。" not in text and _CLOSED.search(text) is None


def _cut_ends(kept: list[str], article: Article) -> None:
    """Cut what was glued to the ends of the last paragraphs: credits, calls, notices."""
    cut: list[Removed] = []
    looked_at = 0
    for index in range(len(kept) - 1, -1, -1):
        if not kept[index].strip():
            continue
        text, pieces = _cut_end(kept[index])
        if pieces:
            kept[index] = text
            cut = pieces + cut
        looked_at += 1
        if looked_at == 3:
            break
    article.removed.extend(cut)


def _cut_end(line: str) -> tuple[str, list[Removed]]:
    """Return a paragraph without what was glued to its end, and the pieces in the order of the text."""
    pieces: list[Removed] = []
    for _ in range(_MAX_CUTS):
        tail_start = max(0, len(line) - 80)
        if _GLUE.search(line, tail_start) is None:
            break
        found = [
            (match.start(), rule)
            for rule, apart, _, pattern in _GLUED
            if (match := pattern.search(line, tail_start)) and (not apart or _ends_sentence(line[: match.start()]))
        ]
        start, rule = min(found, default=(0, ""))
        if start == 0:
            break
        pieces.insert(0, Removed(rule, line[start:].strip()))
        line = line[:start].rstrip()
    for count, match in enumerate(_NOTICE_START.finditer(line)):
        if count == _MAX_CUTS:
            break
        if match.start() < 12 or not _ends_sentence(line[: match.start()]):
            continue
        rule_of_rest = classify_line(line[match.start() :]).rule
        if rule_of_rest in {"disclaimer", "copyright"}:
            pieces.insert(0, Removed(rule_of_rest, line[match.start() :].strip()))
            line = line[: match.start()].rstrip()
            break
    return line, pieces


def _ends_sentence(text: str) -> bool:
    """Tell whether a text ends where a sentence, a bracket or a word ends."""
    return text[-1:].isspace() or text.rstrip()[-1:] in "。！？!?”」』）)】]：:…～~；;.：" or not text.strip()
