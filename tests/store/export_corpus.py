"""Invented articles for the export tests: with everything that could get lost on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from newscrawl.items import ArchivePointer, Article, Edit, Image, Removed, RestorationRecord, article_id

START = datetime(2026, 9, 1, 16, 30, tzinfo=UTC)


def make(number: int, **fields: object) -> Article:
    url = f"http://portal.example/{number}.html"
    article = Article(
        url=url,
        canonical_url=url,
        id=article_id(url),
        site="portal",
        section="要闻",
        title=f"第{number}条新闻：“棉花”丰收",
        body=f"新疆棉花第{number}次丰收。记者看到，GDP增长3.5%！\n第二段，价格7元。",
        published=START + timedelta(days=number),
        published_day=f"2026-09-{number + 2:02}",
        published_precision="minute",
        reporters=["孙步乾", "李四"],
        source="新华社",
        language="zh",
        fetched_at=START + timedelta(days=number, hours=1),
        content_hash=f"{number:040x}",
    )
    for name, value in fields.items():
        setattr(article, name, value)
    return article


def awkward() -> Article:
    """An article with separators, quotation marks, markup, formulas and signs from beyond the basic plane."""
    return make(
        20,
        title='=HYPERLINK("http://evil.example")',
        subtitle="+1, “二”; 三\t四",
        body='@SUM(A1)\n<script>alert("x")</script> & 𠮷野家，"引号", \u2028分隔。',
        section="-1",
        source="</doc>",
        reporters=["阿依·古丽", 'O"Neil'],
        editors=["王五"],
        agency="中新社",
        dateline_place="乌鲁木齐",
        images=[Image("http://portal.example/a.jpg", "图<注>"), Image("http://portal.example/b.jpg")],
        removed=[Removed("tail", "责任编辑")],
        restoration=RestorationRecord("traditional", 0.9, [Edit(1, "髮", "发", "table")]),
        archive=ArchivePointer("a.warc.gz", 7),
        modified=START + timedelta(days=30),
        published_precision="day",
    )


def undated() -> Article:
    return make(21, published=None, published_day="", published_precision="", source="", reporters=[], language="")
