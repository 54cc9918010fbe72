from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.text.urls import article_part, canonicalize, host_of

PLAIN = "https://lanhe.cn/news/2026-03-01/4711.html"

SAME = [
    (PLAIN, "http://lanhe.cn/news/2026-03-01/4711.html"),
    (PLAIN, "http://www.lanhe.cn/news/2026-03-01/4711.html"),
    (PLAIN, "https://m.lanhe.cn/news/2026-03-01/4711.html"),
    (PLAIN, "https://wap.lanhe.cn/news/2026-03-01/4711.html"),
    (PLAIN, "https://www.m.lanhe.cn/news/2026-03-01/4711.html"),
    (PLAIN, "HTTP://WWW.LanHe.CN:80/news/2026-03-01/4711.html"),
    (PLAIN, "https://lanhe.cn:443/news/2026-03-01/4711.html"),
    (PLAIN, "https://lanhe.cn./news/2026-03-01/4711.html"),
    (PLAIN, "//lanhe.cn/news/2026-03-01/4711.html"),
    (PLAIN, "lanhe.cn/news/2026-03-01/4711.html"),
    (PLAIN, "  https://lanhe.cn/news/2026-03-01/4711.html\u3000\n"),
    (PLAIN, "https://lanhe.cn/news//2026-03-01/./4711.html"),
    (PLAIN, "https://lanhe.cn/news/x/../2026-03-01/4711.html"),
    (PLAIN, "https://lanhe.cn/news/2026-03-01/4711.html#comments"),
    (PLAIN, "https://lanhe.cn/news/2026-03-01/4711.html#/"),
    (PLAIN, "https://lanhe.cn/news/2026-03-01/4711.html?"),
    (PLAIN, "https://lanhe.cn/news/2026-03-01/4711.html?spm=a2o.b3.c4"),
    (PLAIN, "https://lanhe.cn/news/2026-03-01/4711.html?utm_source=x&utm_medium=y&UTM_Campaign=z"),
    (PLAIN, "https://lanhe.cn/news/2026-03-01/4711.html?from=timeline&isappinstalled=0"),
    (
        PLAIN,
        "https://lanhe.cn/news/2026-03-01/4711.html?from=singlemessage&scene=1&clicktime=1690000000&enterid=1",
    ),
    (PLAIN, "https://lanhe.cn/news/2026-03-01/4711.html?t=1790000000123"),
    (PLAIN, "https://lanhe.cn/news/2026-03-01/4711.html?_=1790000000123"),
    (PLAIN, "https://lanhe.cn/news/2026-03-01/4711.html?1790000000123"),
    (PLAIN, "https://lanhe.cn/news/2026-03-01/4711.html?r=0.8352109"),
    (PLAIN, "https://lanhe.cn/news/2026-03-01/4711.html;jsessionid=A1B2C3"),
    (PLAIN, "https://lanhe.cn/news/2026-03-01/4711.html;jsessionid=A1B2C3?utm_term=q"),
    (PLAIN, "https://user:secret@lanhe.cn/news/2026-03-01/4711.html"),
    ("https://lanhe.cn/", "http://www.lanhe.cn"),
    ("https://lanhe.cn/", "http://www.lanhe.cn/index.html"),
    ("https://lanhe.cn/yaowen/", "http://www.lanhe.cn/yaowen/index.shtml"),
    ("https://lanhe.cn/yaowen/", "http://www.lanhe.cn/yaowen/Default.aspx"),
    ("https://lanhe.cn/?a=1&b=2", "https://lanhe.cn/index.php?b=2&a=1"),
    ("https://lanhe.cn/s?a=1&b=2", "https://lanhe.cn/s?b=2&amp;a=1&a=1"),
    ("https://lanhe.cn/s?q=a%20b", "https://lanhe.cn/s?q=a+b"),
    ("https://lanhe.cn/~a/%E6%96%B0%2F.html", "https://lanhe.cn/%7ea/新%2f.html"),
    ("https://lanhe.cn/s?q=%D0%C2", "https://lanhe.cn/s?q=%d0%c2"),
    ("https://h5.lanhe.cn/app/#/detail?id=3", "https://h5.lanhe.cn/app/index.html#/detail?id=3&utm_source=x"),
    ("https://xn--efvy88h.xn--fiqs8s/a", "http://www.新闻.中国/a"),
    (
        "https://mp.weixin.qq.com/s?__biz=MzA&idx=1&mid=22&sn=9f",
        "http://mp.weixin.qq.com/s?__biz=MzA&mid=22&idx=1&sn=9f&chksm=8a&scene=27&ascene=0&version=2#wechat_redirect",
    ),
    ("https://mp.weixin.qq.com/s/AbC-9", "https://mp.weixin.qq.com/s/AbC-9?poc_token=H1&nettype=WIFI&scene=1#rd"),
]

DIFFERENT = [
    ("https://lanhe.cn/detail?id=1", "https://lanhe.cn/detail?id=2"),
    ("https://lanhe.cn/list?id=1&page=1", "https://lanhe.cn/list?id=1&page=2"),
    ("https://lanhe.cn/a/4711.html", "https://lanhe.cn/a/4711_2.html"),
    ("https://lanhe.cn/a/index.html", "https://lanhe.cn/a/index_2.html"),
    ("https://lanhe.cn/a/index.html", "https://lanhe.cn/a/indexes.html"),
    ("https://lanhe.cn/app/#/detail/1", "https://lanhe.cn/app/#/detail/2"),
    ("https://lanhe.cn/app/#!detail/1", "https://lanhe.cn/app/#!detail/2"),
    ("https://lanhe.cn/a?t=7", "https://lanhe.cn/a?t=8"),
    ("https://lanhe.cn/a?from=4711", "https://lanhe.cn/a?from=4712"),
    ("https://lanhe.cn/a?4711", "https://lanhe.cn/a?4712"),
    ("https://news.lanhe.cn/1.html", "https://lanhe.cn/1.html"),
    ("https://lanhe.cn:8080/1.html", "https://lanhe.cn/1.html"),
    ("https://lanhe.cn/A/1.html", "https://lanhe.cn/a/1.html"),
    ("https://lanhe.cn/a%2Fb", "https://lanhe.cn/a/b"),
    ("https://lanhe.cn/a%2541", "https://lanhe.cn/aA"),
    ("https://www.gov.cn/a", "https://gov.cn/a"),
    ("https://m.cn/a", "https://cn/a"),
    ("https://lanhe.cn/s?q=a%26b", "https://lanhe.cn/s?q=a&b"),
    ("https://mp.weixin.qq.com/s/AbC", "https://mp.weixin.qq.com/s/Abc"),
    (
        "https://mp.weixin.qq.com/s?__biz=MzA&mid=22&idx=1",
        "https://mp.weixin.qq.com/s?__biz=MzA&mid=22&idx=2",
    ),
]


@pytest.mark.parametrize(("canonical", "spelling"), SAME)
def test_spellings_of_one_page_become_one_address(canonical: str, spelling: str) -> None:
    assert canonicalize(spelling) == canonical


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_pages_stay_apart(one: str, other: str) -> None:
    assert canonicalize(one) != canonicalize(other)


@pytest.mark.parametrize(
    ("aliases", "url", "canonical"),
    [
        ({"qinghe.com": "qinghe.net"}, "http://www.qinghe.com/a/1.html", "https://qinghe.net/a/1.html"),
        ({"www.qinghe.com": "www.qinghe.net"}, "http://m.qinghe.com/a/1.html", "https://qinghe.net/a/1.html"),
        ({"qinghe.com": "qinghe.net"}, "http://news.qinghe.com/a", "https://news.qinghe.com/a"),
        ({"a.cn": "b.cn", "b.cn": "c.cn"}, "http://a.cn/1", "https://c.cn/1"),
        ({"a.cn": "b.cn", "b.cn": "a.cn"}, "http://b.cn/1", "https://a.cn/1"),
    ],
)
def test_aliases_name_the_canonical_host(aliases: dict[str, str], url: str, canonical: str) -> None:
    assert canonicalize(url, aliases=aliases) == canonical
    assert canonicalize(canonical, aliases=aliases) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "javascript:void(0)",
        "mailto:desk@lanhe.cn",
        "http://",
        "http://[::1",
        "http://lanhe.cn:99999/",
        "/a/1",
    ],
)
def test_what_is_no_http_address_comes_back_as_it_is(text: str) -> None:
    assert canonicalize(f" {text}\n") == text
    assert host_of(text) == ""


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://WWW.Lanhe.cn:8080/a?b", "www.lanhe.cn"),
        ("//新闻.中国/", "xn--efvy88h.xn--fiqs8s"),
        ("http://u:p@lanhe.cn./", "lanhe.cn"),
    ],
)
def test_host_is_that_of_the_fetch(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("url", "article", "part"),
    [
        ("https://lanhe.cn/a/2026-09-23/4711_2.html", "https://lanhe.cn/a/2026-09-23/4711.html", 2),
        ("https://lanhe.cn/a/content_52078_3.htm", "https://lanhe.cn/a/content_52078.htm", 3),
        ("https://lanhe.cn/202601/t20260115_8581_1.html", "https://lanhe.cn/202601/t20260115_8581.html", 2),
        ("https://lanhe.cn/n1/c1001-40123456-2.html", "https://lanhe.cn/n1/c1001-40123456.html", 2),
    ],
)
def test_parts_belong_to_their_article(url: str, article: str, part: int) -> None:
    assert article_part(url) == (article, part)


@pytest.mark.parametrize(
    "path",
    [
        *("index_2.html", "list_12.html", "t20260115_85.html", "content_52078.html", "20260115_2.html"),
        *("1_2.html", "node_7.htm", "4711.html", "4711_2.html?id=3", "4711_2.html#c", "202601_2.html"),
        *("4711_1.html", "4711_200.html"),
    ],
)
def test_what_only_looks_like_a_part_is_left_alone(path: str) -> None:
    assert article_part("https://lanhe.cn/a/" + path) == ("https://lanhe.cn/a/" + path, 1)


_ADDRESSES = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(
        [
            "http://",
            "https://www.lanhe.cn",
            "HTTP://m.Lanhe.cn:80",
            "//lanhe.cn",
            "lanhe.cn",
            "http:/",
            "http:\\\\",
        ]
    ),
    st.text("/.;%a25index.html_\\ 中\ud800", max_size=20),
    st.text("?&=%at+1;新", max_size=15),
    st.text("#/!?a=1&%", max_size=10),
)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(_ADDRESSES | st.text(max_size=60))
def test_any_text_has_a_stable_canonical_form(text: str) -> None:
    once = canonicalize(text)
    assert canonicalize(once) == once
    assert host_of(once) in {"", host_of(once).lower()}
    assert 1 <= article_part(text)[1] <= 100
    once.encode("utf-8")


@pytest.mark.parametrize("text", ["http://" + "a." * 50_000, "http://lanhe.cn/" + "../" * 50_000, "//" * 100_000])
def test_long_input_ends(text: str) -> None:
    assert canonicalize(canonicalize(text)) == canonicalize(text)
