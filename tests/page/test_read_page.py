from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from newscrawl.page import Layout, read_page
from tests.page.pages import PARAGRAPHS, TITLE, article_page, list_page

URL = "https://www.yunling.example/news/2024-03-13/81001.html"


def body_of(html: str | bytes, url: str = URL) -> str:
    article = read_page(html, url).article
    assert article is not None
    return article.body


def test_article_page_gives_every_raw_string() -> None:
    moment = datetime(2024, 3, 14, tzinfo=UTC)
    page = read_page(article_page(), URL, fetched_at=moment)
    article = page.article
    assert (page.kind, page.next_part, page.next_list) == ("article", "", "")
    assert article is not None
    assert article.title == TITLE
    assert article.body.split("\n") == list(PARAGRAPHS)
    assert article.body == article.body_raw
    assert article.section == "云岭新闻"
    assert article.language == "zh-CN"
    assert article.fetched_at == moment
    assert article.published_raw.startswith("2024-03-13 08:30")
    assert "作者：林一舟" in article.byline_raw
    assert article.canonical_url == page.canonical_url
    assert len(article.id) == 40
    assert article.extractor.layout == "generic"


@pytest.mark.parametrize(
    ("field", "text", "origin"),
    [
        ("date", "2024-03-13 08:30 来源：云岭日报 作者：林一舟", "line"),
        ("credit", "2024-03-13 08:30 来源：云岭日报 作者：林一舟", "line"),
        ("date", "2024-03-13T08:30:00+08:00", "meta:article:published_time"),
        ("date", "2024-03-13T08:31:00+08:00", "jsonld"),
        ("author", "林一舟", "jsonld"),
        ("date", URL, "url"),
        ("credit", "责任编辑：高山", "tail"),
    ],
)
def test_candidates_carry_their_origin(field: str, text: str, origin: str) -> None:
    head = (
        '<meta property="article:published_time" content="2024-03-13T08:30:00+08:00">'
        '<script type="application/ld+json">{"@graph":[{"datePublished":"2024-03-13T08:31:00+08:00",'
        '"author":[{"name":"林一舟"}]}]}</script>'
    )
    article = read_page(article_page(head=head, tail="<div>责任编辑：高山</div>"), URL).article
    assert article is not None
    assert (field, text, origin) in {(entry.field, entry.text, entry.origin) for entry in article.candidates}


JOINED = "".join(PARAGRAPHS)
VARIANTS = {
    "br": "<br><br>　　".join(PARAGRAPHS),
    "div soup": "".join(f"<div><span><font>{text}</font></span></div>" for text in PARAGRAPHS),
    "Word export": "".join(
        f'<p class=MsoNormal style="text-indent:24pt"><span lang=EN-US><o:p></o:p></span><span>{text}</span></p>'
        for text in PARAGRAPHS
    ),
    "two columns": "<table><tr><td>{}{}</td><td>{}{}</td></tr></table>".format(*PARAGRAPHS),
    "recommendation in the middle": f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><div class=recommend><ul>"
    + "<li><a href=/a/1.html>这五种野菜现在最好吃</a></li>" * 5
    + f"</ul></div><p>{PARAGRAPHS[2]}</p><p>{PARAGRAPHS[3]}</p>",
    "links in the middle, without a name": f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><div>"
    + "<p><a href=/a/1.html>这五种野菜现在最好吃</a></p>" * 6
    + f"</div><p>{PARAGRAPHS[2]}</p><p>{PARAGRAPHS[3]}</p>",
    "share bar": "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    + "<div class=bdshare>分享到：<a href=#>微博</a></div>",
    "player": "<div class=player>视频加载中，请稍候...自动播放</div>"
    + "".join(f"<p>{text}</p>" for text in PARAGRAPHS),
    "hidden advert": "<p style='display: none'>点击进入云顶平台，天天有礼，月月有奖。</p>"
    + "".join(f"<p>{text}</p>" for text in PARAGRAPHS),
    "script with an article": "<script>var a='<p>另一篇文章，与本文无关。</p>';</script>"
    + "".join(f"<p>{text}</p>" for text in PARAGRAPHS),
    "noise name on the wrapper": "<div class='share-wrap ad-slot'>"
    + "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    + "</div>",
    "comments": "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    + "<div class=comments><p>网友甲：写得真好，下周末带孩子去看看。</p><p>网友乙：停车方便吗，求告知。</p></div>",
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_body_is_the_paragraphs_and_nothing_else(variant: str) -> None:
    assert body_of(article_page(body=VARIANTS[variant])).replace("\n", "") == JOINED


@pytest.mark.parametrize(
    "tail",
    [
        "<h3>热门车型推荐</h3><p>云风A5，指导价十二万元，油耗六升。</p><p>云风B7，指导价十八万元，油耗七升。</p>",
        "<div><h1>读者服务：本周末的市集去哪儿逛</h1><article><p>本周末有三处市集，都在老城区，步行可达。</p></article></div>",
        "<p>【字号 大 中 小】【打印】【关闭】</p>",
        "<blockquote><div>相关新闻</div><p>两天前，云岭市发布了春季旅游线路。</p></blockquote>",
    ],
)
def test_what_follows_the_article_is_cut(tail: str) -> None:
    paragraphs = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    assert body_of(article_page(body=paragraphs + tail)).replace("\n", "") == JOINED


def test_short_article_wins_over_a_list_of_excerpts() -> None:
    stream = "".join(
        f"<div><h4><a href=/n/{n}.html>云岭市第{n}届职工运动会落下帷幕</a></h4>"
        "<p>经过三天的角逐，运动会昨日落幕，共有四百名职工参加，决出了二十个项目的名次。</p></div>"
        for n in range(12)
    )
    html = article_page(body=f"<p>{PARAGRAPHS[0]}</p>", tail=f"<div>{stream}</div>")
    assert body_of(html) == PARAGRAPHS[0]


@pytest.mark.parametrize(
    ("head", "shown", "expected"),
    [
        (f"{TITLE}_云岭新闻网", f"<h1>{TITLE}</h1>", TITLE),
        (f"{TITLE} - 云岭新闻网", f"<div class=tit>{TITLE}</div>", TITLE),
        (f"{TITLE}|云岭|新闻", "", TITLE),
        ("云岭新闻网", f"<div>{TITLE}</div>", TITLE),
        ("", f"<h2>{TITLE}</h2>", TITLE),
        ("为花节点赞——写在油菜花开时_云岭网", "<h1>为花节点赞<br>——写在油菜花开时</h1>", "为花节点赞——写在油菜花开时"),
    ],
)
def test_title(head: str, shown: str, expected: str) -> None:
    paragraphs = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    html = f"<title>{head}</title><body>{shown}<div>2024-03-13 来源：云岭日报</div><div>{paragraphs}</div></body>"
    article = read_page(html, URL).article
    assert article is not None
    assert article.title == expected


def test_subtitle_stays_apart() -> None:
    html = article_page().replace("</h1>", "</h1><h2>——云岭市春日见闻</h2>")
    article = read_page(html, URL).article
    assert article is not None
    assert (article.title, article.subtitle) == (TITLE, "云岭市春日见闻")


def test_images_and_attachments_of_the_body_only() -> None:
    body = (
        f"<p>{PARAGRAPHS[0]}</p><p><img src=/img/flower.jpg alt=花田></p><p>{PARAGRAPHS[1]}</p><p>{PARAGRAPHS[2]}"
        "<a href=/files/plan.pdf>方案全文</a></p>"
    )
    article = read_page(article_page(body=body, tail="<img src=/img/ad_logo.png>"), URL).article
    assert article is not None
    assert [(image.url, image.caption) for image in article.images] == [
        ("https://www.yunling.example/img/flower.jpg", "花田")
    ]
    assert article.attachments == ["https://www.yunling.example/files/plan.pdf"]


def test_captions_stand_beside_their_images() -> None:
    body = (
        f"<p>{PARAGRAPHS[0]}</p><figure><img src=/img/flower.jpg alt=x>"
        "<figcaption>花田里的游客。（林一舟 摄）</figcaption></figure>"
        f"<p>{PARAGRAPHS[1]}</p><div class=img-caption>不在图旁的说明，一样不是正文。</div><p>{PARAGRAPHS[2]}</p>"
    )
    article = read_page(article_page(body=body), URL).article
    assert article is not None
    assert article.body.split("\n") == list(PARAGRAPHS[:3])
    assert [image.caption for image in article.images] == ["花田里的游客。（林一舟 摄）"]


def test_mobile_and_amp_doubles() -> None:
    head = (
        "<link rel=amphtml href=/amp/81001.html>"
        '<meta http-equiv="mobile-agent" content="format=html5;url=https://m.yunling.example/81001.html">'
    )
    assert read_page(article_page(head=head), URL).doubles == [
        "https://www.yunling.example/amp/81001.html",
        "https://m.yunling.example/81001.html",
    ]


def test_links_are_of_the_same_site_with_their_dates() -> None:
    page = read_page(list_page(), "https://www.yunling.example/news/index.html")
    assert page.kind == "list"
    assert page.article is None
    by_url = {link.url: link for link in page.links}
    link = by_url["https://www.yunling.example/news/2024-03-02/1777.html"]
    assert (link.text, link.listed_date) == ("云岭市第1批民生工程陆续开工建设", "2024-03-02")
    assert page.next_list == "https://www.yunling.example/news/index_2.html"


@pytest.mark.parametrize(
    ("crumb", "section"),
    [
        ("您当前的位置：首页 > 新闻爆料 > 正文", "新闻爆料"),
        ("当前位置: <a href=/>首页</a> &gt;&gt; <a href=/n>民生</a> &gt;&gt; <a href=/n/w>供水</a>", "民生 > 供水"),
        (f"你的位置：首页 » 民生 » {TITLE}", "民生"),
        ("当前位置：<a href=/>云岭网·云岭门户</a> &gt; <a href=/n/>民生</a>", "民生"),
        (
            "当前位置：<a href=http://www.yunling.example/>云岭网</a> &gt; <a href=http://n.yunling.example/>民生</a>",
            "民生",
        ),
        ("三河镇的位置在云岭市东部", ""),
    ],
)
def test_section_is_the_breadcrumb(crumb: str, section: str) -> None:
    html = article_page().replace('<div class="position">', f"<div>{crumb}</div><div hidden>", 1)
    article = read_page(html, URL).article
    assert article is not None
    assert article.section == section


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2024-03-13", "2024-03-13"),
        ("[03-13]", "03-13"),
        ("3月13日", "3月13日"),
        ("2024/3/13 08:30", "2024/3/13 08:30"),
        ("08:16-00", ""),
        ("0516-8372", ""),
        ("13-45", ""),
    ],
)
def test_date_beside_a_link(text: str, date: str) -> None:
    page = read_page(f"<ul><li><a href=/n/1.html>三河镇的油菜花开了</a> <em>{text}</em></li></ul>", URL)
    assert [link.listed_date for link in page.links] == [date]


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("http://other.example/a.html", False),
        ("//m.yunling.example/a.html", True),
        ("javascript:void(0)", False),
        ("mailto:a@yunling.example", False),
        ("../a.html#top", True),
        ("http://[broken", False),
    ],
)
def test_link_targets(href: str, kept: bool) -> None:
    page = read_page(f'<a href="{href}">三河镇的油菜花开了</a>', URL)
    assert bool(page.links) is kept


def test_feeds_and_canonical_address() -> None:
    head = (
        '<link rel=alternate type="application/rss+xml" href=/rss.xml>'
        '<link rel=canonical href="https://m.yunling.example/news/2024-03-13/81001.html">'
    )
    page = read_page(article_page(head=head), URL)
    assert page.feeds == ["https://www.yunling.example/rss.xml"]
    assert page.canonical_url.endswith("yunling.example/news/2024-03-13/81001.html")


def test_meta_line_and_credit_lines_stay_raw_strings() -> None:
    body = "<p>（记者 魏宁）</p>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    assert "魏宁" in body_of(article_page(body=body))


def test_foreign_page_is_read() -> None:
    text = (
        "The county opened its seventh flower festival on Tuesday, and visitors came from many nearby towns to see it. "
    )
    html = f"<title>Festival opens</title><h1>Festival opens</h1><article>{f'<p>{text * 3}</p>' * 5}</article>"
    assert "seventh flower festival" in body_of(html)


@pytest.mark.parametrize("sentence", ["གཞུང་གི་ཚོགས་འདུ་འཚོགས། ", "شەھەرلىك ھۆكۈمەت يىغىن ئاچتى، ", "ᠬᠣᠲᠠ ᠶᠢᠨ ᠬᠤᠷᠠᠯ᠂ "])
def test_minority_scripts_are_read(sentence: str) -> None:
    html = f"<title>{sentence}</title><h1>{sentence}</h1><div>2024-03-13</div><div>{f'<p>{sentence * 6}</p>' * 4}</div>"
    assert sentence.strip() in body_of(html)


def test_an_article_that_an_api_gives_as_json() -> None:
    lines = ["“先把鱼苗养过冬。”养殖户宋立本说，塘边的大棚去年就搭好了。", "县里的技术员每周来一次，带着测氧的仪器。"]
    answer = {
        "code": 0,
        "data": {
            "list_title": "<i>鱼塘</i> 边的大棚",
            "operTime": "2026-03-02 10:20:00",
            "copyfrom": "芦荡发布",
            "content_html": "".join(f"<p>{line * 2}</p>" for line in lines) + "<script>alert(1)</script>",
        },
        "related": [{"title": "另一篇", "content": "短"}],
    }
    page = read_page(json.dumps(answer, ensure_ascii=False).encode(), "https://app.example/api/content/7.json")
    assert page.kind == "article"
    assert page.article is not None
    assert page.article.title == "<i>鱼塘</i> 边的大棚"
    assert page.article.body.split("\n") == [line * 2 for line in lines]
    assert next(entry.text for entry in page.article.candidates if entry.field == "date") == "2026-03-02 10:20:00"
    assert "芦荡发布" in {entry.text for entry in page.article.candidates if entry.field == "source"}


@pytest.mark.parametrize(
    "value", [[], {}, {"title": "甲"}, {"content": 3, "title": None}, [{"title": "很长的题目" * 20}] * 30]
)
def test_json_without_an_article_is_no_article(value: object) -> None:
    page = read_page(json.dumps(value, ensure_ascii=False), "https://app.example/api/content/7.json")
    assert page.article is None


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "{not json}"])
def test_broken_json_is_read_as_any_text_is(text: str) -> None:
    assert read_page(text, "https://app.example/api/content/7.json").url.endswith("7.json")


@pytest.mark.parametrize(
    "line",
    [
        "云岭日报 2024-03-13 09:20",
        "2024-03-13 09:20云岭日报",
        "<i>2024-03-13 09:20</i><i>云岭日报</i>",
        "2024-03-13 云岭日报 第00006版",
    ],
)
def test_a_medium_without_a_label_beside_the_date(line: str) -> None:
    article = read_page(article_page(meta=line), URL).article
    assert article is not None
    assert "云岭日报" in {entry.text for entry in article.candidates if entry.field == "source"}


def test_the_text_box_of_the_later_trs_is_no_furniture() -> None:
    figure = '<p><img src="W020260823.jpg"></p><p class="pictext">花田里的皮影戏台。林一舟 摄</p>'
    body = figure + "".join(f"<p>　　{text}</p>" for text in PARAGRAPHS)
    html = article_page(body=body, body_class="trs_editor_view TRS_UEDITOR trs_paper_default trs_web")
    article = read_page(html, URL).article
    assert article is not None
    assert [image.caption for image in article.images] == ["花田里的皮影戏台。林一舟 摄"]
    assert "皮影戏台" not in article.body
    page = read_page(html, URL, layouts=(Layout("trs", body=".TRS_UEDITOR"),))
    assert page.article is not None
    assert page.article.body == article.body
