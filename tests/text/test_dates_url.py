"""Dates in the addresses of articles."""

from __future__ import annotations

import pytest

from newscrawl.text.dates_url import date_in_url

FAMILIES = [
    ("http://www.jiangan.example/xwzx/202301/t20230104_12345.html", "2023-01-04"),  # TRS
    ("http://www.jiangan.example/xwzx/202301/t20230104_s6a8a4b10e4b027d1d0a3a13d.shtml", "2023-01-04"),
    ("http://www.jiangan.example/2023/xwzx_0104/870661.html", "2023-01-04"),  # PHPCMS
    ("http://www.jiangan.example/2023/list/ffyq/sip_yqyw/0104/514l7Mg1.html", "2023-01-04"),
    ("http://news.jiangan.example/2023-01/04/content_9103382.htm", "2023-01-04"),  # Founder
    ("http://news.jiangan.example/system/2023/01/04/012345.shtml", "2023-01-04"),
    ("http://www.jiangan.example/baoliao/2023-01-04/81691.html", "2023-01-04"),  # EmpireCMS
    ("http://js.jiangan.example/n1/2023/0104/c1001-3249.html", "2023-01-04"),
    ("http://www.jiangan.example/gn/2023/01-04/895.shtml", "2023-01-04"),
    ("https://new.jiangan.example/a/20230104/001234.htm", "2023-01-04"),
    ("http://www.jiangan.example/a/202301/04/WS5d.html", "2023-01-04"),
    ("http://paper.jiangan.example/html/2023-01/04/nw.D110000_20230104_1-01.htm", "2023-01-04"),
    ("http://www.jiangan.example/news/142834_20230104025922.html", "2023-01-04"),
    ("http://www.jiangan.example/keji/202301041276.html", "2023-01-04"),
    ("http://www.jiangan.example/2023/1/4/slug/", "2023-01-04"),
    ("http://www.jiangan.example/2023/new/jan/4/today.htm", "2023-01-04"),
    ("https://news.jiangan.example/23/0104/12/ABCDEFGH00018AOR.html", "2023-01-04"),
]


@pytest.mark.parametrize(("url", "day"), FAMILIES)
def test_families_of_addresses(url: str, day: str) -> None:
    found = date_in_url(url)
    assert found is not None
    assert (found.day.isoformat(), found.month_only) == (day, False)


def test_a_month_in_the_path_is_no_day() -> None:
    found = date_in_url("https://m.jiangan.example/news/202301/1105212.html")
    assert found is not None
    assert (found.day.isoformat(), found.month_only) == ("2023-01-01", True)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://www.jiangan.example/p/2761030.html",
        "http://www.jiangan.example/2023-13/44/content_1.htm",
        "http://www.jiangan.example/show?date=2023-01-04",
        "http://www.jiangan.example/tel/05162023.html",
        "http://[broken/2023-01-04/",
        "http://www.jiangan.example/" + "2" * 1_000_000,
    ],
)
def test_other_addresses_have_none(url: str) -> None:
    assert date_in_url(url) is None
