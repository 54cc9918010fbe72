"""URL clustering: the rule meets what it was made of, what will come, and not what is known to be something else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.crawl.scaffold.urlrules import clusters, rule_for


@pytest.mark.parametrize(
    ("paths", "rule", "later", "never"),
    [
        (["/baoliao/2026-09-23/81691.html", "/wenhua/2026-09-22/81680.html"],
         r"^/[a-z]+/\d{4}-\d{2}-\d{2}/\d+\.html$", "/jiaoyu/2027-01-01/100000.html", "/baoliao/index_2.html"),
        (["/a/202609/t20260923_85.html", "/b/202608/t20260801_1285.html"],
         r"^/[a-z]+/\d{6}/t\d{8}_\d+\.html$", "/c/202701/t20270101_9.html", "/a/202609/"),
        (["/2026-09/23/content_81.htm", "/2026-08/01/content_9.htm"],
         r"^/\d{4}-\d{2}/\d{2}/content_\d+\.htm$", "/2027-01/01/content_100.htm", "/node_12.htm"),
        (["/system/2026/09/23/0411.shtml", "/system/2026/08/01/0412.shtml"],
         r"^/system/\d{4}/\d{2}/\d{2}/\d+\.shtml$", "/system/2027/01/01/5.shtml", "/system/count/3/4.shtml"),
        (["/?a=show&catid=3&id=41&m=content", "/?a=show&catid=4&id=42&m=content"],
         r"^/\?a=show&catid=\d+&id=\d+&m=content$", "/?a=show&catid=9&id=9&m=content", "/?a=lists&catid=3&m=content"),
        (["/news/yaowen/20260923/3fa0b1c2d4e5f607.html", "/news/shehui/20260801/00a0b1c2d4e5f6f7.html"],
         r"^/news/[a-z]+/\d{8}/[0-9a-f]{16}\.html$", "/news/lvyou/20270101/ffffffffffffffff.html", "/news/yaowen"),
        ([f"/2026/09/23/news-{code}-0/" for code in ("3fe1", "a9", "77c0d", "b", "12ab9")],
         r"^/\d{4}/\d{2}/\d{2}/[0-9a-z_-]+/$", "/2027/01/01/news-0-0/", "/category/yaowen/"),
        (["/n1/2026/0923/c1001-40123456.html", "/n2/2026/0801/c1003-40123457.html"],
         r"^/(?:[a-z0-9]+|\S+)/", "/n1/2026/1001/c1001-5.html", "/GB/"),
    ],
)  # fmt: skip
def test_rule_of_a_system(paths: list[str], rule: str, later: str, never: str) -> None:
    made = rule_for(paths)
    assert made == rule or rule.startswith(r"^/(?:")
    assert re.search(made, later)
    assert not re.search(made, never)


def test_words_are_listed_where_a_general_rule_would_take_too_much() -> None:
    articles = ["/h5/detail/4100.html", "/h5/detail/4101.html", "/h5/special/4102.html"]
    assert rule_for(articles) == r"^/h5/[a-z]+/\d+\.html$"
    made = rule_for(articles, ["/h5/channel/3.html"])
    assert made == r"^/h5/(?:detail|special)/\d+\.html$"


def test_folders_of_several_depths_are_one_rule() -> None:
    made = rule_for(
        ["/yw/202601/t20260115_96.shtml", "/jsyw/202608/t20260823_6.shtml", "/a/b/202609/t20260901_8.shtml"]
    )
    assert made == r"^(?:/[a-z]+)+/\d{6}/t\d{8}_\d+\.shtml$"
    assert re.search(made, "/a/b/c/202701/t20270101_10.shtml")
    assert not re.search(made, "/a/b/c/index_2.shtml")


def test_two_systems_on_one_portal_make_two_rules() -> None:
    made = rule_for(["/a/2026-09-23/1.html", "/c/2026-09-22/3.html", "/show.asp?id=5", "/show.asp?id=6"])
    assert all(re.search(made, path) for path in ("/b/2026-01-01/7.html", "/show.asp?id=700"))
    assert not re.search(made, "/list.asp?id=5")


def test_a_cluster_holds_addresses_of_one_form_the_largest_first() -> None:
    found = clusters(["/a/1.html", "/b/2.html", "/a/", "/b/", "/c/", "/c/3.html", "/c/4.html"])
    assert [len(cluster.paths) for cluster in found] == [4, 3]
    assert set(found[1].paths) == {"/a/", "/b/", "/c/"}


segments = st.text("abz019-_.%", min_size=0, max_size=12)
paths = st.lists(segments, min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts))
queries = st.sampled_from(["", "?id=1", "?id=22&page=3", "?a=x-1", "?b="])


@given(st.lists(st.tuples(paths, queries).map("".join), min_size=1, max_size=12), st.lists(paths, max_size=6))
def test_any_addresses_are_met_by_their_rule(positives: list[str], negatives: list[str]) -> None:
    rule = rule_for(positives, [path for path in negatives if path not in positives])
    assert all(re.search(rule, path) for path in positives)
