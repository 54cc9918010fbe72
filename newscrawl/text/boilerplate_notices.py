"""Notices (disclaimer, copyright, reprint), weighed clause by clause: one alone also stands in articles about them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

_TABLE = Path(__file__).with_name("data") / "boilerplate_notices.txt"

#: Weight that a notice needs, and the characters that each unit of it accounts for.
NEEDED = 2.0
PER_WEIGHT = 80
#: A line whose first clause comes later than this, and behind a third of it, is prose with a notice at its end.
OPENING = 24
#: From this weight on even reported speech does not save a line.
CERTAIN = 6.0


class Clause(NamedTuple):
    """A clause of a notice: the rule it stands for, its weight, whether it is found in notices only, its pattern."""

    rule: str
    weight: float
    core: bool
    pattern: re.Pattern[str]


@cache
def clauses() -> tuple[Clause, ...]:
    """Return the clauses of `data/boilerplate_notices.txt`."""
    own = ""
    found: list[Clause] = []
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or "\t" not in line:
            continue
        if line.startswith("{OWN}"):
            own = line.partition("\t")[2]
            continue
        rule, weight, core, pattern = line.split("\t", 3)
        found.append(Clause(rule, float(weight), core == "core", re.compile(pattern.replace("{OWN}", own))))
    return tuple(found)


#: Words without which no notice is written: most lines are let go by after this one search.
CUE = re.compile(
    r"声明|申明|版权|转载|侵|立场|观点|免责|负责|责任|保证|承诺|参考|授权|无关|信息存储|信息发布|镜像|自负|来源|注明|著作权|"
    r"核实|风险|不构成|上传|转贴|摘编|本[网站]|许可"
)
#: Somebody reports, says or judges: the line tells about a notice and is none.
REPORTED = re.compile(
    r"(?:表示|指出|认为|强调|透露|介绍说?|回应|告诉|谴责|宣布|获悉|了解到|呼吁|提醒|批评|质疑|主张|辩称|坦言|解释)[,:说道称了“]"
    r"|[^声宣自名]称[,:“]|说[,:]|法院|法官|律师|被告|原告|判决|检察|警方|嫌疑|条例|记者(?:了解|注意|发现|采访|从)|"
    r"第[一二三四五六七八九十百\d]{1,5}[条款]|约定|[,，]是[这那一]|当事人|消费者协会|发布会|发表声明|发布声明|部门|执法|行政"
)


def notice_rule(text: str) -> str | None:
    """Return the rule of a folded line that is a notice, None for any other line."""
    if CUE.search(text) is None:
        return None
    core = _found(text, core=True)
    if not core:
        return None
    found = core + _found(text, core=False)
    weight = sum(clause.weight for clause, _ in found)
    if weight < NEEDED or len(text) > PER_WEIGHT * weight:
        return None
    before = min(match.start() for _, match in found)
    if before > OPENING and 3 * before > len(text):
        return None
    if weight < CERTAIN and REPORTED.search(text):
        return None
    return max((clause for clause, _ in core), key=lambda clause: clause.weight).rule


def _found(text: str, *, core: bool) -> list[tuple[Clause, re.Match[str]]]:
    """Return the clauses of one sort that a line has, in the order of the table."""
    wanted = (clause for clause in clauses() if clause.core == core)
    return [(clause, match) for clause in wanted if (match := clause.pattern.search(text)) is not None]
