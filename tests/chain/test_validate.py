"""What the last step refuses."""

from __future__ import annotations

import pytest

from newscrawl.chain.validate import RejectedArticleError, validate
from newscrawl.items import Article, Image

URL = "http://www.jiangan.example/a.html"


def test_an_article_needs_a_title() -> None:
    with pytest.raises(RejectedArticleError, match=r"^no title$"):
        validate(Article(url=URL, title="  ", body="江岸区昨天召开会议，部署防汛工作。"))


def test_an_article_needs_a_body_or_pictures() -> None:
    with pytest.raises(RejectedArticleError, match=r"^no body$"):
        validate(Article(url=URL, title="江岸区召开会议", body=" 更多 "))
    validate(Article(url=URL, title="江岸区风光", body="", images=[Image("http://www.jiangan.example/1.jpg")]))


def test_title_and_body_lose_the_space_around_them() -> None:
    article = Article(url=URL, title=" 江岸区召开会议\n", body="\n江岸区昨天召开会议，部署防汛工作。\n\n")
    validate(article)
    assert (article.title, article.body) == ("江岸区召开会议", "江岸区昨天召开会议，部署防汛工作。")
