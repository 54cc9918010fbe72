"""Archives made for tests, and the command as a user calls it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newscrawl.items import to_record
from newscrawl.replay import SiteRule
from newscrawl.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterable

PROJECT = Path(__file__).parent.parent.parent
START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
#: Differ between two ways in which the same articles came into a store.
PASSING = {"first_seen", "last_seen", "updated_at"}

XJNNET = SiteRule(
    "xjnnet",
    ("xjnnet.net", "xjnnet.com"),
    article_url=r"^/[a-z]+/\d{4}-\d{2}-\d{2}/\d+\.html$",
    section_url=r"^/[a-z]+/(?:index(?:_\d+)?\.html)?$",
)
#: What invented officials do in invented towns; enough for texts that are no copies of each other.
_PLACES = ["云岭县", "清河市", "白石镇", "东湖区", "南坪乡", "长桥街道", "金沙县", "北原市", "柳溪镇", "望江区"]
_DEEDS = ["修建灌溉水渠", "举办农民运动会", "改造老旧小区", "开通城乡公交", "保护古树名木", "推广节水农业"]
_HEADS = ["林知远", "许听澜", "周慕白", "何未晞", "沈照野", "顾南乔", "陆时雨"]


def sentences(number: int, count: int = 12) -> list[str]:
    """Return the paragraphs of an invented article; other numbers give other texts."""
    found = []
    for line in range(count):
        seed = number * 7919 + line * 104729 + number * line
        place, deed = _PLACES[seed % 10], _DEEDS[seed // 10 % 6]
        head, sum_ = _HEADS[seed // 60 % 7], seed % 9973 + 11
        found.append(
            f"{place}第{seed % 89 + 2}工作组{head}介绍，当地投入{sum_}万元{deed}，惠及{seed % 7331 + 5}户居民，"
            f"编号{seed:x}的项目将在{seed % 11 + 1}个月内完成验收并向群众公示结果。"
        )
    return found


def article_html(number: int, *, next_part: str = "", count: int = 12, author: str = "林知远") -> bytes:
    """Return an article page."""
    text = "".join(f"<p>{line}</p>" for line in sentences(number, count))
    link = f'<div class="pages"><a href="{next_part}">下一页</a></div>' if next_part else ""
    title = f"{_PLACES[number % 10]}第{number}号公告：{_DEEDS[number % 6]}"
    return (
        f'<html><head><meta charset="utf-8"><title>{title}</title></head><body><h1>{title}</h1>'
        f'<div class="info">2026-02-{number % 27 + 1:02} 10:30 来源：云岭日报 记者：{author}</div>'
        f'<div class="content">{text}{link}</div></body></html>'
    ).encode()


class ArchiveMaker:
    """Writes a WARC file, record by record, a second apart."""

    def __init__(self, path: Path, *, gzip: bool = True, software: str = "Heritrix/3.4", version: str = "1.0") -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.file = path.open("wb")
        self.writer = WARCWriter(self.file, gzip=gzip, warc_version=f"WARC/{version}")
        self.moment = START
        info = self.writer.create_warcinfo_record(path.name, {"software": software})
        self.writer.write_record(info)

    def add(
        self,
        url: str,
        body: bytes = b"",
        *,
        status: str = "200 OK",
        kind: str = "response",
        headers: Iterable[tuple[str, str]] = (("Content-Type", "text/html"),),
        after: float = 1.0,
    ) -> int:
        """Append a record and return its offset."""
        self.moment += timedelta(seconds=after)
        offset = self.file.tell()
        http = None if kind == "conversion" else StatusAndHeaders(status, list(headers), protocol="HTTP/1.1")
        record = self.writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            http_headers=http,
            warc_content_type="text/html" if kind == "conversion" else None,
            warc_headers_dict={"WARC-Date": self.moment.strftime("%Y-%m-%dT%H:%M:%SZ")},
        )
        self.writer.write_record(record)
        return offset

    def close(self) -> Path:
        """Close the file and return its path."""
        self.file.close()
        return self.path


def command(*words: str) -> list[str]:
    """Return the command line of `newscrawl WORDS`."""
    return [sys.executable, "-m", "newscrawl.cli", *words]


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return an environment in which `home` holds everything."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("NEWSCRAWL_", "MONGO_"))}
    return {**kept, "NEWSCRAWL_DATA": str(home), "PYTHONPATH": str(PROJECT), **more}


def newscrawl(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    return subprocess.run(  # noqa: S603  our own words
        command(*words),
        cwd=home,
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def stored(uri: str) -> dict[str, list[dict[str, Any]]]:
    """Return every version of every article of a store by id, without what differs from store to store."""
    store = open_store(uri)
    found = {}
    for article in store.articles():
        versions = [to_record(revision.article) for revision in store.revisions(article.id)]
        found[article.id] = [{k: v for k, v in record.items() if k not in PASSING} for record in versions]
    store.close()
    return found
