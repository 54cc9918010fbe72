"""What a run amounts to, by its counts."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.crawl.monitoring.verdict import WORST_FIRST, judge, worst

READ = {"lists_read": 3, "list_links": 30}


@pytest.mark.parametrize(
    ("counts", "finish", "code", "word"),
    [
        ({**READ, "new": 5}, "finished", 0, "ok"),
        ({**READ}, "finished", 0, "ok"),
        ({**READ, "unchanged": 4, "refused": 30}, "finished", 0, "ok"),
        ({**READ, "not_modified": 9, "refused": 3}, "finished", 0, "ok"),
        ({"not_modified": 9}, "finished", 0, "ok"),
        ({"lists_failed": 3}, "finished", 12, "unreachable"),
        ({}, "finished", 12, "unreachable"),
        ({"lists_read": 3}, "finished", 10, "no items"),
        ({**READ, "refused": 3}, "finished", 10, "no items"),
        ({**READ, "refused": 2}, "finished", 0, "ok"),
        ({**READ, "dropped": 2, "articles_failed": 1}, "finished", 10, "no items"),
        ({**READ, "refused": 40, "robots_forbidden": 38}, "finished", 0, "ok"),
        ({**READ, "refused": 38, "robots_forbidden": 38}, "finished", 10, "no items"),
        ({**READ, "refused": 38, "robots_forbidden": 38, "known": 24}, "finished", 0, "ok"),
        ({**READ, "refused": 38, "robots_forbidden": 35, "known": 24}, "finished", 0, "ok"),
        ({**READ, "refused": 8, "known": 24}, "finished", 10, "no items"),
        ({**READ, "new": 5, "spider_errors": 1}, "finished", 11, "spider errors"),
        ({**READ, "new": 5, "item_errors": 1}, "finished", 13, "item errors"),
        ({**READ, "new": 5}, "closespider_pagecount", 14, "closed early"),
        ({**READ, "new": 5}, "site_down", 12, "unreachable"),
        ({**READ, "new": 5, "item_errors": 1, "spider_errors": 2}, "shutdown", 11, "spider errors"),
        ({**READ, "new": 5, "item_errors": 1}, "shutdown", 13, "item errors"),
        ({"spider_errors": 2, "lists_failed": 1}, "finished", 12, "unreachable"),
    ],
)
def test_exit_codes(counts: dict[str, int], finish: str, code: int, word: str) -> None:
    verdict = judge(counts, finish)
    assert (verdict.code, verdict.word) == (code, word)
    assert bool(verdict.reasons) == bool(code)


def test_the_reason_names_why_pages_could_not_be_had() -> None:
    assert (
        "TLS: certificate verify failed" in judge({}, "finished", failures="TLS: certificate verify failed").reasons[0]
    )


@pytest.mark.parametrize("pair", list(permutations((12, 11, 13, 14, 10, 0), 2)))
def test_of_two_sites_the_worse_counts(pair: tuple[int, int]) -> None:
    order = (75, 12, 11, 13, 14, 10, 0)
    assert worst(pair) == min(pair, key=order.index)


def test_of_no_sites_all_is_well() -> None:
    assert worst([]) == 0


NAMES = ("lists_read", "lists_failed", "list_links", "new", "unchanged", "not_modified", "refused", "spider_errors")


@settings(derandomize=True, deadline=None, max_examples=150)
@given(
    st.dictionaries(st.sampled_from(NAMES), st.integers(0, 50)),
    st.sampled_from(["finished", "site_down", "shutdown", "store_lost"]),
)
def test_a_verdict_is_never_silent_about_trouble(counts: dict[str, int], finish: str) -> None:
    verdict = judge(counts, finish)
    assert verdict.code in WORST_FIRST
    assert (verdict.code == 0) == (verdict.word == "ok") == (not verdict.reasons)
    if finish != "finished" or counts.get("spider_errors"):
        assert verdict.code
