"""Which lines are no part of an article, and which only look so."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.text.boilerplate import LineContext, classify_line

DROPPED = [
    # notices
    ("disclaimer", "本文仅代表作者个人观点，与江岸网无关。"),
    ("disclaimer", "免责声明：文章内容仅供参考，不构成投资建议，据此操作风险自担。"),
    ("disclaimer", "特别声明：以上内容为自媒体平台“江岸号”用户上传并发布，本平台仅提供信息存储服务。"),
    ("disclaimer", "图文来源网络，如有侵权请联系删除"),
    ("disclaimer", "图片来源于网络，侵删"),
    (
        "disclaimer",
        "凡本网注明“来源：XXX（非江岸网）”的作品，均转载自其它媒体，转载目的在于传递更多信息，并不代表本网赞同其观点和对其真实性负责。",
    ),
    ("disclaimer", "本站不对任何下载内容负责，本站仅提供交流平台。"),
    ("disclaimer", "本內容由用戶自行上傳，江岸號僅提供信息存儲空間服務，不代表本站立場。"),
    ("copyright", "未经授权，不得转载"),
    ("copyright", "本文系江岸网独家稿件，版权归作者所有，转载请注明出处。"),
    ("copyright", "江岸网版权所有 未经书面授权禁止复制或建立镜像"),
    ("copyright", "Copyright © 2011-2023 江岸传媒 All Rights Reserved"),
    ("copyright", "版權聲明：本網文章未經授權不得轉載，違者必究。"),
    ("icp", "浙ICP备12345678号-1"),
    ("icp", "互联网新闻信息服务许可证：33120200001"),
    # furniture
    ("prevnext", "上一篇：江岸区召开工作会议 下一篇：没有了"),
    ("share", "分享到： 微信 新浪微博 QQ空间"),
    ("nav", "【字体：大 中 小】【打印】【关闭】"),
    ("nav", "您的位置：首页 > 新闻 > 正文"),
    ("nav", "返回江岸首页"),
    ("about", "关于我们 | 联系我们 | 广告服务 | 媒体刊例"),
    ("comments", "网友评论仅供其表达个人看法，并不表明本网立场。"),
    ("comments", "登录后发表评论"),
    ("comments", "查看全部 139 条评论"),
    ("comments", "评论 66 文明上网理性发言，请遵守新闻评论服务协议"),
    ("reclist", "延伸阅读"),
    ("reclist", "热门新闻排行榜"),
    ("reclist", "为您推荐"),
    ("reclist", "更多新闻 >>"),
    ("reclist", "相關閱讀"),
    ("nav", "新闻爆料2"),
    ("related", "相关阅读：江岸区新增三条公交线路"),
    # calls, hotlines, advertisements
    ("cta", "扫描下方二维码关注江岸发布微信公众号"),
    ("cta", "请关注“江岸发布”微信公众号"),
    ("cta", "打开江岸新闻APP，查看更多精彩内容"),
    ("cta", "点击下方“阅读原文”"),
    ("cta", "海量资讯、精准解读，尽在江岸财经APP"),
    ("hotline", "违法和不良信息举报电话：027-12345678 举报邮箱：jubao@jiangan.example"),
    ("hotline", "新闻热线：027-12345678"),
    ("origtitle", "（原标题：江岸区召开工作会议）"),
    ("ad", "江岸新闻客户端下载"),
    ("tagline", "爱上你，爱上江岸网：www.jiangan.example.com欢迎您!"),
    ("spam", "无码人妻久久_国产精品在线观看_亚洲一区二区三区"),
    # damaged by a mirror: pinyin behind the characters
    ("nav", "關(guān)注江岸網(wǎng)"),
    ("disclaimer", "其內(nèi)容未經(jīng)本站證實，請讀者僅作參考，并自行核實，本站不作任何保證。"),
]

KEPT = [
    "在一份联合声明中，俱乐部表示将继续支持青训。",
    "外交部发表声明，谴责伤害平民的袭击行动。",
    "市民如发现违规行为，可拨打12345热线或登录网站举报。",
    "举报电话：（○二七）八二三四五六七八。",
    "举报电话：12318",
    "法院认为，该平台在协议中写明“仅提供信息存储空间服务”，不能免责。",
    "律师提醒，未经许可转载他人文章，可能构成侵权，应当联系作者取得授权。",
    "第十条 未经著作权人许可，任何单位不得转载、复制其作品。",
    "凡违反本规定的，由主管部门依法追究责任。",
    "若存在侵犯商标权的行为，请向市场监管部门举报。",
    "特别提示：今天夜间有大雨，请减少外出。",
    "郑重声明：该公司从未委托任何机构招聘。",
    "此次公布的榜单仅供参考。",
    "打人者不能免责。",
    "活动现场，市民扫描二维码即可领取优惠券。",
    "记者下载该客户端后发现，注册需要实名。",
    "网友评论说，这条路终于修好了。",
    "相关链接",
    "体育",
    "责任编辑：王明",  # without a position a credit is left to the step that reads credits
    "本报记者 王明",
    "（记者 王明）",
    "新华社江岸1月4日电（记者王明）江岸区召开会议。",
    "热门景点排起长队，景区启动限流。",
    "更多的人选择骑车上班。",
    "他在评论区留言，希望大家转发分享。",
    "国产精品酒店亮相亚洲博览会，免费观看演出。",
    "",
    "　　",
]


@pytest.mark.parametrize(("rule", "line"), DROPPED)
def test_boilerplate_goes_with_its_rule(rule: str, line: str) -> None:
    verdict = classify_line(line)
    assert (verdict.drop, verdict.rule) == (True, rule)


@pytest.mark.parametrize("line", KEPT)
def test_what_only_looks_like_boilerplate_stays(line: str) -> None:
    verdict = classify_line(line)
    assert (verdict.drop, verdict.rule) == (False, None)


@pytest.mark.parametrize(
    "line",
    ["责任编辑：王明", "【编辑：王明】", "来源：江岸晚报 编辑：王明 审核：李红", "編輯/王明", "编辑 王明 校对 李红"],
)
def test_editors_credits_go_from_a_body(line: str) -> None:
    assert classify_line(line, context=LineContext(position="middle")).rule == "credit"
    assert not classify_line(line).drop


@pytest.mark.parametrize(
    "line", ["来源：江岸晚报", "本报记者 王明 通讯员 李红", "作者：王明", "编辑部的故事：一个时代的缩影。"]
)
def test_other_credits_are_text(line: str) -> None:
    assert not classify_line(line, context=LineContext(position="tail")).drop


def test_the_tail_of_a_body_is_judged_more_strictly() -> None:
    for line in ("标签", "本文来源：江岸晚报 作者：王明", "更多图说江岸"):
        assert not classify_line(line, context=LineContext(position="middle")).drop
        assert classify_line(line, context=LineContext(position="tail")).drop


def test_repetition_drops_any_line() -> None:
    verdict = classify_line("江岸头条二十四小时滚动", context=LineContext(repeated=True))
    assert (verdict.drop, verdict.rule) == (True, "repeated")


def test_a_paragraph_with_a_notice_at_its_end_is_not_dropped_whole() -> None:
    line = (
        "江岸科技主营业务为水循环设备的生产和销售，上半年营收同比增长两成。"
        "以上内容由系统整理，与本站立场无关，不构成投资建议。"
    )
    assert not classify_line(line).drop


def test_verdicts_hold_in_both_widths_and_scripts() -> None:
    pairs = [("未经授权，不得转载", "未經授權,不得轉載"), ("推荐阅读：", "推薦閱讀:"), ("上一篇：甲乙", "上一篇:甲乙")]
    for first, second in pairs:
        assert classify_line(first) == classify_line(second)


@given(st.text(max_size=200))
@settings(derandomize=True, deadline=None, max_examples=150)
def test_any_text_gets_a_verdict(line: str) -> None:
    verdict = classify_line(line, context=LineContext(position="tail"))
    assert verdict.drop == (verdict.rule is not None)


@given(
    st.lists(
        st.sampled_from(
            [
                "责任编辑：",
                "来源：",
                "本网",
                "转载请注明",
                "版权所有",
                "更多",
                "|",
                "【大】",
                "关键词：",
                "甲",
                " ",
                "未经授权",
            ]
        ),
        max_size=120,
    )
)
@settings(derandomize=True, deadline=None, max_examples=100)
def test_repeated_cues_are_read_to_their_end(parts: list[str]) -> None:
    verdict = classify_line("".join(parts), context=LineContext(position="tail"))  # a catastrophic pattern hangs here
    assert verdict.drop == (verdict.rule is not None)


@pytest.mark.parametrize("line", ["责" * 1_000_000, "\ud800\x00" * 100, "|" * 1199, "责任编辑：" * 240])
def test_huge_and_broken_lines_are_kept(line: str) -> None:
    assert not classify_line(line).drop
