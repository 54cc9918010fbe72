"""Search beside SQLite FTS5 with its own tokenizers, unicode61 (the default) and trigram, on the same real articles.

usage: python -m tests.bench.bench_fts --data ../shared/data [--substrings 2000] [--json FILE]

Random substrings of two to six Chinese characters, cut out of the articles, are looked for; one is found when the
article it was cut from is among the hits. CPU time of one process; bytes are those of the whole index.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newscrawl.items import Article, article_id
from newscrawl.search import open_index
from newscrawl.search.schema import article_key
from newscrawl.store import open_store
from tests.bench.bench_search import HAN_RUN
from tests.bench.synthetic import real_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    Query = tuple[str, int]


def substrings(texts: list[tuple[str, str]], count: int) -> list[Query]:
    """Return random substrings, each with the number of the article it was cut from."""
    source = random.Random(7)
    found: list[Query] = []
    while len(found) < count:
        number = source.randrange(len(texts))
        runs = HAN_RUN.findall(texts[number][1])
        if not runs:
            continue
        run = source.choice(runs)
        length = min(len(run), source.randint(2, 6))
        start = source.randrange(len(run) - length + 1)
        found.append((run[start : start + length], number))
    return found


def ask(queries: list[Query], hits: Callable[[str, int], bool]) -> dict[str, float]:
    """Return how many of the substrings were found, those of two characters apart, and the median CPU milliseconds."""
    times, short = [], [0, 0]
    found = 0
    for text, number in queries:
        started = time.process_time()
        hit = hits(text, number)
        times.append(time.process_time() - started)
        found += hit
        short = [short[0] + (hit and len(text) == 2), short[1] + (len(text) == 2)]
    return {
        "found": found / len(queries),
        "found_of_two": short[0] / max(short[1], 1),
        "median_ms": statistics.median(times) * 1000,
    }


def ours(texts: list[tuple[str, str]], queries: list[Query], folder: Path) -> dict[str, float]:
    """Measure newscrawl's index."""
    store = open_store(f"sqlite:///{folder}/corpus.db")
    identities = []
    for start in range(0, len(texts), 500):
        articles = []
        for number, (title, body) in enumerate(texts[start : start + 500], start):
            url = f"http://news.example/{number}.html"
            articles.append(Article(url=url, canonical_url=url, id=article_id(url), title=title, body=body))
        store.put(articles)
        identities += [article.id for article in articles]
    index = open_index(store)
    started = time.process_time()
    index.sync()
    spent = time.process_time() - started

    def hits(text: str, number: int) -> bool:
        source, parameters = index.plan(f'"{text}"').source()
        rows = {row[0] for row in index.connection.execute(f"SELECT article {source}", parameters)}
        return article_key(identities[number]) in rows

    found = ask(queries, hits)
    size = index.path.stat().st_size
    index.close()
    store.close()
    return {"articles_per_second": len(texts) / spent, "bytes": float(size), **found}


def fts5(texts: list[tuple[str, str]], queries: list[Query], folder: Path, tokenizer: str) -> dict[str, float]:
    """Measure an FTS5 table without a copy of the text, as ours is."""
    path = folder / f"{tokenizer}.db"
    connection = sqlite3.connect(path)
    connection.execute(f"CREATE VIRTUAL TABLE f USING fts5 (title, body, content='', tokenize='{tokenizer}')")
    started = time.process_time()
    connection.executemany(
        "INSERT INTO f (rowid, title, body) VALUES (?, ?, ?)", ((n, *t) for n, t in enumerate(texts))
    )
    connection.commit()
    spent = time.process_time() - started

    def hits(text: str, number: int) -> bool:
        return number in {row[0] for row in connection.execute("SELECT rowid FROM f WHERE f MATCH ?", (f'"{text}"',))}

    found = ask(queries, hits)
    connection.close()
    return {"articles_per_second": len(texts) / spent, "bytes": float(path.stat().st_size), **found}


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--substrings", type=int, default=2000)
    parser.add_argument("--articles", type=int, default=0, help="only the first ones (default: all of the sample)")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    texts = list(real_texts(options.data, options.articles or None))
    queries = substrings(texts, options.substrings)
    characters = sum(len(title) + len(body) for title, body in texts)
    contenders: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        contenders["newscrawl"] = ours(texts, queries, folder)
        for tokenizer in ("unicode61", "trigram"):
            try:
                contenders[f"FTS5 {tokenizer}"] = fts5(texts, queries, folder, tokenizer)
            except sqlite3.OperationalError as error:
                print(f"skipped: FTS5 {tokenizer}: {error}")
    for found in contenders.values():
        found["bytes_per_character"] = found.pop("bytes") / characters
    result: dict[str, Any] = {"articles": len(texts), "substrings": len(queries), "contenders": contenders}
    for label, found in contenders.items():
        print(
            f"{label}: found {found['found']:.3f}, of two characters {found['found_of_two']:.3f}; median"
            f" {found['median_ms']:.2f} CPU ms; {found['articles_per_second']:.0f} articles a CPU second,"
            f" {found['bytes_per_character']:.1f} bytes a character"
        )
    if options.json:
        options.json.write_text(json.dumps(result, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
