from __future__ import annotations

import multiprocessing
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

from newscrawl.dedup import Deduplicator
from newscrawl.store import open_store
from newscrawl.store.fingerprints import open_story_log
from tests.dedup.samples import article, text

if TYPE_CHECKING:
    from newscrawl.items import Article
    from newscrawl.store import Store

STORIES = 60
_WRITER = """
import sys
from newscrawl.dedup import Deduplicator
from newscrawl.store import open_store
from newscrawl.store.fingerprints import open_story_log
from tests.dedup.samples import article, text
deduplicator = Deduplicator(open_story_log(open_store(sys.argv[1])))
for number in range(100000):
    deduplicator.admit(article(f"killed-{number}", text(number % 40)))
    print(number, flush=True)
"""


def arrivals(worker: int) -> list[Article]:
    """The same texts for every worker, each under the worker's own address."""
    return [article(f"site{worker}-{number}", text(number, 3)) for number in range(STORIES)]


def crawl(uri: str, worker: int) -> dict[str, str]:
    deduplicator = Deduplicator(open_story_log(open_store(uri)))
    articles = arrivals(worker)
    for start in range(0, len(articles), 7):
        deduplicator.admit_many(articles[start : start + 7])
    return {each.id: each.story_id for each in articles}


def test_the_log_takes_each_number_once(store: Store) -> None:
    log = open_story_log(store)
    assert log.read(0) == []
    assert log.append(1, b"one")
    assert not log.append(1, b"rival")
    assert not log.append(3, b"gap")
    assert log.append(2, b"two")
    assert log.read(0) == [(1, b"one"), (2, b"two")]
    assert open_story_log(open_store(store.uri)).read(1) == [(2, b"two")]
    log.clear()
    assert log.read(0) == []
    assert log.append(1, b"anew")


def test_copies_that_arrive_together_end_in_one_story(store_uri: str) -> None:
    open_store(store_uri).init()
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        results = pool.starmap(crawl, [(store_uri, worker) for worker in range(4)], chunksize=1)
    stories = {key: story for result in results for key, story in result.items()}
    assert len(stories) == 4 * STORIES
    assert set(Counter(stories.values()).values()) == {4}
    for number in range(STORIES):
        assert len({stories[arrivals(worker)[number].id] for worker in range(4)}) == 1
    again = Deduplicator(open_story_log(open_store(store_uri)))
    assert {key: again.catalogue.name(member.story) for key in stories for member in again.story(key)[:1]} == stories


def test_a_killed_process_leaves_every_decision_it_reported(store_uri: str) -> None:
    command = [sys.executable, "-c", _WRITER, store_uri]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        assert process.stdout is not None
        last = -1
        for line in process.stdout:
            last = int(line)
            if last == 90:
                process.kill()
                break
    survivor = Deduplicator(open_story_log(open_store(store_uri)))
    fresh = article("survivor-1", text(5))
    survivor.admit(fresh)
    assert fresh.story_id == article("killed-5", "").id
    for number in range(last + 1):
        story = survivor.story(article(f"killed-{number}", "").id)
        assert article(f"killed-{number % 40}", "").id in {member.id for member in story}
