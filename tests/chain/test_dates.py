"""How the dates of a page are ranked, joined and refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newscrawl.chain.dates import read_dates
from newscrawl.items import Article, Candidate

FETCHED = datetime(2023, 3, 15, 4, 0, tzinfo=UTC)  # noon in Shanghai


def article_with(*dates: tuple[str, str], url: str = "http://www.jiangan.example/a.html", **fields: object) -> Article:
    candidates = [
        Candidate(
            "modified" if origin == "modified" else "date", text, "meta:modified" if origin == "modified" else origin
        )
        for origin, text in dates
    ]
    article = Article(url=url, fetched_at=FETCHED, candidates=candidates)
    for name, value in fields.items():
        setattr(article, name, value)
    read_dates(article)
    return article


def test_the_visible_line_is_stored_as_utc_and_shown_as_a_day_in_china() -> None:
    article = article_with(published_raw="2023-01-05 00:20:30 来源：江岸晚报")
    assert article.published == datetime(2023, 1, 4, 16, 20, 30, tzinfo=UTC)
    assert (article.published_day, article.published_precision) == ("2023-01-05", "second")
    assert article.published_method == "line:absolute"


def test_agreeing_candidates_raise_the_precision() -> None:
    article = article_with(("meta:publishdate", "2023-01-04"), ("line", "2023年1月4日 10:20"))
    assert (article.published_day, article.published_precision) == ("2023-01-04", "minute")
    assert not article.notes


def test_padded_midnight_is_a_day_and_yields_to_a_time() -> None:
    assert article_with(("jsonld", "2023-01-04T00:00:00+08:00")).published_precision == "day"
    article = article_with(("jsonld", "2023-01-04T00:00:00+08:00"), ("line", "2023-01-04 10:20"))
    assert article.published == datetime(2023, 1, 4, 2, 20, tzinfo=UTC)


def test_contradiction_is_noted_and_the_majority_wins() -> None:
    article = article_with(
        ("line", "2023-03-15 09:00"),
        ("jsonld", "2023-01-04T10:20:00+08:00"),
        ("meta:publishdate", "2023-01-04"),
        url="http://www.jiangan.example/2023-01/04/content_1.htm",
    )
    assert article.published_day == "2023-01-04"
    assert article.notes == ["date contradicted: line says 2023-03-15"]


@pytest.mark.parametrize("text", ["2024-01-04 10:20", "1993-12-31", "1989年6月1日"])
def test_future_and_early_dates_are_refused(text: str) -> None:
    article = article_with(("line", text))
    assert (article.published, article.published_day, article.published_precision) == (None, "", "")


def test_nothing_on_the_page_stays_empty() -> None:
    article = article_with(("head", "1月4日下午，江岸市召开会议"), ("line", "来源：江岸晚报"))
    assert article.published is None
    assert article.published_day == ""


def test_relative_words_of_the_meta_line_count_from_the_fetch() -> None:
    article = article_with(("line", "3小时前"))
    assert article.published == datetime(2023, 3, 15, 1, 0, tzinfo=UTC)
    assert article.published_precision == "hour"


def test_without_a_time_of_fetching_relative_words_say_nothing() -> None:
    article = Article(url="http://www.jiangan.example/a.html", published_raw="3小时前")
    read_dates(article)
    assert article.published is None


def test_url_alone_gives_its_day_but_a_month_gives_none() -> None:
    article = article_with(url="http://www.jiangan.example/baoliao/2023-01-04/1.html")
    assert (article.published_day, article.published_precision, article.published_method) == (
        "2023-01-04",
        "day",
        "url:url",
    )
    article = article_with(url="http://www.jiangan.example/baoliao/202301/1.html")
    assert (article.published_day, article.published_precision) == ("", "month")


def test_modified_is_kept_apart() -> None:
    article = article_with(("line", "2023-01-04 10:20"), ("modified", "2023-01-06T10:00:00+08:00"))
    assert article.published_day == "2023-01-04"
    assert article.modified == datetime(2023, 1, 6, 2, 0, tzinfo=UTC)
    article = article_with(("line", "2023-01-04 10:20"), ("modified", "2022-01-06T10:00:00+08:00"))
    assert article.modified is None  # a change before publication is the template's


def test_an_update_is_taken_for_publication_only_when_nothing_else_is_there() -> None:
    article = article_with(("line", "更新时间：2023-02-06 10:00"))
    assert article.published_day == "2023-02-06"
    assert article.notes == ["published is what the page calls its update"]
    article = article_with(("line", "更新时间：2023-02-06 10:00"), ("meta:publishdate", "2023-01-04"))
    assert article.published_day == "2023-01-04"
    assert article.modified == datetime(2023, 2, 6, 2, 0, tzinfo=UTC)


def test_running_text_dates_events_and_a_dateline_dates_the_article() -> None:
    assert article_with(("head", "2012年10月30日，江岸码头正式开工，市民在现场观看了仪式。")).published is None
    article = article_with(("head", "新华社江岸2023年1月4日电（记者王明）江岸区召开会议。"))
    assert (article.published_day, article.published_method) == ("2023-01-04", "head:absolute")
    assert article_with(("head", "日期：2023.01.04")).published_day == "2023-01-04"


def test_other_time_elements_are_no_contradiction() -> None:
    assert article_with(("line", "2023-01-04 10:20"), ("time", "2023-03-01")).notes == []


def test_a_yearless_line_takes_its_year_from_the_page_not_from_the_fetch() -> None:
    article = article_with(("line", "05-10 09:01"), url="http://www.jiangan.example/2019-05/10/content_1.htm")
    assert article.published == datetime(2019, 5, 10, 1, 1, tzinfo=UTC)
    assert article.published_precision == "minute"
    assert article_with(("line", "12-28 09:01"), ("meta:pubdate", "2019-01-02")).published_day == "2018-12-28"
    assert article_with(("line", "01-04 09:01")).published_day == "2023-01-04"


def test_a_dateline_completes_the_month_of_the_address() -> None:
    article = article_with(
        ("head", "新华社江岸1月4日电（记者王明）江岸区召开会议。"), url="http://www.jiangan.example/news/202301/1.html"
    )
    assert article.published_day == "2023-01-04"
