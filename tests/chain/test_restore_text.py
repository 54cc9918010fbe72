"""The first step of the chain: an article of a mirror becomes the portal's, with one verdict for the page."""

from __future__ import annotations

from newscrawl.chain.restore import restore_text
from newscrawl.items import Article, Candidate, Image, from_record, to_record
from tests.text.damage import Machine, mirror
from tests.text.test_restore import ARTICLE


def test_an_article_of_a_mirror() -> None:
    damaged = mirror(ARTICLE, Machine(punctuation="none"))
    address = "http://example.com/經濟/1.html"
    article = Article(
        address,
        title="全市經(jīng)濟工作會議召開",
        subtitle="——努力開創(chuàng)新局面",
        section="經(jīng)濟 > 產(chǎn)業(yè)新聞",
        body=damaged,
        byline_raw="記者:孫步乾 編輯:張發(fā)展",
        candidates=[Candidate("date", "2024年1月4日 8:30", "line"), Candidate("title", address, "url")],
        images=[Image("http://example.com/發.jpg", "會議現(xiàn)場")],
    )
    restore_text(article)
    assert article.title == "全市经济工作会议召开"
    assert (article.subtitle, article.section) == ("——努力开创新局面", "经济 > 产业新闻")
    assert article.body == ARTICLE
    assert article.body_raw == damaged
    assert article.byline_raw == "记者：孙步乾 编辑：张发展"
    assert [candidate.text for candidate in article.candidates] == ["2024年1月4日 8:30", address]
    assert article.images == [Image("http://example.com/發.jpg", "会议现场")]
    assert article.url == address
    assert (article.restoration.verdict, article.script) == ("mirror-pinyin", "hans")
    assert article.restoration.edits
    assert from_record(to_record(article)).restoration == article.restoration


def test_a_healthy_article_stays() -> None:
    article = Article("http://example.com/1", title="标题", body=ARTICLE, byline_raw="记者:林小舟")
    restore_text(article)
    assert (article.title, article.body, article.byline_raw) == ("标题", ARTICLE, "记者:林小舟")
    assert (article.restoration.verdict, article.restoration.edits, article.script) == ("clean", [], "hans")


def test_a_traditional_article_stays() -> None:
    body = "鎮長在記者會後表示，計畫將於明年啟動，並邀請居民參與，相關費用由縣府補助。"
    article = Article("http://example.com/1", title="計畫明年啟動", body=body)
    restore_text(article)
    assert (article.title, article.body, article.script) == ("計畫明年啟動", body, "hant")


def test_an_article_without_chinese_has_no_script() -> None:
    article = Article("http://example.com/1", title="Notice", body="Nothing to see.")
    restore_text(article)
    assert article.script == ""
