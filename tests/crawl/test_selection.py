"""The bounds of one run."""

from __future__ import annotations

import pytest
from scrapy.settings import Settings

from newscrawl.crawl.frontier.selection import Selection, read_day
from newscrawl.errors import WrongUseError

URL = "https://portal.example/a/2026-09-10/1.html"
UNDATED = "https://portal.example/a/1.html"


@pytest.mark.parametrize(
    ("since", "until", "url", "listed", "wanted"),
    [
        ("", "", URL, "", True),
        ("2026-09-10", "", URL, "", True),
        ("2026-09-11", "", URL, "", False),
        ("", "2026-09-10", URL, "", True),
        ("", "2026-09-09", URL, "", False),
        ("2026-09-01", "2026-09-30", URL, "2026-10-02 08:00", False),  # the list knows better than the URL
        ("2026-09-01", "2026-09-30", UNDATED, "2026-09-15T10:00:00+08:00", True),
        ("2026-09-01", "2026-09-30", UNDATED, "", True),  # unknown: only the page itself can tell
        ("2026-09-01", "2026-09-30", UNDATED, "3小时前", True),
    ],
)
def test_which_articles_are_wanted(since: str, until: str, url: str, listed: str, *, wanted: bool) -> None:
    assert Selection(since=since, until=until).wants(url, listed) is wanted


@pytest.mark.parametrize(
    ("selection", "number", "dates", "walks"),
    [
        (Selection(), 500, ["2020-01-01"], True),
        (Selection(max_list_pages=3), 2, [], True),
        (Selection(max_list_pages=3), 3, [], False),
        (Selection(since="2026-09-01"), 1, ["2026-09-02", "2026-08-01"], True),
        (Selection(since="2026-09-01"), 1, ["2026-09-01"], True),
        (Selection(since="2026-09-01"), 1, ["2026-08-31", "2026-08-01"], False),
        (Selection(since="2026-09-01"), 1, ["", "昨天"], True),
        (Selection(until="2026-09-01"), 1, ["2026-12-31"], True),
    ],
)
def test_where_a_walk_ends(selection: Selection, number: int, dates: list[str], *, walks: bool) -> None:
    assert selection.walks_on(number, dates) is walks


def test_articles_count_as_requests_too() -> None:
    selection = Selection(max_articles=2, max_requests=4)
    assert [selection.ask_one(), selection.take_one(), selection.take_one(), selection.take_one()] == [
        True,
        True,
        True,
        False,
    ]
    assert selection.ask_one()
    assert not selection.ask_one()
    assert (selection.taken, selection.asked) == (2, 4)


def test_settings_are_read() -> None:
    found = Selection.from_settings(Settings({"NEWSCRAWL_SINCE": " 2026-09-01 ", "NEWSCRAWL_MAX_REQUESTS": "7"}))
    assert (found.since, found.until, found.max_requests, found.full) == ("2026-09-01", "", 7, False)


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "2026-9-1", "01.09.2026"])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(WrongUseError, match="is no day"):
        read_day(text)
