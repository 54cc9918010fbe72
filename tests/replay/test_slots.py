"""The memory that a replay shares with its workers: nothing is lost on the way, and no chunk touches another one's."""

from __future__ import annotations

import hashlib
import pickle
from datetime import UTC, datetime

import pytest

from newscrawl.items import ArchivePointer
from newscrawl.replay.reading import Reading, Task
from newscrawl.replay.slots import SLOT, Slots, work
from tests.replay.support import XJNNET


def task(body: bytes) -> Task:
    return Task(
        url="https://www.xjnnet.com/a.html",
        body=body,
        content_type="text/html",
        fetched_at=datetime(2026, 3, 1, tzinfo=UTC),
        pointer=ArchivePointer("a.warc.gz", len(body)),
        rule=XJNNET,
        canonical="https://www.xjnnet.com/a.html",
        address="https://www.xjnnet.com/a.html",
    )


def digests(tasks: list[Task]) -> list[Reading]:
    """Tell what has come over."""
    return [Reading("refused", reason=hashlib.sha256(task.body).hexdigest()) for task in tasks]


def many_words(tasks: list[Task]) -> list[Reading]:
    """Tell it in more words than a slot has room for."""
    return [Reading("refused", reason=reading.reason * (SLOT // 64 + 1)) for reading in digests(tasks)]


@pytest.mark.parametrize("read", [digests, many_words])
@pytest.mark.parametrize("sizes", [[], [0], [1, 0, 70_000], [SLOT], [SLOT, 1], [2 * SLOT]])
def test_pages_and_results_of_every_size(sizes: list[int], read: object) -> None:
    assert callable(read)
    tasks = [task(bytes([65 + number]) * size) for number, size in enumerate(sizes)]
    wanted = read([*tasks])
    slots = Slots()
    parcel = slots.pack(tasks)
    assert [len(task.body) for task in tasks] == sizes  # whoever asks for the result may need the page
    assert slots.unpack(parcel, work(read, pickle.loads(pickle.dumps(parcel)), slots.file)) == wanted  # noqa: S301
    slots.file.close()


def test_chunks_under_way_keep_apart() -> None:
    """Also beside a chunk that has more than there is room for, and where one comes after another."""
    slots = Slots()
    sizes = (SLOT, SLOT + 9, SLOT - 1, SLOT, 70_000)
    chunks = [[task(bytes([65 + number]) * size)] for number, size in enumerate(sizes)]
    parcels = [slots.pack(chunk) for chunk in chunks[:4]]
    replies = {number: work(read, parcels[number], slots.file) for number, read in ((3, digests), (0, many_words))}
    assert slots.unpack(parcels[0], replies[0]) == many_words(chunks[0])
    parcels.append(slots.pack(chunks[4]))
    assert parcels[4].place == parcels[0].place  # memory does not grow
    for number in (1, 4, 2):
        assert slots.unpack(parcels[number], work(digests, parcels[number], slots.file)) == digests(chunks[number])
    assert slots.unpack(parcels[3], replies[3]) == digests(chunks[3])
    slots.file.close()
