"""Speed, size and exactness of the search index on synthetic articles, beside a jieba FTS5 and a MongoDB $regex scan.

    python -m tests.bench.bench_search --data ../shared/data --articles 200000

Times are CPU times of this process (SQLite runs inside it). Without --data, words come from jieba's dictionary alone.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sqlite3
import statistics
import tempfile
import time
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newscrawl.search import SearchIndex, open_index
from newscrawl.search.schema import article_key
from newscrawl.store import open_store
from newscrawl.text.folding import fold
from tests.bench.synthetic import Generator, real_texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.items import Article
    from newscrawl.store import Store

HAN_RUN = re.compile("[\u4e00-\u9fff]{2,}")


def main() -> None:
    """Build, measure, print each figure beside its target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--data", type=Path, help="folder with the sample of real text (dedup/near-duplicates.jsonl.gz)"
    )
    parser.add_argument(
        "--articles", type=int, default=5000, help="number of articles (default 5000; the target: 200000)"
    )
    parser.add_argument("--characters", type=int, default=700, help="mean length of an article (default 700)")
    parser.add_argument("--substrings", type=int, default=10000, help="random substrings to look for (default 10000)")
    parser.add_argument("--mongo", metavar="URI", help="also time a $regex scan of the same articles in this MongoDB")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(arguments, Path(folder))
    for name, figure in figures.items():
        print(f"{name:52} {figure['value']:>12}   {figure['target']}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def measure(arguments: argparse.Namespace, folder: Path) -> dict[str, dict[str, Any]]:
    """Return every figure as {"value", "target"} by its name."""
    figures: dict[str, dict[str, Any]] = {}

    def note(name: str, value: float, target: str = "") -> None:
        figures[name] = {"value": round(value, 3) if value < 100 else round(value), "target": target}

    generator = Generator(arguments.data, characters=arguments.characters)
    store = open_store(f"sqlite:///{folder}/corpus.db")
    sample, characters = fill(store, generator, arguments.articles)
    note("articles", arguments.articles)
    note("characters an article", characters / arguments.articles)
    index = open_index(store)
    start = time.process_time()
    index.sync()
    note("index: articles a CPU second", arguments.articles / (time.process_time() - start), "at least 800")
    note("index: bytes a character", index.path.stat().st_size / characters, "at most 6")
    queries = substrings(sample, arguments.substrings)
    measure_substrings(index, queries, note)
    measure_common(index, note)
    if arguments.data:
        texts = list(real_texts(arguments.data))
        size = sum(len(title) + len(text) for title, text in texts)
        note(f"bytes a character of {len(texts)} real articles", fts_size(texts, folder) / size, "at most 6")
        mean = [(article.title, article.body) for article in generator.articles(len(texts))]
        size = sum(len(title) + len(text) for title, text in mean)
        note(f"bytes a character of {len(texts)} synthetic articles", fts_size(mean, folder) / size, "as the real ones")
    measure_jieba(store, queries, arguments.articles, folder, note)
    if arguments.mongo:
        measure_mongo(arguments.mongo, store, [query for query, _ in queries[:20]], note)
    index.close()
    store.close()
    return figures


def fill(store: Store, generator: Generator, count: int) -> tuple[list[Article], int]:
    """Store the articles; return 2,000 of them evenly spread, and the number of characters of all."""
    articles, sample, characters = generator.articles(count), [], 0
    step = max(1, count // 2000)
    while batch := list(islice(articles, 1000)):
        store.put(batch)
        characters += sum(len(article.title) + len(article.body) for article in batch)
        sample += batch[::step]
    return sample, characters


def substrings(sample: list[Article], count: int) -> list[tuple[str, Article]]:
    """Return random Han substrings of 2 to 12 characters with the articles they were cut from."""
    source = random.Random(7)
    found: list[tuple[str, Article]] = []
    while len(found) < count:
        article = source.choice(sample)
        run = source.choice(HAN_RUN.findall(article.body) or ["中国"])
        length = min(len(run), source.randint(2, 12))
        start = source.randrange(len(run) - length + 1)
        if run[start : start + length] in article.body:
            found.append((run[start : start + length], article))
    return found


def measure_substrings(index: SearchIndex, queries: list[tuple[str, Article]], note: Any) -> None:
    """Every substring is found in its article, and every hit shown holds it."""
    times, found, shown, right = [], 0, 0, 0
    for text, article in queries:
        start = time.process_time()
        results = index.search(f'"{text}"')
        times.append(time.process_time() - start)
        source, parameters = index.plan(f'"{text}"').source()
        row = index.connection.execute(f"SELECT 1 {source} AND article = ?", (*parameters, article_key(article.id)))
        found += row.fetchone() is not None
        shown += len(results.hits)
        wanted = fold(text)
        right += sum(wanted in fold(f"{hit.article.title}\n{hit.article.body}") for hit in results.hits)
    note(f"substrings found of {len(queries)}", found, f"{len(queries)}")
    note(f"precision of {shown} hits shown", right / shown, "1.0")
    note("query: median CPU ms", statistics.median(times) * 1000, "at most 5")
    note("query: p95 CPU ms", p95(times) * 1000)


def measure_common(index: SearchIndex, note: Any) -> None:
    """The most common bigrams of the corpus, asked for alone: the worst a single word can be."""
    connection = index.connection
    connection.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab (main, fts, row)")
    rows = connection.execute(
        "SELECT term, doc FROM temp.terms WHERE length(term) = 2 ORDER BY doc DESC LIMIT 100"
    ).fetchall()
    connection.execute("DROP TABLE temp.terms")
    words = [term for term, _ in rows if HAN_RUN.fullmatch(term)]
    note("most common word: articles", rows[0][1])
    for name, options in (("", {}), (" by date", {"sort": "date"}), (" with 5 facets", {"facets": ALL_FACETS})):
        times = timed(index, words, **options)
        target = "at most 300" if name != " with 5 facets" else ""
        note(f"common word{name}: p95 CPU ms", p95(times) * 1000, target)
    note("common word, stories: p95 CPU ms", p95(timed(index, words[:20], stories=True)) * 1000)
    note("one character: p95 CPU ms", p95(timed(index, [word[0] for word in words[:20]])) * 1000)


ALL_FACETS = ("site", "section", "reporter", "source", "month")


def timed(index: SearchIndex, words: Iterable[str], **options: Any) -> list[float]:
    """Return the CPU seconds of each search."""
    times = []
    for word in words:
        start = time.process_time()
        index.search(word, **options)
        times.append(time.process_time() - start)
    return times


def p95(times: list[float]) -> float:
    """Return the 95th percentile."""
    return sorted(times)[max(0, int(len(times) * 0.95) - 1)]


def fts_size(texts: list[tuple[str, str]], folder: Path) -> int:
    """Return the bytes of an index of these texts."""
    from newscrawl.search.tokens import index_tokens

    path = folder / "size.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE VIRTUAL TABLE f USING fts5 (title, body, content='', tokenize='ascii')")
    rows = ((index_tokens(title), index_tokens(text)) for title, text in texts)
    connection.executemany("INSERT INTO f (title, body) VALUES (?, ?)", rows)
    connection.execute("INSERT INTO f (f) VALUES ('optimize')")
    connection.commit()
    connection.execute("VACUUM")
    connection.close()
    size = path.stat().st_size
    path.unlink()
    return size


def measure_jieba(store: Store, queries: list[tuple[str, Article]], count: int, folder: Path, note: Any) -> None:
    """The usual way: words by jieba (its Rust form, the quicker one) in FTS5, a phrase of words for a query."""
    try:
        rjieba = import_module("rjieba")
    except ImportError:
        return
    connection = sqlite3.connect(folder / "jieba.db")
    connection.execute("CREATE VIRTUAL TABLE f USING fts5 (body, content='', tokenize='ascii')")
    ids: dict[str, int] = {}
    size, start = 0, time.process_time()
    for article in islice(store.articles(), min(count, 20000)):
        ids[article.id] = len(ids) + 1
        words = " ".join(word.lower() for word in rjieba.cut_for_search(article.body) if word.isalnum())
        connection.execute("INSERT INTO f (rowid, body) VALUES (?, ?)", (len(ids), words))
        size += len(article.body)
    connection.commit()
    note(f"jieba FTS5 of {len(ids)}: articles a CPU second", len(ids) / (time.process_time() - start))
    connection.close()
    note("jieba FTS5: bytes a character", (folder / "jieba.db").stat().st_size / size)
    connection = sqlite3.connect(folder / "jieba.db")
    times, found, asked = [], 0, 0
    for text, article in queries:
        if article.id in ids and asked < 1000:
            asked += 1
            start = time.process_time()
            words = " AND ".join(f'"{word}"' for word in rjieba.cut(text))
            rows = {row[0] for row in connection.execute("SELECT rowid FROM f WHERE f MATCH ?", (words,))}
            times.append(time.process_time() - start)
            found += ids[article.id] in rows
    connection.close()
    note(f"jieba FTS5: substrings found of {asked}", found)
    note("jieba FTS5: median CPU ms", statistics.median(times) * 1000)


def measure_mongo(uri: str, store: Store, queries: list[str], note: Any) -> None:
    """A $regex scan in MongoDB; the server's time is wall time, as it runs in another process."""
    from pymongo import MongoClient

    client: Any = MongoClient(uri)
    collection = client["newscrawl_bench"]["articles"]
    collection.drop()
    articles = store.articles()
    while batch := [{"_id": article.id, "body": article.body} for article in islice(articles, 1000)]:
        collection.insert_many(batch)
    times = []
    for query in queries:
        start = time.perf_counter()
        list(collection.find({"body": {"$regex": re.escape(query)}}, {"_id": 1}))
        times.append(time.perf_counter() - start)
    collection.drop()
    note("MongoDB $regex scan: median wall ms", statistics.median(times) * 1000)


if __name__ == "__main__":
    main()
