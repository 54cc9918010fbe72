"""Deduplication: the labelled stream, time, look-ups and memory as the corpus grows, and processes adding at once.

    python -m tests.bench.bench_dedup --data ../shared/data --large 200000 --mongo mongodb://127.0.0.1:27017/bench

Times are CPU times of this process (SQLite runs inside it; for MongoDB the wall time of the batch is printed too, since
the server works elsewhere). The large corpus is synthetic: one article in three is a changed copy of a recent one.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import multiprocessing
import random
import tempfile
import time
from collections import Counter, deque
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newscrawl.dedup import Deduplicator, NearDuplicateIndex
from newscrawl.dedup.log import MemoryLog
from newscrawl.dedup.postings import FULLEST, Postings
from newscrawl.items import Article, article_id
from newscrawl.store import open_store
from newscrawl.store.fingerprints import open_story_log
from newscrawl.text.urls import canonicalize
from tests.bench.synthetic import Generator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Figures = dict[str, dict[str, Any]]

SAMPLE = 2000
SEEDS = (5, 6, 7)


def main() -> None:
    """Measure, print each figure beside its target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with dedup/near-duplicates.jsonl.gz, sites.jsonl"
    )
    parser.add_argument("--small", type=int, default=20_000, help="articles of the small corpus (default 20000)")
    parser.add_argument("--large", type=int, default=40_000, help="articles of the large corpus (the target: 200000)")
    parser.add_argument("--mongo", metavar="URI", help="also measure a MongoDB store; the database is dropped")
    parser.add_argument("--skip-stream", action="store_true", help="leave the labelled stream out")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    arguments = parser.parse_args()
    figures: Figures = {}
    if not arguments.skip_stream:
        figures |= stream(read_rows(arguments.data))
    figures |= addresses(arguments.data)
    with tempfile.TemporaryDirectory() as folder:
        figures |= growth(arguments, Path(folder))
        stores = {"SQLite": f"sqlite:///{folder}/race.db"}
        if arguments.mongo:
            stores["MongoDB"] = arguments.mongo
        for name, uri in stores.items():
            figures |= race(name, uri)
    for name, figure in figures.items():
        print(f"{name:64} {figure['value']!s:>12}   {figure['target']}")
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def figure(value: Any, target: str = "") -> dict[str, Any]:
    """Return a figure with its target."""
    return {"value": round(value, 4) if isinstance(value, float) else value, "target": target}


def read_rows(data: Path) -> list[dict[str, Any]]:
    """Return the rows of the labelled stream."""
    with gzip.open(data / "dedup" / "near-duplicates.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def interleaved(rows: list[dict[str, Any]], seed: int) -> list[dict[str, Any]]:
    """Return all rows in random order, each copy somewhere behind its original."""
    draw = random.Random(seed)
    place = {row["id"]: draw.random() for row in rows if row["kind"] != "pos"}
    for row in rows:
        if row["kind"] == "pos":
            start = place.get(row["parent"], 0.0)
            place[row["id"]] = start + (1 - start) * draw.random()
    return sorted(rows, key=lambda row: (place[row["id"]], row["kind"] == "pos"))


def stream(rows: list[dict[str, Any]]) -> Figures:
    """Precision and recall on the stream, mean of three orders, and how they vary over fifths of the families."""
    results = [_score(interleaved(rows, seed)) for seed in SEEDS]
    mean = {key: sum(result[key] for result in results) / len(results) for key in results[0]}
    folds = [_score(interleaved([row for row in rows if row["fam"] % 5 == fold], 5)) for fold in range(5)]
    worst = min(fold["f1"] for fold in folds)
    return {
        "stream: precision": figure(mean["precision"], ">= .997"),
        "stream: recall": figure(mean["recall"], ">= .99"),
        "stream: F1": figure(mean["f1"], ">= .993"),
        "stream: F1 on the worst of five fifths of the families": figure(worst),
        "stream: recall, several changes at once": figure(mean["combined"], ">= .96"),
        "stream: recall, damaged traditional copies": figure(mean["trad_pinyin"], ">= .995"),
        "stream: us an article (query + add, in memory)": figure(mean["us"], "<= 300"),
    }


def _score(rows: list[dict[str, Any]]) -> dict[str, float]:
    family = {str(row["id"]): row["fam"] for row in rows}
    seen: set[int] = set()
    copies: Counter[str] = Counter()
    found: Counter[str] = Counter()
    right = wrong = 0
    index = NearDuplicateIndex()
    started = time.process_time()
    for row in rows:
        matches = index.query(row["text"], title=row["title"])
        hit = bool(matches) and family[matches[0].id] == row["fam"]
        right, wrong = right + hit, wrong + (bool(matches) and not hit)
        if row["fam"] in seen:
            copies[row["t"]] += 1
            found[row["t"]] += hit
        seen.add(row["fam"])
        index.add(str(row["id"]), row["text"], title=row["title"])
    spent = time.process_time() - started
    precision, recall = right / max(right + wrong, 1), right / max(copies.total(), 1)
    kinds = {kind: found[kind] / max(copies[kind], 1) for kind in ("combined", "trad_pinyin")}
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"precision": precision, "recall": recall, "f1": f1, "us": spent / len(rows) * 1e6, **kinds}


def addresses(data: Path) -> Figures:
    """Real addresses of many portals: none of them may be merged with another."""
    known: set[str] = set()
    for line in (data / "sites.jsonl").read_text(encoding="utf-8").splitlines():
        site = json.loads(line)
        known.update(site.get("article_url_examples", ()), (section["url"] for section in site.get("sections", ())))
    return {
        "addresses: real ones": figure(len(known)),
        "addresses: merged with another": figure(len(known) - len(set(map(canonicalize, known))), "0"),
    }


def corpus(data: Path, seed: int = 1) -> Iterator[Article]:
    """Yield articles without end; one in three is a changed copy of one of the last thousand."""
    generator, draw = Generator(data, seed=seed), random.Random(seed)
    recent: deque[str] = deque(maxlen=1000)
    number = 0
    while True:
        for original in generator.articles(1000):
            body = original.body
            if recent and draw.random() < 1 / 3:
                body = "本网" + generator.person() + "报道 " + draw.choice(recent)
                body = body[: int(len(body) * draw.uniform(0.6, 1))]
            else:
                recent.append(body)
            url = f"https://site{number % 50}.example/{number}.html"
            number += 1
            yield Article(url=url, id=article_id(url), site=url[8:15], title=original.title, body=body)


class Counted(Postings):
    """Counts what is asked of the postings."""

    asked = 0

    def weights(self, keys: Iterable[int], votes: dict[int, float] | None = None) -> dict[int, float]:
        """See Postings.weights."""
        keys = list(keys)
        Counted.asked += len(keys)
        return super().weights(keys, votes)


def growth(arguments: argparse.Namespace, folder: Path) -> Figures:
    """Time, look-ups and memory at the small and at the large corpus, which grow in memory; then the stores."""
    articles, log = corpus(arguments.data), MemoryLog()
    deduplicator = Deduplicator(log)
    deduplicator.catalogue.index.postings.__class__ = Counted
    sizes, asked, memory = (arguments.small, arguments.large), [], []
    figures: Figures = {}
    for size in sizes:
        while len(deduplicator.catalogue) < size:
            deduplicator.admit_many(list(islice(articles, min(200, size - len(deduplicator.catalogue)))))
        memory.append(_bytes(deduplicator))
        Counted.asked = 0
        spent = _admit_singly(deduplicator, list(islice(articles, SAMPLE)))
        asked.append(Counted.asked / SAMPLE)
        figures[f"{size} articles: us an article, in memory, one at a time"] = figure(spent)
        figures[f"{size} articles: look-ups an article"] = figure(asked[-1])
        figures[f"{size} articles: MB of the stories in memory"] = figure(memory[-1] / 1e6)
    figures["look-ups, large over small corpus"] = figure(asked[1] / asked[0], "<= 1.2")
    figures |= _at_a_million(deduplicator)
    batches = log.read(0)
    fresh = list(islice(articles, 3 * SAMPLE))
    figures |= _in_store("SQLite", f"sqlite:///{folder}/large.db", batches, fresh, folder, "<= 1500")
    if arguments.mongo:
        figures |= _in_store("MongoDB", arguments.mongo, batches, fresh, folder, "<= 5000")
    return figures


def _bytes(deduplicator: Deduplicator) -> int:
    """Return the bytes of all that grows with the corpus: columns, and packed texts with their object headers."""
    catalogue = deduplicator.catalogue
    columns = sum(len(column) * column.itemsize for column in catalogue.columns())
    return columns + sum(len(each) + 33 + 8 for texts in (catalogue.packed, catalogue.index.founders) for each in texts)


def _at_a_million(deduplicator: Deduplicator) -> Figures:
    """Extrapolate memory: texts grow with the corpus, columns double whenever they are too full."""
    catalogue = deduplicator.catalogue
    factor = 1_000_000 / len(catalogue)
    texts = sum(len(each) + 33 + 8 for kept in (catalogue.packed, catalogue.index.founders) for each in kept) * factor
    slots = [1 << math.ceil(math.log2(count * factor / FULLEST)) for count in catalogue.counts()]
    chains = 4 * (1_000_000 + 3 * catalogue.stories * factor)
    return {
        "shingles in the postings an article": figure(catalogue.index.postings.count / len(catalogue)),
        "1M articles: GB of packed articles and texts of stories": figure(texts / 1e9),
        "1M articles: GB of columns (8 bytes a slot, a power of two)": figure((8 * sum(slots) + chains) / 1e9),
        "1M articles: GB in all": figure((texts + 8 * sum(slots) + chains) / 1e9, "<= 1.5"),
    }


def _admit_singly(deduplicator: Deduplicator, articles: list[Article]) -> float:
    started = time.process_time()
    for article in articles:
        deduplicator.admit(article)
    return (time.process_time() - started) / len(articles) * 1e6


def _in_store(
    name: str, uri: str, batches: list[tuple[int, bytes]], fresh: list[Article], folder: Path, target: str
) -> Figures:
    store = open_store(uri)
    log = open_story_log(store)
    log.clear()
    for number, batch in batches:
        log.append(number, batch)
    cache = folder / f"{name}.cache"
    begun = time.process_time()
    deduplicator = Deduplicator(log, cache=cache)
    deduplicator.story("")
    replayed = time.process_time() - begun
    deduplicator.close()
    begun = time.process_time()
    deduplicator = Deduplicator(log, cache=cache)
    deduplicator.story("")
    loaded = time.process_time() - begun
    size = len(deduplicator.catalogue)
    began = time.perf_counter()
    single = _admit_singly(deduplicator, fresh[:SAMPLE])
    wall = (time.perf_counter() - began) / SAMPLE * 1e6
    begun, began = time.process_time(), time.perf_counter()
    deduplicator.admit_many(fresh[SAMPLE : 2 * SAMPLE])
    batched, batched_wall = time.process_time() - begun, time.perf_counter() - began
    figures = {
        f"{name}, {size} articles: s to start from the log alone": figure(replayed),
        f"{name}, {size} articles: s to start from the cache": figure(loaded),
        f"{name}, {size} articles: MB of the cache": figure(cache.stat().st_size / 1e6),
        f"{name}, {size} articles: us an article, one at a time": figure(single, target),
        f"{name}, {size} articles: us an article, one at a time, wall": figure(wall, target),
        f"{name}, {size} articles: us an article, batches of 200": figure(batched / SAMPLE * 1e6, target),
        f"{name}, {size} articles: us an article, batches of 200, wall": figure(batched_wall / SAMPLE * 1e6, target),
    }
    log.clear()
    store.close()
    return figures


def race(name: str, uri: str, articles: int = 2000, workers: int = 4) -> Figures:
    """Let processes add the same texts at once, each under addresses of its own."""
    log = open_story_log(open_store(uri))
    log.clear()
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        results = pool.starmap(_crawl, [(uri, worker, articles) for worker in range(workers)], chunksize=1)
    by_text: dict[int, set[str]] = {}
    for result in results:
        for number, story in enumerate(result):
            by_text.setdefault(number, set()).add(story)
    kept = Deduplicator(log)
    kept.story("")
    figures = {
        f"{name}, {workers} processes: texts split over several stories": figure(
            sum(len(stories) > 1 for stories in by_text.values()), "0"
        ),
        f"{name}, {workers} processes: articles lost": figure(workers * articles - len(kept.catalogue), "0"),
    }
    log.clear()
    return figures


def _crawl(uri: str, worker: int, count: int) -> list[str]:
    articles = list(islice(corpus_of_strangers(), count))
    for number, article in enumerate(articles):
        article.id = article_id(f"https://worker{worker}.example/{number}")
    deduplicator = Deduplicator(open_story_log(open_store(uri)))
    for start in range(0, count, 10):
        deduplicator.admit_many(articles[start : start + 10])
    return [article.story_id for article in articles]


def corpus_of_strangers() -> Iterator[Article]:
    """Yield articles that share nothing: characters drawn at random."""
    draw = random.Random(8)
    while True:
        body = "".join(chr(0x4E00 + int(draw.random() * 5000)) for _ in range(300))
        yield Article(url="", title=body[:12], body=body)


if __name__ == "__main__":
    main()
