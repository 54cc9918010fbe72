"""Pages of our own making that the tests of the page room share; every name and place in them is invented."""

from __future__ import annotations

PARAGRAPHS = (
    "本报讯 云岭市三河镇的油菜花开了，三月十二日，镇里举办了第七届花节，来自周边乡镇的游客挤满了田埂。",
    "镇文化站站长说，今年花期比往年早了五天，他们提前修好了两条步道，还请来了县里的皮影戏班子。",
    "“去年雨水多，花开得稀，今年总算补回来了。”种了三十年油菜的村民老周指着地头说，家里的民宿已经订到月底。",
    "据介绍，花节将持续到四月初，其间还有农产品集市、摄影比赛和骑行活动，预计接待游客八万人次。",
)
TITLE = "三河镇油菜花节开幕 八万游客将赴花海"
NAVIGATION = "".join(
    f'<li><a href="/{name}/">{text}</a></li>'
    for name, text in (("news", "新闻"), ("sport", "体育"), ("finance", "财经"), ("culture", "文化"), ("photo", "图片"))
)
RELATED = "".join(
    f'<li><a href="/news/2024-03-{day:02d}/{day}001.html">云岭市举办第{day}期农技培训班</a></li>' for day in range(1, 9)
)


def article_page(
    *,
    body: str | None = None,
    title: str = TITLE,
    head: str = "",
    meta: str = "2024-03-13 08:30　来源：云岭日报　作者：林一舟",
    tail: str = "",
    body_class: str = "content",
) -> str:
    """A whole article page: navigation, title, meta line, body, related reading, footer."""
    paragraphs = body if body is not None else "".join(f"<p>　　{text}</p>" for text in PARAGRAPHS)
    return f"""<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">
<title>{title}_云岭新闻网</title>{head}</head>
<body>
<div class="header"><ul class="nav">{NAVIGATION}</ul></div>
<div class="main">
<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/news/">云岭新闻</a> &gt; 正文</div>
<h1>{title}</h1><div class="info">{meta}</div><div class="{body_class}">{paragraphs}</div>{tail}
<div class="related"><h3>相关阅读</h3><ul>{RELATED}</ul></div></div>
<div class="footer">版权所有 云岭新闻网 未经授权禁止转载，违者追究法律责任。
<a href="/about">关于我们</a></div></body></html>"""


def list_page(count: int = 30) -> str:
    """A list page: headlines with dates, and a link to the next page."""
    items = "".join(
        f'<li><a href="/news/2024-03-{1 + n % 28:02d}/{n}777.html">云岭市第{n}批民生工程陆续开工建设</a>'
        f"<span>2024-03-{1 + n % 28:02d}</span></li>"
        for n in range(count)
    )
    return (
        f"<html><head><title>云岭新闻_云岭新闻网</title></head><body><ul class=nav>{NAVIGATION}</ul>"
        f"<ul class=list>{items}</ul>"
        '<div class=page><a href="index.html">上一页</a><a href="index_2.html">下一页</a></div>'
        "<div class=footer>云岭新闻网版权所有，未经授权不得转载。</div></body></html>"
    )
