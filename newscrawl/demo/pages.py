"""The pages of the EmpireCMS-shaped portal: home, section lists, articles in one or two parts, the mirror's page."""

from __future__ import annotations

from functools import cache
from html import escape
from string import Template
from typing import TYPE_CHECKING

from newscrawl.demo.content import DATA, channels, portal_facts, seed_facts, seed_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newscrawl.demo.content import Story, Stray


@cache
def template(name: str) -> Template:
    """A page template of data/."""
    return Template((DATA / name).read_text(encoding="utf-8"))


def link_item(story: Story | Stray, *, dated: bool = False, prefix: str = "", suffix: str = "") -> str:
    """One <li> with a link; in lists the date stands beside it (not for the mirror's page, which prints none).

    prefix and suffix go around the path: portals link to themselves absolutely, and with tracking parameters.
    """
    date = f'<span class="date">[{story.time:%Y-%m-%d}]</span>' if dated and not story.mirror else ""
    title = escape(story.title)
    return f'<li>{date}<a href="{prefix}{story.path}{suffix}" title="{title}">{title}</a></li>'


def link_items(stories: Sequence[Story | Stray], *, dated: bool = False, prefix: str = "", suffix: str = "") -> str:
    """Many of `link_item`, a line each."""
    return "\n".join(link_item(story, dated=dated, prefix=prefix, suffix=suffix) for story in stories)


def top_html() -> str:
    """Logo and navigation, the same on all pages; one link leads into what robots.txt forbids."""
    items = "".join(f'<li><a href="/{slug}/">{channel.name}</a></li>' for slug, channel in channels().items())
    return (
        '<div class="topbar"><a href="/e/member/login/">登录</a> <a href="/e/member/register/">注册</a></div>\n'
        '<div class="header"><a href="/" class="logo">'
        f'<img src="/d/file/logo.png" alt="{portal_facts()["name"]}" /></a></div>\n'
        f'<div class="nav"><ul><li><a href="/">首页</a></li>{items}</ul></div>'
    )


def foot_html() -> str:
    """Footer with links, copyright and licence number."""
    name, icp = portal_facts()["name"], portal_facts()["icp"]
    return (
        '<div class="footer"><p><a href="/about/">关于我们</a> | <a href="/about/ad.html">广告服务</a> | '
        '<a href="/about/contact.html">联系我们</a> | <a href="/rss.xml">RSS</a></p>'
        f"<p>版权所有 {name} 未经书面授权禁止转载或镜像</p>"
        f'<p><a href="/about/icp.html" rel="nofollow">{icp}</a> 违法和不良信息举报电话：0516-0000000</p></div>'
    )


def picture_html(src: str, caption: str) -> str:
    """An image paragraph, with its caption centred below."""
    image = f'<p style="text-align: center"><img src="{src}" alt="{escape(caption)}" /></p>'
    return image + (f'\n<p class="caption" style="text-align: center">{escape(caption)}</p>' if caption else "")


def body_html(story: Story, part: int = 1) -> str:
    """The paragraphs and images of one part of an article, indented with ideographic spaces as the editor does."""
    printed = story.printed
    first, last = 0, len(printed)
    if story.split:
        first, last = (0, story.split) if part == 1 else (story.split, len(printed))
    pieces: list[str] = []
    for number in range(first, last + 1):
        if number > first:
            pieces.append(f"<p>　　{escape(printed[number - 1], quote=False)}</p>")
        at_edge = number == first and part > 1  # that image already closed the part before
        pieces += [picture_html(p.src, p.caption) for p in story.pictures if p.after == number and not at_edge]
    if last == len(printed):
        pieces += [f'<p>附件：<a href="{file.href}">{escape(file.text)}</a></p>' for file in story.attachments]
    return "\n".join(pieces)


def parts_html(story: Story, part: int) -> str:
    """The links between the parts of a long article; "" for one of a single page."""
    if not story.split:
        return ""
    first, second = story.path, story.path.replace(".html", "_2.html")
    if part == 1:
        inner = f'<b>1</b>&nbsp;<a href="{second}">2</a>&nbsp;<a href="{second}">下一页</a>'
    else:
        inner = f'<a href="{first}">上一页</a>&nbsp;<a href="{first}">1</a>&nbsp;<b>2</b>'
    return f'<p align="center" class="epages"><a title="总数">&nbsp;<b>2</b> </a>&nbsp;{inner}</p>\n'


def meta_line(story: Story) -> str:
    """The line below the headline, in the look of the section."""
    line = channels()[story.channel].meta_line
    return Template(line).substitute(
        time=f"{story.time:%Y-%m-%d %H:%M}",
        seconds=f"{story.time:%Y-%m-%d %H:%M}:00",
        cn=f"{story.time.year}年{story.time:%m月%d日} {story.time:%H:%M}",
        source=escape(story.source),
        author=escape(story.author),
        editor=" ".join(story.credits.editors),
    )


def article_html(story: Story, part: int, neighbours: Neighbours, base: str) -> str:
    """The page of an article, or of its second part."""
    if story.mirror:
        return mirror_html(story, neighbours)
    channel, chrome = channels()[story.channel], portal_facts()["chrome"]
    lines = (f"<p>{escape(line, quote=False)}</p>" for line in chrome["disclaimer"])
    tags = " ".join(f'<a href="/e/tags/?tagname={escape(tag)}">{escape(tag)}</a>' for tag in story.tags)
    summary = story.paragraphs[0][:80] if story.paragraphs else ""
    editor_line = f'<div class="editor">{escape(story.editor_line)}</div>\n' if story.editor_line else ""
    return template("article.html").substitute(
        declared=channel.declared,
        title=escape(story.title) + ("(2)" if part > 1 else ""),
        section=channel.name,
        site=portal_facts()["name"],
        keywords=escape(",".join(story.tags)),
        description=escape(summary),
        base=base,
        path=story.path,
        channel=story.channel,
        class_id=list(channels()).index(story.channel) + 1,
        id=story.id,
        top=top_html(),
        subtitle=f"<h2>{escape(story.subtitle)}</h2>\n" if story.subtitle else "",
        meta_line=meta_line(story),
        body=body_html(story, part),
        parts=parts_html(story, part),
        editor_line=editor_line,
        advert=chrome["adverts"][story.id % len(chrome["adverts"])],
        tagline=escape(chrome["tagline"], quote=False),
        disclaimer="\n".join(lines),
        previous=_neighbour(neighbours.previous),
        next=_neighbour(neighbours.next),
        recommended=link_items(neighbours.recommended, prefix=base),
        ranking=link_items(neighbours.ranking, suffix="?utm_source=rank"),
        tags=tags,
        foot=foot_html(),
    )


class Neighbours:
    """What an article's page links to: the articles before and after, recommendations, the section's ranking."""

    def __init__(self, story: Story, section: Sequence[Story], everything: Sequence[Story]) -> None:
        """Choose the neighbours of `story` within its section (newest first) and the whole portal."""
        place = section.index(story) if story in section else 0
        self.next = section[place - 1] if place > 0 else None
        self.previous = section[place + 1] if place + 1 < len(section) else None
        start = story.id % max(1, len(everything))
        others = [*everything[start : start + 6], *everything[:6]]
        self.recommended = [other for other in others if other.id != story.id][:5]
        self.ranking = list(section[:6])


def _neighbour(story: Story | None) -> str:
    """A link to the article before or after, or the CMS's words for none."""
    if story is None:
        return "没有了"
    return f'<a href="{story.path}">{escape(story.title)}</a>'


def mirror_html(story: Story, neighbours: Neighbours) -> str:
    """The seed's page as a mirror served it: damaged script, no meta line, no date anywhere but in the URL."""
    lines, count = seed_lines(), seed_facts()["paragraph_count"]
    tagline, disclaimer, recommend_title, tail_title = lines[count : count + 4]
    return template("mirror.html").substitute(
        title=escape(story.title),
        nav="".join(f'<li><a href="/{slug}/">{name}</a></li>' for slug, name in seed_facts()["nav"].items()),
        body="\n".join(f"<p>　　{escape(line, quote=False)}</p>" for line in story.printed),
        tagline=escape(tagline, quote=False),
        disclaimer=escape(disclaimer, quote=False),
        recommend_title=recommend_title,
        tail_title=tail_title,
        recommended=link_items(neighbours.recommended),
        ranking=link_items(neighbours.ranking),
    )


def pager_html(channel: str, page: int, pages: int, total: int) -> str:
    """EmpireCMS pagination below a list; the first page is index.html, the others index_N.html."""

    def address(number: int) -> str:
        return f"/{channel}/index.html" if number == 1 else f"/{channel}/index_{number}.html"

    pieces = [f'<a title="总数">&nbsp;<b>{total}</b> </a>']
    if page > 1:
        pieces += [f'<a href="{address(1)}">首页</a>', f'<a href="{address(page - 1)}">上一页</a>']
    for number in range(max(1, page - 4), min(pages, page + 4) + 1):
        pieces.append(f"<b>{number}</b>" if number == page else f'<a href="{address(number)}">{number}</a>')
    if page < pages:
        pieces += [f'<a href="{address(page + 1)}">下一页</a>', f'<a href="{address(pages)}">尾页</a>']
    return "&nbsp;".join(pieces)


def list_html(
    channel: str,
    page: int,
    pages: int,
    section: Sequence[Story | Stray],
    shown: Sequence[Story | Stray],
    forbidden: str,
) -> str:
    """One page of a section's list."""
    return template("list.html").substitute(
        declared=channels()[channel].declared,
        section=channels()[channel].name,
        page_label=f"_第{page}页" if page > 1 else "",
        site=portal_facts()["name"],
        channel=channel,
        top=top_html(),
        items=link_items(shown, dated=True),
        pager=pager_html(channel, page, pages, len(section)),
        forbidden=forbidden,
        ranking=link_items(section[:8]),
        foot=foot_html(),
    )


def home_html(sections: Mapping[str, Sequence[Story]], forbidden: str) -> str:
    """The home page: a block per section with its newest articles, and a block of links that robots.txt forbids."""
    blocks = [
        f'<div class="box"><h2><a href="/{slug}/">{channels()[slug].name}</a><a class="more" href="/{slug}/">更多</a>'
        f"</h2>\n<ul>\n{link_items(stories[:8])}\n</ul></div>"
        for slug, stories in sections.items()
    ]
    blocks.append(f'<div class="box"><h2>内部参考</h2>\n<ul>\n{forbidden}\n</ul></div>')
    return template("home.html").substitute(
        site=portal_facts()["name"], top=top_html(), blocks="\n".join(blocks), foot=foot_html()
    )
