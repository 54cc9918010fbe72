"""A small invented corpus for the search tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from newscrawl.items import Article, article_id


def wide(text: str) -> str:
    """The full-width form of ASCII characters."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


def make(name: str, *, title: str = "无题", body: str = "", day: str = "2026-09-01", **fields: Any) -> Article:
    """An article of its own address; `day` gives published and fetched_at too."""
    url = f"http://portal.example/{name}.html"
    published = datetime.fromisoformat(f"{day}T02:00:00+00:00") if day else None
    fields = {"site": "portal", "fetched_at": published or datetime(2026, 9, 1, tzinfo=UTC), **fields}
    return Article(
        url=url,
        canonical_url=url,
        id=article_id(url),
        title=title,
        body=body,
        published=published,
        published_day=day,
        **fields,
    )


ARTICLES = (
    make(
        "cotton",
        title="新疆棉花喜获丰收",
        body="记者孙步乾在阿拉尔采访。今年棉花亩产创新高，北京市民也买到了新棉。\n棉花收购价每公斤7.5元。",
        section="要闻",
        reporters=["孙步乾"],
        source="新华社",
        day="2026-09-23",
    ),
    make(
        "wheat",
        title="小麦收购全面展开",
        body="各地小麦收购点备足资金。北京，京市民众说法不一。5G基站覆盖粮库。",
        section="经济",
        reporters=["李四", "古丽"],
        source="新华网",
        day="2026-06-10",
    ),
    make(
        "traditional",
        title="經濟發展論壇在臺北開幕",
        body=f"與會者討論棉花貿易。COVID-19之後，{wide('GDP')}增長{wide('3%')}。",
        site="island",
        section="經濟",
        reporters=["孫步乾"],
        day="2026-09-02",
    ),
    make(
        "copy",
        title="新疆棉花喜获丰收（转载）",
        body="记者孙步乾在阿拉尔采访。今年棉花亩产创新高。",
        site="other",
        source="新华社",
        day="2026-09-24",
    ),
    make("undated", title="关于阿依·古丽的故事", body="阿依•古丽种棉花。基站，5G。", day="", site="other"),
)
