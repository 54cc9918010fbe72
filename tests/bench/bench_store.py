"""Bulk writing: SQLite in articles/s, MongoDB beside raw `bulk_write` of the same documents on the same engine.

Run: python -m tests.bench.bench_store [--articles N] [--mongo mongodb://…] [--json FILE]
Without --mongo the engine starter named by NEWSCRAWL_TEST_MONGO_ENGINE is used, else MongoDB is left out.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import random
import re
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from newscrawl.items import Article, ExtractorRecord, Image, Removed, article_id
from newscrawl.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pymongo.collection import Collection

BATCH = 500
ROUNDS = 9
SQLITE_TARGET = 1500.0
MONGO_TARGET = 0.8
_WORDS = re.findall("..", "本报记者走访发现当地群众生活水平不断提高产业发展项目建设工作社区服务春节期间农村学校医院")
_START = datetime(2026, 1, 1, tzinfo=UTC)


def make_articles(number: int, seed: int = 1) -> list[Article]:
    """Return invented articles of a regional portal, of about 1,000 characters each."""
    chance = random.Random(seed)
    articles = []
    for index in range(number):
        url = f"https://www.example.cn/xinwen/2026-01-01/{index}.html"
        paragraphs = ["".join(chance.choices(_WORDS, k=100)) + "。" for _ in range(5)]
        body = "\n".join(paragraphs)
        day = _START + timedelta(days=index % 300)
        articles.append(
            Article(
                url=url,
                canonical_url=url,
                id=article_id(url),
                canonical_version=1,
                site="example",
                section="新闻",
                title="".join(chance.choices(_WORDS, k=8)),
                body=body,
                body_raw=body + "\n（责任编辑：某某）",
                published=day,
                published_day=day.date().isoformat(),
                published_raw=day.date().isoformat(),
                reporters=[chance.choice(("张三", "李四", "王五"))],
                source="示例日报",
                images=[Image("https://www.example.cn/1.jpg", "图为现场")],
                removed=[Removed("editor-line", "（责任编辑：某某）")],
                fetched_at=_START + timedelta(days=301, seconds=index),
                content_hash=f"{chance.getrandbits(256):064x}",
                extractor=ExtractorRecord("generic", "1"),
                story_id=article_id(url),
            )
        )
    return articles


def timed(step: Callable[[], object]) -> tuple[float, float]:
    """Return wall seconds and CPU seconds of this process that a step takes."""
    wall, cpu = time.perf_counter(), time.process_time()
    step()
    return time.perf_counter() - wall, time.process_time() - cpu


def in_batches(write: Callable[[Sequence[Any]], object], entries: Sequence[Any]) -> None:
    """Write entries in batches of the usual size."""
    for start in range(0, len(entries), BATCH):
        write(entries[start : start + BATCH])


def bench_sqlite(number: int) -> dict[str, float]:
    """Measure bulk writing of new articles, and of the same ones again, into a SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/store.db")
        store.init()
        articles = make_articles(number)
        wall, cpu = timed(lambda: in_batches(store.put, articles))
        again, _ = timed(lambda: in_batches(store.put, articles))
        read, _ = timed(lambda: [*store.articles()])
        store.close()
    return {
        "sqlite new articles/s": number / wall,
        "sqlite new articles/CPU-s": number / cpu,
        "sqlite unchanged articles/s": number / again,
        "sqlite articles read/s": number / read,
    }


def bench_mongo(uri: str, number: int) -> dict[str, float]:
    """Measure the store beside raw bulk_write (inserts, and replacing upserts) of the documents that it writes."""
    from pymongo import MongoClient, WriteConcern

    articles = make_articles(number)
    client: MongoClient[dict[str, Any]] = MongoClient(uri, tz_aware=True)
    name = f"newscrawl_bench_{time.time_ns()}"
    store = open_store(f"{uri.rstrip('/')}/{name}")
    raw = client.get_database(f"{name}_raw", write_concern=WriteConcern(1, j=True))
    gc.freeze()  # what the benchmark itself holds is no part of anybody's garbage
    times: dict[str, list[float]] = {"store": [], "insert": [], "upsert": [], "plain": []}
    try:
        store.init()
        store.put(articles)
        documents = list(client[name]["articles"].find())
        indexes = [index for index in client[name]["articles"].list_indexes() if index["name"] != "_id_"]
        for _ in range(ROUNDS):
            client[name]["articles"].delete_many({})
            times["store"].append(timed(lambda: in_batches(store.put, articles))[0])
            for kind in ("insert", "upsert", "plain"):
                raw["articles"].drop()
                for index in indexes if kind != "plain" else ():
                    options = {key: index[key] for key in ("sparse", "partialFilterExpression") if key in index}
                    raw["articles"].create_index(list(index["key"].items()), **options)

                write = partial(raw_write, raw["articles"], replace=kind == "upsert")
                times[kind].append(timed(partial(in_batches, write, documents))[0])
    finally:
        store.close()
        client.drop_database(name)
        client.drop_database(raw.name)
        client.close()
    # The engines share the machine with others: ratios are taken round by round, within a second of each other.
    ratios = {
        kind: median(raw / own for raw, own in zip(values, times["store"], strict=True))
        for kind, values in times.items()
    }
    return {
        "mongo new articles/s": number / median(times["store"]),
        "mongo ÷ raw upserts, same indexes": ratios["upsert"],
        "mongo ÷ raw inserts, same indexes": ratios["insert"],
        "mongo ÷ raw inserts, no indexes": ratios["plain"],
    }


def raw_write(collection: Collection[dict[str, Any]], part: Sequence[dict[str, Any]], *, replace: bool) -> None:
    """Write documents as a user of pymongo would."""
    from pymongo import InsertOne, ReplaceOne

    operations: list[Any] = [InsertOne(one) for one in part]
    if replace:
        operations = [ReplaceOne({"_id": one["_id"]}, one, upsert=True) for one in part]
    collection.bulk_write(operations, ordered=False)


@contextlib.contextmanager
def engine(uri: str) -> Iterator[str]:
    """Give the address of a MongoDB engine: the one named, or one started for this run; "" where there is none."""
    from tests.mongo_engine import start_engine

    if uri:
        yield uri
        return
    with tempfile.TemporaryDirectory() as folder:
        running = start_engine(Path(folder))
        if running is None:
            yield ""
            return
        try:
            yield running.uri
        finally:
            running.stop()


def main(arguments: Sequence[str] | None = None) -> int:
    """Print each figure beside its target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="not used: the articles are invented")
    parser.add_argument("--articles", type=int, default=4000)
    parser.add_argument("--mongo", default="")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    figures = bench_sqlite(options.articles)
    with engine(options.mongo) as uri:
        if uri:
            figures |= bench_mongo(uri, options.articles)
    targets = {"sqlite new articles/s": SQLITE_TARGET, "mongo ÷ raw upserts, same indexes": MONGO_TARGET}
    for label, value in figures.items():
        target = f"   (target >= {targets[label]:g})" if label in targets else ""
        sys.stdout.write(f"{label:40} {value:10.2f}{target}\n")
    if options.json:
        options.json.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
