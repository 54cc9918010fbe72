"""What a page costs in bytes, layer by layer, for the arithmetic in deploy/README.md: archive, stores, search index.

usage: python -m tests.bench.bench_sizes --data ../shared/data [--records 3000] [--mongo URI] [--json FILE]

The archive is that of bench_replay: the shared pages, altered from copy to copy.
Without --mongo the engine starter named by NEWSCRAWL_TEST_MONGO_ENGINE is used, else MongoDB is left out.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newscrawl.dedup import Deduplicator
from newscrawl.replay import Options, StoreSink, replay
from newscrawl.search import open_index
from newscrawl.store import open_store
from newscrawl.store.fingerprints import open_story_log
from newscrawl.store.mongo import MongoStore
from tests.bench.bench_replay import make_archive
from tests.mongo_engine import start_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newscrawl.store import Store


def fill(store: Store, archive: Path, home: Path) -> int:
    """Replay the archive into a store; returns the number of articles."""
    store.init()
    with contextlib.closing(Deduplicator(open_story_log(store))) as deduplicator:
        options = Options(archive=home, workers=1, journal=home / "journal.db", fresh=True)
        report = replay([archive], [], StoreSink(store, deduplicator), options)
    return report.counts["articles"]


def sizes_of_mongo(store: MongoStore, articles: int) -> dict[str, float]:
    """Return bytes an article: documents as they are, compressed on disk, indexes; of them the story log."""
    store.client.admin.command("fsync")
    total: dict[str, Any] = store.database.command("dbStats")
    log: dict[str, Any] = store.database.command("collStats", "story_log")
    return {
        "mongo documents": total["dataSize"] / articles,
        "mongo on disk": total["storageSize"] / articles,
        "mongo indexes on disk": total["indexSize"] / articles,
        "mongo story log, of the documents": log["size"] / articles,
    }


def start_seconds() -> float:
    """Return the CPU seconds that the process of one crawl takes before it can ask for a page."""
    code = "import resource, newscrawl.crawl.cluster.process; u = resource.getrusage(resource.RUSAGE_SELF)"
    code += "; print(u.ru_utime + u.ru_stime)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    return float(done.stdout)


@contextlib.contextmanager
def mongo_uri(named: str, home: Path) -> Iterator[str]:
    """Give the address of a database of its own, "" where there is no engine."""
    if named:
        yield named
        return
    engine = start_engine(home / "mongo") if os.environ.get("NEWSCRAWL_TEST_MONGO_ENGINE") else None
    yield f"{engine.uri}bench_sizes" if engine else ""
    if engine:
        engine.stop()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--records", type=int, default=3000)
    parser.add_argument("--mongo", default="", metavar="URI", help="an empty database; it is dropped")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        archive = home / "archive.warc.gz"
        make_archive(archive, options.data, options.records)
        figures["archive, a page"] = archive.stat().st_size / options.records
        store = open_store(f"sqlite:///{home / 'store.db'}")
        articles = fill(store, archive, home)
        index = open_index(store, home / "index.db")
        index.sync(store)
        index.close()
        store.close()
        figures["sqlite, an article"] = (home / "store.db").stat().st_size / articles
        figures["search index, an article"] = (home / "index.db").stat().st_size / articles
        with mongo_uri(options.mongo, home) as uri:
            if uri:
                mongo = open_store(uri)
                assert isinstance(mongo, MongoStore)
                figures |= sizes_of_mongo(mongo, fill(mongo, archive, home))
                mongo.client.drop_database(mongo.database.name)
                mongo.close()
    for name, value in figures.items():
        print(f"{name:<40} {value:>10,.0f} bytes")
    figures["crawl_start_cpu_seconds"] = begun = start_seconds()
    print(f"{'a crawl process before its first page':<40} {begun:>10.2f} CPU-s")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
