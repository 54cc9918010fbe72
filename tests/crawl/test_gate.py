"""The gate to the store holds out while the store is away; batches share their work and not their errors."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from newscrawl.crawl import gate as gates
from newscrawl.crawl.gate import StoreGate, StoreLostError
from newscrawl.crawl.ingest.batching import Batcher
from newscrawl.store import StoreError, StoreUnavailableError


class Flaky:
    """A store call that fails so many times; then it answers."""

    def __init__(self, failures: int, error: type[StoreError] = StoreUnavailableError) -> None:
        self.failures = failures
        self.error = error
        self.calls = 0

    def __call__(self, value: int) -> int:
        self.calls += 1
        if self.calls <= self.failures:
            raise self.error("away")
        return 2 * value


def watched(patience: float) -> tuple[StoreGate, list[str]]:
    gate, seen = StoreGate(patience), list[str]()
    gate.on_lost = lambda: seen.append("lost")
    gate.on_back = lambda: seen.append("back")
    gate.on_given_up = lambda: seen.append("given up")
    return gate, seen


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "RETRY_PAUSE", 0.0)


@pytest.mark.parametrize(("failures", "events"), [(0, []), (1, ["lost", "back"]), (5, ["lost", "back"])])
def test_calls_are_repeated_until_the_store_answers(failures: int, events: list[str]) -> None:
    gate, seen = watched(60)
    call = Flaky(failures)
    assert asyncio.run(gate.call(call, 21)) == 42
    assert (call.calls, seen) == (failures + 1, events)
    assert gate.interruptions == bool(failures)


def test_meanwhile_is_done_once() -> None:
    gate, done = StoreGate(60), list[int]()

    async def meanwhile() -> None:
        done.append(1)

    assert asyncio.run(gate.call_or(meanwhile, Flaky(3), 1)) == 2
    assert done == [1]


def test_a_store_that_stays_away_is_given_up_for_all() -> None:
    gate, seen = watched(0.0)
    never = Flaky(10**6)
    with pytest.raises(StoreLostError):
        asyncio.run(gate.call(never, 1))
    calls = never.calls
    with pytest.raises(StoreLostError):
        asyncio.run(gate.call(never, 1))
    assert never.calls == calls, "a store that was given up is not asked again"
    assert seen == ["lost", "given up"]


def test_other_errors_pass_at_once() -> None:
    gate, seen = watched(60)
    call = Flaky(1, StoreError)
    with pytest.raises(StoreError):
        asyncio.run(gate.call(call, 1))
    assert (call.calls, seen) == (1, [])


async def collect(batcher: Batcher[int, int], values: range) -> list[Any]:
    return await asyncio.gather(*(batcher.submit(value) for value in values), return_exceptions=True)


@pytest.mark.parametrize(("count", "sizes"), [(1, [1]), (7, [3, 3, 1]), (9, [3, 3, 3])])
def test_what_comes_together_is_done_together(count: int, sizes: list[int]) -> None:
    seen: list[int] = []

    async def work(values: list[int]) -> list[int]:
        seen.append(len(values))
        return [2 * value for value in values]

    assert asyncio.run(collect(Batcher(work, size=3), range(count))) == [2 * value for value in range(count)]
    assert seen == sizes


def test_one_that_cannot_be_done_keeps_no_other_one_back() -> None:
    async def work(values: list[int]) -> list[int]:
        if 2 in values:
            raise ValueError("not 2")
        return values

    answers = asyncio.run(collect(Batcher(work, size=10), range(5)))
    assert [answer for answer in answers if not isinstance(answer, ValueError)] == [0, 1, 3, 4]
    assert isinstance(answers[2], ValueError)


def test_a_fatal_error_is_everyones() -> None:
    calls: list[int] = []

    async def work(values: list[int]) -> list[int]:
        calls.append(len(values))
        raise StoreLostError("gone")

    answers = asyncio.run(collect(Batcher(work, size=10, fatal=(StoreLostError,)), range(5)))
    assert all(isinstance(answer, StoreLostError) for answer in answers)
    assert calls == [5]
