from __future__ import annotations

import pytest

from newscrawl.page import read_page
from tests.page.pages import PARAGRAPHS, RELATED, article_page, list_page

URL = "https://www.yunling.example/news/2024-03-13/81001.html"
PAGES = {
    "article": article_page(),
    "article of one paragraph": article_page(body=f"<p>{PARAGRAPHS[1]}</p>"),
    "list": list_page(),
    "list of few": list_page(12),
    "error": "<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>",
    "error in Chinese": "<title>云岭新闻网</title><p>抱歉，您访问的页面不存在或已删除。</p><a href=/>返回首页</a>",
    "error of a bare server": "<title>503</title><body><center><h1>503</h1></center>nginx</body>",
    "list that is a feed": "<?xml version='1.0'?><rss><item><title>三河镇花节</title></item></rss>",
    "login": "<title>登录</title><p>请先登录后继续阅读。</p><form><input type=password name=p></form>",
    "js-shell": "<title>云岭</title><script src=/a.js></script><body><div id=app></div></body>",
    "challenge": "<html><body><script>document.cookie='__jsl_clearance=1;';location.reload()</script></body></html>",
    "empty": "",
    "empty of comments": "<!-- <p>文章，正文。</p> -->",
    "spam": article_page(title="时时彩_百家乐_真人荷官_娱乐城平台"),
    "video": article_page(body="<video src=/a.mp4></video><p>视频：花节开幕现场，游人如织。</p>"),
    "gallery": article_page(
        body="".join(f"<p><img src=/p{n}.jpg></p><p>花田一角，游客在花海里拍照留念，图{n}。</p>" for n in range(9))
    ),
    "epaper": "<title>云岭日报</title><body><a href=node_2.html>第01版：要闻</a><a href=node_3.html>下一版</a>"
    f"<ul>{RELATED}</ul></body>",
}


@pytest.mark.parametrize("name", PAGES)
def test_kind(name: str) -> None:
    page = read_page(PAGES[name], URL if "article" in name else "https://www.yunling.example/news/")
    assert page.kind == name.partition(" ")[0]
    assert (page.article is not None) is (page.kind in {"article", "gallery", "video"})
    assert page.kind == "article" or page.reason


def test_article_that_reports_on_gambling_is_no_spam() -> None:
    page = read_page(article_page(title="警方捣毁一个网络博彩团伙 抓获十二人"), URL)
    assert page.kind == "article"


def test_article_under_the_address_of_a_home_page() -> None:
    assert read_page(article_page(), "https://www.yunling.example/").kind == "article"
