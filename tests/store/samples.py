"""Articles of an invented portal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from newscrawl.items import (
    ArchivePointer,
    Article,
    Edit,
    ExtractorRecord,
    Image,
    Removed,
    RestorationRecord,
    UrlState,
    article_id,
)

if TYPE_CHECKING:
    from newscrawl.store import Store

START = datetime(2026, 1, 1, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """Return a moment, counted from the start."""
    return START + timedelta(seconds=seconds)


def url_of(number: int) -> str:
    """Return the canonical URL of an article."""
    return f"https://news.example.cn/shehui/2026-01-01/{number}.html"


def id_of(number: int) -> str:
    """Return the id of an article."""
    return article_id(url_of(number))


ONE = id_of(1)


def article(number: int = 1, version: object = "一", seconds: float = 0, **fields: Any) -> Article:
    """Return a version of an article, as it was fetched so many seconds after the start."""
    values: dict[str, Any] = {
        "url": url_of(number),
        "canonical_url": url_of(number),
        "id": id_of(number),
        "canonical_version": 1,
        "site": "example",
        "section": "社会",
        "title": f"第{number}条新闻",
        "body": f"正文第{version}版。\n第二段。",
        "published": at(number * 3600),
        "published_day": at(number * 3600 + 8 * 3600).date().isoformat(),
        "reporters": ["赵一", "钱二"],
        "source": "示例日报",
        "content_hash": f"hash-{version}",
        "fetched_at": at(seconds),
    }
    return Article(**{**values, **fields})


def full_article() -> Article:
    """Return an article that has something in every field that is stored."""
    return article(
        url="https://m.example.cn/shehui/2026-01-01/1.html?from=app",
        url_aliases=["https://wap.example.cn/1.html", "https://old.example.cn/1.htm"],
        run_id="run-1",
        subtitle="副标题",
        body_raw="正文\n广告",
        published_raw="2026-01-01 09:00",
        published_precision="minute",
        published_method="meta",
        modified=at(7200.123456),
        byline_raw="记者 赵一",
        images=[Image("https://img.example.cn/1.jpg", "图为现场"), Image("https://img.example.cn/2.jpg")],
        attachments=["https://news.example.cn/a.pdf?x=1"],
        language="zh",
        correspondents=["孙三"],
        photographers=["李四"],
        editors=["周五"],
        interns=["吴六"],
        agency="示例社",
        dateline_place="示例市",
        script="hans",
        restoration=RestorationRecord(
            "mirror-pinyin", 0.875, [Edit(3, "zheng", "正", "pinyin"), Edit(9, "", "，", "x")]
        ),
        removed=[Removed("tagline", "点击关注\x00🙂")],
        story_id=id_of(1),
        duplicate_of=id_of(7),
        duplicate_kind="near",
        similarity=0.123456789,
        archive=ArchivePointer("2026/01/a.warc.gz", 123_456_789_012),
        extractor=ExtractorRecord("layout-2026", "7"),
        notes=["时间取自网址"],
        page_kind="gallery",
        fetched_at=at(1.987654),
    )


def url_state(number: int, **fields: Any) -> UrlState:
    """Return the state of a URL that was found so many seconds after the start."""
    values: dict[str, Any] = {"url": url_of(number), "fetch_url": url_of(number), "site": "example"}
    return UrlState(**{**values, "found_at": at(number), **fields})


def head(store: Store, identity: str = ONE) -> Article:
    """Return the newest version of an article that is there."""
    found = store.get(identity)
    assert found is not None
    return found


def timeline(store: Store, identity: str = ONE) -> list[tuple[int, str, float, float]]:
    """Return number, version, first and last moment of each revision, in seconds from the start."""
    rows = []
    for revision in store.revisions(identity):
        seen = revision.article.last_seen
        assert seen is not None
        times = (revision.fetched_at - START).total_seconds(), (seen - START).total_seconds()
        rows.append((revision.number, revision.article.body[3], *times))
    return rows
