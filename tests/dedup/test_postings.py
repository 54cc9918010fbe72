from __future__ import annotations

import random

from newscrawl.dedup.postings import Postings


def test_weights_follow_the_number_of_holders() -> None:
    postings = Postings(common=4)
    for holder in range(5):
        votes: dict[int, float] = {}
        weight = postings.weights([77], votes)[77]
        assert weight == (1 / max(holder, 1) if holder < 4 else 0.0)
        assert sorted(votes) == (list(range(holder)) if holder < 4 else [])
        postings.add([77], holder)


def test_holders_survive_growth_and_crowding() -> None:
    draw, postings, expected = random.Random(2), Postings(), dict[int, list[int]]()
    for holder in range(1500):
        keys = {draw.randrange(1, 3000) * 256 - draw.randrange(3) for _ in range(3)}
        postings.add(keys, holder)
        for key in keys:
            expected.setdefault(key, []).append(holder)
    assert all(sorted(postings.of(key)) == holders for key, holders in expected.items())
    assert postings.of(5) == []


def test_common_keys_stay_common_when_the_columns_grow() -> None:
    postings = Postings(common=3)
    crowded = [4095, 4096 * 2 - 1, 1, 4097]
    for holder in range(5):
        postings.add(crowded, holder)
    postings.add(range(10_000, 30_000), 9)
    assert set(postings.weights(crowded).values()) == {0.0}


def test_changes_are_taken_back_exactly() -> None:
    draw, postings = random.Random(4), Postings(common=4)
    for holder in range(300):
        postings.add({draw.randrange(1, 900) for _ in range(6)}, holder)
    postings.mark(2000)
    before = (postings.keys[:], postings.holders[:], postings.count)
    for holder in range(300, 500):
        postings.add({draw.randrange(1, 900) for _ in range(6)}, holder)
    assert (postings.keys, postings.holders, postings.count) != before
    postings.take_back()
    assert (postings.keys, postings.holders, postings.count) == before
