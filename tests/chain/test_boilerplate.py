"""What goes out of a body, and what is written down about it."""

from __future__ import annotations

from newscrawl.chain.boilerplate import remove_boilerplate
from newscrawl.items import Article, Removed
from newscrawl.text.boilerplate_sites import SiteLines

PROSE = [
    "江岸区昨天召开会议，部署今年的防汛工作，各街道负责人参加。会议由区长主持，气象、水务等单位通报了近期的水情。",
    "会议要求，各单位要把责任落到人头，备足物资，二十四小时有人值守。",
    "据介绍，今年江岸区还将新建三座泵站，改造二十公里管网，年底前全部完工。（记者 王明）",
]


def cleaned(*lines: str, site_lines: SiteLines | None = None) -> Article:
    article = Article(url="http://www.jiangan.example/a.html", body="\n".join(lines))
    remove_boilerplate(article, site_lines=site_lines)
    return article


def test_an_article_without_boilerplate_stays_as_it_is() -> None:
    article = cleaned(*PROSE)
    assert article.body == "\n".join(PROSE)
    assert article.removed == []


def test_every_removed_line_is_kept_with_its_rule() -> None:
    article = cleaned("【字体：大 中 小】【打印】", *PROSE, "责任编辑：李红", "未经授权，不得转载", "推荐阅读")
    assert article.body == "\n".join(PROSE)
    assert article.removed == [
        Removed("nav", "【字体：大 中 小】【打印】"),
        Removed("credit", "责任编辑：李红"),
        Removed("copyright", "未经授权，不得转载"),
        Removed("reclist", "推荐阅读"),
    ]


def test_reporters_and_datelines_stay_in_the_text() -> None:
    first = "本报讯（记者 王明）江岸区昨天召开会议，部署今年的防汛工作，各街道负责人参加。"
    assert cleaned(first, *PROSE[1:], "本报记者 王明 李红").body.endswith("本报记者 王明 李红")


def test_titles_under_the_heading_of_a_list_go_to_the_end() -> None:
    article = cleaned(*PROSE, "相关阅读", "江岸区新增三条公交线路", "江岸图书馆重新开放", "2023-01-04")
    assert article.body == "\n".join(PROSE)
    assert [piece.rule for piece in article.removed] == ["reclist", "related", "related", "related"]


def test_a_list_in_the_middle_does_not_swallow_the_text_behind_it() -> None:
    article = cleaned(PROSE[0], "推荐阅读", "江岸区新增三条公交线路", "江岸图书馆重新开放", *PROSE[1:])
    assert article.body == "\n".join(PROSE)


def test_a_subheading_behind_a_heading_stays() -> None:
    article = cleaned(PROSE[0], "推荐阅读", "三座泵站年底完工", *PROSE[1:])
    assert article.body.split("\n") == [PROSE[0], "三座泵站年底完工", *PROSE[1:]]


def test_behind_the_comments_nothing_belongs_to_the_article() -> None:
    article = cleaned(*PROSE, "网友评论", "江岸人：终于要修泵站了，希望今年夏天不要再积水了，支持！")
    assert article.body == "\n".join(PROSE)
    assert article.removed[-1].rule == "tail"


def test_behind_the_portals_closing_line_nothing_belongs_to_the_article() -> None:
    other = "江岸图书馆昨天重新开放，首日接待读者两千人。"
    assert cleaned(*PROSE, "返回江岸，查看更多", other).body == "\n".join(PROSE)
    assert cleaned(*PROSE[:2], PROSE[2] + "返回江岸，查看更多", other).body == "\n".join(PROSE)


def test_a_comment_link_at_the_head_cuts_nothing() -> None:
    assert cleaned("我要评论(0)", *PROSE).body == "\n".join(PROSE)


def test_what_is_glued_to_the_last_paragraph_is_cut_off() -> None:
    article = cleaned(*PROSE[:2], PROSE[2] + "（责任编辑：李红）")
    assert article.body == "\n".join(PROSE)
    assert article.removed == [Removed("credit", "（责任编辑：李红）")]
    article = cleaned(*PROSE[:2], PROSE[2] + "返回江岸，查看更多责任编辑：")
    assert article.body == "\n".join(PROSE)
    article = cleaned(*PROSE[:2], PROSE[2] + "免责声明：本文仅代表作者个人观点，与江岸网无关。")
    assert article.body == "\n".join(PROSE)
    assert article.removed == [Removed("disclaimer", "免责声明：本文仅代表作者个人观点，与江岸网无关。")]


def test_a_sentence_that_names_an_editor_is_not_cut() -> None:
    last = "他从记者做起，后来担任副刊的责任编辑，前后二十年。"
    assert cleaned(*PROSE, last).body.endswith(last)


def test_lines_that_the_site_repeats_go() -> None:
    site_lines = SiteLines()
    for index in range(4):
        site_lines.observe([f"第{index}篇文章。", f"第{index}段文字。", "江岸头条二十四小时"])
    article = cleaned(*PROSE, "江岸头条二十四小时", site_lines=site_lines)
    assert article.removed == [Removed("repeated", "江岸头条二十四小时")]
    assert cleaned(*PROSE, "江岸头条二十四小时").body.endswith("江岸头条二十四小时")


def test_an_article_that_is_known_already_is_not_emptied() -> None:
    site_lines = SiteLines(pages=3, counts={})
    for line in PROSE:
        for _ in range(3):
            site_lines.observe([line])
    assert cleaned(*PROSE, site_lines=site_lines).body == "\n".join(PROSE)


def test_a_body_of_nothing_but_furniture_becomes_empty() -> None:
    article = cleaned("首页", "上一篇：甲乙丙", "未经授权，不得转载")
    assert article.body == ""
    assert len(article.removed) == 3


def test_empty_body() -> None:
    assert cleaned("").body == ""
