"""Processes that the tests start (and kill): python -m tests.store.workers TASK URI NUMBER."""

from __future__ import annotations

import os
import random
import sys
import time
from typing import TYPE_CHECKING

from newscrawl.store import StoreUnavailableError, open_store
from newscrawl.store.spool import Spool
from tests.store.samples import article, at, url_state

if TYPE_CHECKING:
    from collections.abc import Callable

    from newscrawl.items import Article, UrlState

ARTICLES = 40
VERSIONS = 6
WRITERS = 4


def versions_of(worker: int) -> list[Article]:
    """Return what one of four writers brings: every article in several versions, some of them the others' too."""
    chance = random.Random(worker)
    found = []
    for number in range(ARTICLES):
        for version in range(VERSIONS):
            if version % WRITERS == worker or chance.random() < 0.4:
                text = "甲乙丙"[version % 3]
                found.append(article(number, text, float(version), content_hash=f"{version % 3}"))
    chance.shuffle(found)
    return found


def put_versions(uri: str, number: int) -> None:
    """Write versions of the same articles as the other workers, in an order of one's own."""
    store = open_store(uri)
    found = versions_of(number)
    for start in range(0, len(found), 7):
        store.put(found[start : start + 7])
    store.close()


def put_endlessly(uri: str, number: int) -> None:
    """Write new articles, and report each batch that is stored, until killed."""
    store = open_store(uri)
    for batch in range(10_000):
        first = number * 1_000_000 + batch * 10
        store.put([article(index) for index in range(first, first + 10)])
        store.add_urls([url_state(index) for index in range(first, first + 10)])
        report(first)


def rekey_endlessly(uri: str, number: int) -> None:
    """Give all articles of the store new ids, until killed."""
    store = open_store(uri)
    for found in list(store.articles()):
        if found.canonical_version < number:
            url = f"https://www.example.cn/{number}/{found.url.rsplit('/', 1)[1]}"
            store.rekey(found.id, canonical_url=url, canonical_version=number)
            report(1)


def race_for_lease(uri: str, number: int) -> None:
    """Try to take a lease, and say whether it was won."""
    store = open_store(uri)
    won = [store.acquire_lease(f"site {index}", f"worker {number}", seconds=60, now=at(0)) for index in range(50)]
    report("".join("x" if one else "." for one in won))


def add_same_urls(uri: str, number: int) -> None:
    """Add the same URLs as the other workers, and say how many were new."""
    store = open_store(uri)
    states: list[UrlState] = [url_state(index) for index in range(200)]
    random.Random(number).shuffle(states)
    report(sum(store.add_urls(states[start : start + 20]) for start in range(0, 200, 20)))


def put_through_outage(uri: str, number: int) -> None:
    """Write articles; while the store is away they wait in a spool."""
    store = open_store(uri)
    spool = Spool(f"{os.environ['SPOOL']}", 10_000_000)
    deadline = time.monotonic() + 60
    for index in range(number):
        batch = [article(index)]
        try:
            store.put(batch)
        except StoreUnavailableError:
            spool.append(batch)
            report(f"spooled {index}")
        else:
            report(f"stored {index}")
    while spool.size() and time.monotonic() < deadline:
        try:
            report(f"drained {spool.drain(store)}")
        except StoreUnavailableError:
            time.sleep(0.1)
    store.close()


def append_endlessly(path: str, number: int) -> None:
    """Append to a spool, and report each article that is in it, until killed."""
    spool = Spool(path, 1_000_000_000)
    for index in range(number, 1_000_000):
        spool.append([article(index)])
        report(index)


def fill_disk(uri: str, number: int) -> None:
    """Write until a limit on the size of files, which stands for the disk, is reached; then say how it ended."""
    import resource
    import signal

    store = open_store(uri)
    store.init()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (number, resource.RLIM_INFINITY))
    stored = 0
    try:
        for first in range(0, 100_000, 10):
            store.put([article(index, body="满" * 2000) for index in range(first, first + 10)])
            stored = first + 10
    except StoreUnavailableError as error:
        report(f"{stored} {store.count()} {error}")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    store.put([article(index, body="满" * 2000) for index in range(stored, stored + 10)])
    report(store.count())


def report(value: object) -> None:
    """Tell the test, at once."""
    sys.stdout.write(f"{value}\n")
    sys.stdout.flush()


TASKS: dict[str, Callable[[str, int], None]] = {
    task.__name__: task
    for task in (
        put_versions,
        put_endlessly,
        rekey_endlessly,
        race_for_lease,
        add_same_urls,
        put_through_outage,
        append_endlessly,
        fill_disk,
    )
}

if __name__ == "__main__":
    TASKS[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
