"""Notices (disclaimer, copyright, reprint) weighed clause by clause: one clause alone also stands in articles about them."""

from __future__ import annotations

import re
from typing import NamedTuple

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


_OWN = r"(?:本[站网报刊]站?|本平台|本公众号|我们|小编|编辑|作者|管理员|后台|客服|我司)"

CLAUSES: tuple[Clause, ...] = tuple(
    Clause(rule, weight, core, re.compile(pattern))
    for rule, weight, core, pattern in (
        # who speaks: the page of itself
        ("disclaimer", 1, False, r"^\W{0,3}(?:\d{1,2}[.、\s)]{0,2})?(?:注:|声明|本(?:文|站|网|平台|公众号|栏目|内容|页面|稿|文章|文档|新闻)|以上|该文|此文|文为|所[载有]|文章|图文|部分|素材|图片|转载|投稿|免责|特别声明)"),
        ("disclaimer", 1, False, r"^\W{0,3}(?:\d{1,2}[.、\s)]{0,2})?凡(?:本|注明|来源|转载|在本|属|标注|署名)"),
        ("disclaimer", 1, True, r"^.{0,14}?(?:免责|版权|转载|著作权|本站|网站|平台|作者|新浪|原创)(?:声明|申明|说明|须知)\s?[:】\]]"),
        ("disclaimer", 1, False, r"^\W{0,3}.{0,4}?(?:声明|申明|提示|告知)\s?[:】]"),
        ("disclaimer", 1, False, r"本[网站][^。]{0,80}本[网站]"),
        # whose opinion
        ("disclaimer", 2, True, r"(?:系|为|是|代表|属)\S{0,8}(?:作者|投稿者|发布者|网友|机构|博主|用户|创作者)(?:的)?(?:本人|个人|自己|自身)?(?:的)?(?:观点|立场|意见|看法|行为|言论)"),
        ("disclaimer", 2, True, r"不代表(?:本|我)?[^,。]{0,18}(?:观点|立场|意见|看法|同意)"),
        ("disclaimer", 1, True, r"(?:并不|不|并未|未)(?:意味着|表示|代表)?[^,。]{0,6}(?:赞同|证实|认同)(?:其)?(?:观点|内容|描述|真实性)"),
        ("disclaimer", 1, True, r"与(?:本|我)?[^,。]{0,12}(?:网|站|平台|公司|本文|立场|报社)无关"),
        ("disclaimer", 1, True, r"传递更多(?:的)?信息|观点(?:判断)?保持中立"),
        # what is not promised
        ("disclaimer", 2, True, r"不(?:对[^,。]{0,24})?(?:作|做|提供|承担|负|保证)(?:出)?(?:任何)(?:形式的)?(?:明示或暗示的|法律|连带|直接|相关|法律上的)?(?:的)?(?:保证|承诺|担保|责任(?!的|任)|修改)"),
        ("disclaimer", 1, True, r"(?:不(?:拥有所有权|承担相关法律责任|承担法律责任|做任何修改)|不对[^,。]{0,24}(?:承担|负)[^,。]{0,6}责)"),
        ("disclaimer", 2, True, r"^.{0,30}(?:本[站网]|平台)[^。]{0,40}(?:不|概不|并不能?)[^,。]{0,14}负责"),
        ("disclaimer", 1, False, r"(?:请(?:读者|网友|用户|投资者)|仅)(?:仅)?(?:供|作)(?:读者|投资者|大家|学习|您|网友)?(?:参考|学习|交流)"),
        ("disclaimer", 1, True, r"请?自行核实|投资有风险|入市需谨慎|不构成[^,。]{0,10}(?:投资|买卖|操作)?(?:建议|依据)|据此(?:操作|入市|投资|买卖)|文责自负"),
        ("disclaimer", 2, True, r"(?:仅|只)?(?:提供|为)[^,。]{0,6}信息(?:存储|展示)(?:空间|平台)?(?:服务)?|信息发布平台"),
        ("disclaimer", 1, True, r"(?:主动|自行|用户|会员|机构|网友|自发)\S{0,4}(?:上传|投稿|贡献)(?:并发布|并上传)?|上传并发布"),
        # what to do about rights
        ("disclaimer", 2, True, rf"(?:侵权|侵犯|侵害|版权|权益|稿酬)[^。]{{0,40}}(?:联系{_OWN}|与{_OWN}(?:联系|取得)|删除|侵删|撤下|示知|出示权属|支付稿酬|进行举报或认领)"),
        ("disclaimer", 2, True, r"侵删|侵权(?:必删|即删|请?联系|请告知|立删)"),
        ("disclaimer", 1, True, r"(?:来源于?|源于|来自|源自|转载自|摘自|整理自|转自|取自)(?:于)?(?:互联网|网络|公开资料|其[他它]媒体|网友)"),
        ("disclaimer", 1, False, r"(?:立即|及时|第一时间|尽快|24小时内|将尽[快量]|立刻)[^,。]{0,10}(?:删除|更正|撤[下除])"),
        ("disclaimer", 1, True, rf"(?:需要?|请)(?:同|与|联系){_OWN}(?:联系|接洽)?"),
        # who may copy
        ("copyright", 2, True, r"未经[^,。]{0,24}(?:授权|许可|允许|同意|书面)[^。]{0,16}(?:不得|禁止|请勿|严禁|谢绝|勿|不可|任何)[^。]{0,24}(?:转载|摘编|镜像|转发|链接|引用|商用|下载使用)"),
        ("copyright", 2, True, r"未经(?:本[网站报刊社]|[^,。]{0,12}书面|协议)[^,。]{0,12}[^。]{0,12}(?:不得|禁止|请勿|严禁|谢绝)[^。]{0,24}(?:使用|复制)"),
        ("copyright", 1, True, r"未经[^,。]{0,24}(?:不得|禁止|请勿|严禁|谢绝)(?:擅自)?(?:转载|摘编|建立镜像)"),
        ("copyright", 2, True, r"转载(?:时)?(?:请|须|需|务必|必须|应)[^,。]{0,10}(?:注明|标明|说明|保留|联系)"),
        ("copyright", 2, True, r"(?:禁止|谢绝|严禁|请勿)(?:擅自|随意|任何形式的?|非法)?(?:转载|摘编|镜像|建立镜像|转贴|引用)"),
        ("copyright", 2, True, r"(?:禁止|不得|请勿)[^。]{0,40}(?:转贴|改写|引用|转载)[^。]{0,8}违者必究|转载请保留本声明"),
        ("copyright", 1, True, r"版权[^,。]{0,4}(?:归|属于?|为)[^,。]{0,24}(?:所有|作者|原)|著作权归|版权所有|版权(?:均)?属"),
        ("copyright", 1, False, r"(?:保留|将|依法)[^,。]{0,8}追究[^,。]{0,12}(?:责任|权利)|违者必究"),
        ("copyright", 1, True, r"(?:注明|标注|署名)[^,。]{0,4}[“\"「]?(?:来源|出处|稿件来源)"),
        ("copyright", 1, False, r"(?:专稿|原创(?:文章|作品|内容|稿件|新闻)|独家(?:稿件|作品))"),
        ("copyright", 1, True, r"(?:合法拥有版权|授权(?:发布|发表|使用作品|范围|转载))"),
        ("copyright", 1, False, r"受[^,。]{0,20}(?:著作权|版权)法[^,。]{0,8}保护"),
    )
)

#: Words without which no notice is written: most lines are let go by after this one search.
CUE = re.compile(
    r"声明|申明|版权|转载|侵|立场|观点|免责|负责|责任|保证|承诺|参考|授权|无关|信息存储|信息发布|镜像|自负|来源|注明|著作权|"
    r"核实|风险|不构成|上传|转贴|摘编|本[网站]|许可"
)
#: Somebody reports, says or judges: the line tells about a notice and is none.
REPORTED = re.compile(
    r"(?:表示|指出|认为|强调|透露|介绍说?|回应|告诉|谴责|宣布|获悉|了解到|呼吁|提醒|批评|质疑|主张|辩称|坦言|解释)[,:说道称了“]"
    r"|[^声宣自名]称[,:“]|说[,:]|法院|法官|律师|被告|原告|判决|检察|警方|嫌疑|条例|记者(?:了解|注意|发现|采访|从)|"
    r"^第[一二三四五六七八九十百\d]{1,5}条|当事人|消费者协会|发布会|发表声明|发布声明|部门|执法|行政"
)


def notice_rule(text: str) -> str | None:
    """Return the rule of a folded line that is a notice, None for any other line."""
    if CUE.search(text) is None:
        return None
    found = [(clause, match) for clause in CLAUSES if (match := clause.pattern.search(text)) is not None]
    weight = sum(clause.weight for clause, _ in found)
    core = [clause for clause, _ in found if clause.core]
    if not core or weight < NEEDED or len(text) > PER_WEIGHT * weight:
        return None
    before = min(match.start() for _, match in found)
    if before > OPENING and 3 * before > len(text):
        return None
    if weight < CERTAIN and REPORTED.search(text):
        return None
    return max(core, key=lambda clause: clause.weight).rule


def clause_weight(text: str) -> float:
    """Return the weight of notice clauses in a folded line (for lines under the heading of a notice)."""
    return sum(clause.weight for clause in CLAUSES if clause.pattern.search(text)) if CUE.search(text) else 0.0
