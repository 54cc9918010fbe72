"""Take out of the body what is no part of the article, and keep every piece with the rule that took it."""

from __future__ import annotations

import re

from newscrawl.items import Article, Removed
from newscrawl.text.boilerplate import LineContext, classify_line
from newscrawl.text.boilerplate_sites import SiteLines
from newscrawl.text.folding import fold

#: A line of prose: long, or closed by a full stop or its like.
_PROSE_LENGTH = 60
_CLOSED = re.compile(r"[。！？!?…」』”\"；;）)】：:]\s*$")
_SENTENCE = re.compile(r"[。！？；!?]")
#: A credit that was glued to the end of the last paragraph.
_GLUED = re.compile(
    r"(?<=[。！？!?”」』）)\s])\s*(?P<credit>[（(【\[]?\s?(?:本文)?(?:责任编辑|責任編輯|责编|責編|值班编辑|网络编辑|網絡編輯)\s?[:：/ ][^。！？!?]{0,30}|"
    r"返回搜狐，?查看更多\W*)$"
)
#: A list of links has at most so many characters a line.
_TITLE_LENGTH = 48


def remove_boilerplate(article: Article, *, site_lines: SiteLines | None = None) -> None:
    """Remove notices, furniture, calls, lists, spam and editors' credits from `article.body`, line by line.

    site_lines: how often the site repeats its lines; without it repetition is not looked at.
    What goes out is appended to `article.removed` in the order of the page.
    """
    lines = article.body.split("\n")
    rules = _verdicts(lines, _repeated(lines, site_lines))
    _drop_lists(lines, rules)
    kept: list[str] = []
    for line, rule in zip(lines, rules, strict=True):
        if rule is None:
            kept.append(line)
        else:
            article.removed.append(Removed(rule, line))
    _strip_glued_credit(kept, article)
    while kept and not kept[-1].strip():
        kept.pop()
    article.body = "\n".join(kept)


def _repeated(lines: list[str], site_lines: SiteLines | None) -> list[bool]:
    """Tell which lines the site repeats; none where most of the text is, for then the article itself is known."""
    if site_lines is None:
        return [False] * len(lines)
    repeated = [site_lines.is_repeated(line) for line in lines]
    size = sum(len(line) for line, again in zip(lines, repeated, strict=True) if again)
    return repeated if 2 * size <= sum(map(len, lines)) else [False] * len(lines)


def _verdicts(lines: list[str], repeated: list[bool]) -> list[str | None]:
    """Return for each line the rule that drops it, None for those that stay. Lines behind the last prose are the tail."""
    rules: list[str | None] = []
    for line, again in zip(lines, repeated, strict=True):
        where = LineContext(position="middle", repeated=again)
        rules.append(classify_line(line, context=where).rule if line.strip() else None)
    end = max((index for index, line in enumerate(lines) if rules[index] is None and _is_prose(line)), default=-1)
    for index in range(end + 1, len(lines)):
        if rules[index] is None and lines[index].strip():
            rules[index] = classify_line(lines[index], context=LineContext(position="tail")).rule
    return rules


def _drop_lists(lines: list[str], rules: list[str | None]) -> None:
    """Drop the titles under the heading of a list of links: to the end of the body, or two and more in its middle."""
    for index, rule in enumerate(rules):
        if rule != "reclist":
            continue
        run = []
        for following in range(index + 1, len(lines)):
            if rules[following] is not None or not lines[following].strip():
                continue
            if not _is_title(lines[following]):
                break
            run.append(following)
        else:
            following = len(lines)
        if following == len(lines) or len(run) >= 2:
            for position in run:
                rules[position] = "related"


def _is_prose(line: str) -> bool:
    text = line.strip()
    return len(text) >= _PROSE_LENGTH or (len(text) >= 12 and _SENTENCE.search(text) is not None)


def _is_title(line: str) -> bool:
    """Tell whether a line has the shape of a headline: short, without a sentence in it."""
    text = line.strip()
    return len(text) <= _TITLE_LENGTH and "。" not in text and _CLOSED.search(text) is None


def _strip_glued_credit(kept: list[str], article: Article) -> None:
    """Cut an editor's credit off the end of the last paragraph."""
    for index in range(len(kept) - 1, -1, -1):
        if not kept[index].strip():
            continue
        match = _GLUED.search(kept[index])
        if match and fold(match["credit"]):
            article.removed.append(Removed("credit", match["credit"]))
            kept[index] = kept[index][: match.start()].rstrip()
        return
