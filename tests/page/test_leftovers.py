"""What a page shows beside the article is not lost without a trace."""

from __future__ import annotations

from newscrawl.page import read_page

PROSE = "9月22日，青杨湖边的芦苇已经没过人头，白鹭不时从浅滩起落，前来散步的居民越来越多，孩子们在栈道上奔跑。"
PAGE = f"""<html lang="zh"><head><title>青杨湖芦苇重回水岸_青杨网</title></head><body>
<div class="nav"><a href="/">首页</a></div>
<div class="content"><h1>青杨湖芦苇重回水岸</h1>
<p>{PROSE}</p><p class="ad">广告：买房就找青杨置业</p><p>{PROSE[::-1]}，{PROSE}</p>
<p class="disclaimer">本文仅代表作者个人观点，与青杨网无关，请读者仅作参考，并请自行核实相关内容。</p></div>
<div class="recommend"><h3>阅读推荐</h3><a href="/a/1.html">另一篇稿件的标题</a></div></body></html>"""


def test_what_is_left_out_of_the_body_is_kept_beside_it() -> None:
    article = read_page(PAGE, "https://qingyang.example/a/2026-09-22/2.html").article
    assert article is not None
    removed = {entry.text: entry.rule for entry in article.removed}
    for text in ("阅读推荐", "另一篇稿件的标题"):
        assert text not in article.body
        assert removed[text] == "page-tail"
    shown = article.body + "\n".join(removed)
    for text in ("买房就找青杨置业", "与青杨网无关"):
        assert text in shown, "neither in the body nor among what was removed"
    assert "首页" not in removed
