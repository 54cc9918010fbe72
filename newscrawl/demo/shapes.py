"""Portal shapes: twelve named ones and, from any seed, further ones put together of the same parts.

A shape is a CMS family (addresses, article page), a list style, a charset, a meta line and a way to mark up paragraphs
(data/shapes.toml). `shape_site(shape)` serves it: `Portal(shape="trs-ul")`.
"""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from hashlib import md5
from string import Template
from typing import TYPE_CHECKING, Any

from newscrawl.demo.content import DATA, Credits, expect
from newscrawl.demo.synthetic import synthetic_story

if TYPE_CHECKING:
    from collections.abc import Callable

    from newscrawl.demo.content import ExpectedArticle, Story
    from newscrawl.demo.shapesite import ShapeSite

#: The sections every shape has: directory and name.
SECTIONS = (("yaowen", "要闻"), ("shehui", "社会"), ("jiaoyu", "教育"), ("lvyou", "旅游"))


@dataclass(slots=True, frozen=True)
class Shape:
    """One portal shape.

    family, style, paragraph: names of parts in data/shapes.toml; meta: number of the meta line. declared: charset
    named in the page's head ("" for none: then the server names it). first_story: where in the sequence of generated
    stories this portal's begin.
    """

    name: str
    site: str
    family: str
    style: str
    encoding: str
    declared: str
    meta: int
    paragraph: str
    first_story: int

    @property
    def parts(self) -> dict[str, Any]:
        """The family's row."""
        row: dict[str, Any] = shape_parts()["family"][self.family]
        return row

    @property
    def article_rule(self) -> str:
        """A regular expression that an article's path with query matches as a whole, and nothing else does."""
        return str(self.parts["rule"])

    @property
    def needs_js(self) -> bool:
        """Whether the section pages show their links only after a script ran (a JSON API gives them, too)."""
        return bool(self.parts["pager"] == "api")


@dataclass(slots=True, frozen=True)
class ShapeTruth:
    """What `newscrawl new` should find out: sections by path, the article rule, feeds and sitemaps, charset."""

    name: str
    family: str
    sections: dict[str, str]
    article_rule: str
    feeds: tuple[str, ...]
    sitemap: str
    encoding: str
    needs_js: bool
    list_pages: dict[str, tuple[str, ...]]
    articles: dict[str, ExpectedArticle]


@cache
def shape_parts() -> dict[str, Any]:
    """The contents of data/shapes.toml."""
    return tomllib.loads((DATA / "shapes.toml").read_text(encoding="utf-8"))


@cache
def shapes() -> dict[str, Shape]:
    """The named shapes."""
    rows = shape_parts()["shape"]
    return {row["name"]: _shape(row, 10_000 * (place + 1)) for place, row in enumerate(rows)}


def random_shape(seed: int) -> Shape:
    """A shape put together from the parts by chance, the same for the same seed (a whole number from 0)."""
    rng = random.Random(seed)  # noqa: S311 - has to be repeatable, not secret
    parts = shape_parts()
    family = rng.choice(sorted(parts["family"]))
    encoding = rng.choice(("utf-8", "utf-8", "gb18030"))
    if family in {"wordpress", "jsonapp", "modern"}:
        encoding = "utf-8"
    row = {
        "name": f"random-{seed}",
        "site": f"第{seed}新闻网",
        "family": family,
        "style": rng.choice(sorted(parts["list"])),
        "encoding": encoding,
        "meta": rng.randrange(len(parts["meta"])),
        "paragraph": rng.choice(sorted(parts["paragraph"])),
    }
    return _shape(row, 1_000_000 + 1000 * seed)


def _shape(row: dict[str, Any], first_story: int) -> Shape:
    """Make a shape of its row; what is encoded as GB18030 is declared as gb2312, as portals do."""
    declared = row.get("declared", "gb2312" if row["encoding"] == "gb18030" else row["encoding"])
    return Shape(**{**row, "declared": declared, "first_story": first_story})


def find_shape(name: str) -> Shape:
    """The shape of a name: one of `shapes()`, or "random-SEED". Raises ValueError for an unknown one."""
    seed = name.removeprefix("random-")
    if seed != name and seed.isdecimal():
        return random_shape(int(seed))
    if name not in shapes():
        raise ValueError(f"unknown shape {name!r}; known are {', '.join(shapes())} and random-SEED")
    return shapes()[name]


def shape_site(shape: str | Shape, *, articles: int = 48) -> Callable[[str], ShapeSite]:
    """Return what makes the site of a shape for a base address, for `Portal`.

    shape: a name of `shapes()`, "random-SEED", or a shape; articles: how many it holds. Raises ValueError for an
    unknown name.
    """
    from newscrawl.demo.shapesite import ShapeSite

    chosen = find_shape(shape) if isinstance(shape, str) else shape
    return lambda base: ShapeSite(chosen, base, articles=articles)


@dataclass(slots=True, frozen=True)
class Placed:
    """A story at its place on a portal of some shape: section number (from 0) and address."""

    story: Story
    section: int
    path: str


def place_stories(shape: Shape, articles: int) -> tuple[Placed, ...]:
    """The stories of a shape's portal, newest first, each with its address."""
    placed: list[Placed] = []
    prints_author = "$author" in shape_parts()["meta"][shape.meta]["line"]
    for number in range(articles):
        story = synthetic_story(shape.first_story + number, age=11 * number)
        named = prints_author or story.head or story.tail
        story = replace(
            story,
            id=4_100_000 - 37 * number + shape.first_story % 997,
            credits=Credits(reporters=(story.author,) if named else ()),
        )
        section = number % len(SECTIONS)
        placed.append(Placed(story, section, article_path(shape, story, section)))
    return tuple(placed)


def address_fields(section: int) -> dict[str, Any]:
    """What the section contributes to an address."""
    return {"section": SECTIONS[section][0], "number": section + 3, "node": 2100 + 11 * section}


def article_path(shape: Shape, story: Story, section: int) -> str:
    """The path (with query) of an article."""
    time = story.time
    digest = md5(str(story.id).encode(), usedforsecurity=False).hexdigest()
    fields = {
        "id": story.id, "Y": f"{time:%Y}", "m": f"{time:%m}", "d": f"{time:%d}", "ymd": f"{time:%Y%m%d}",
        "ym": f"{time:%Y%m}", "md": f"{time:%m%d}", "hex": digest[:16],
        "slug": f"news-{story.id % 1_000_003:x}-{section}",
    }  # fmt: skip
    return str(shape.parts["article"]).format(**fields, **address_fields(section))


def list_path(shape: Shape, section: int, page: int) -> str:
    """The path (with query) of page `page` (from 1) of a section's list; some families count from 0 in the address."""
    fields = address_fields(section)
    if page == 1:
        return str(shape.parts["first"]).format(**fields)
    shift = int(shape.parts.get("second", 2)) - 2
    return str(shape.parts["more"]).format(n=page + shift, **fields)


def shape_truth(shape: Shape, placed: tuple[Placed, ...], per_page: int) -> ShapeTruth:
    """The truth about a shape's portal with these stories on it."""
    pages = {
        number: -(-sum(1 for entry in placed if entry.section == number) // per_page) for number in range(len(SECTIONS))
    }
    return ShapeTruth(
        name=shape.name,
        family=shape.family,
        sections={list_path(shape, number, 1): name for number, (_, name) in enumerate(SECTIONS)},
        article_rule=shape.article_rule,
        feeds={"": (), "rss": ("/rss.xml",), "wordpress": ("/feed/",)}[shape.parts["feed"]],
        sitemap=shape.parts["sitemap"],
        encoding=shape.encoding,
        needs_js=shape.needs_js,
        list_pages={
            list_path(shape, number, 1): tuple(list_path(shape, number, page) for page in range(2, count + 1))
            for number, count in pages.items()
        },
        articles={entry.path: _expect(entry) for entry in placed},
    )


def _expect(entry: Placed) -> ExpectedArticle:
    """The truth about one article at its place."""
    slug, name = SECTIONS[entry.section]
    return replace(expect(entry.story, {}), path=entry.path, channel=slug, section=name)


def meta_line(shape: Shape, story: Story) -> str:
    """The line with date, source and author in this shape's look."""
    time = story.time
    values = {"Y": f"{time:%Y}", "m": f"{time:%m}", "d": f"{time:%d}", "H": f"{time:%H}", "M": f"{time:%M}"}
    line = Template(shape_parts()["meta"][shape.meta]["line"])
    return line.substitute(values, source=story.source, author=story.author)


def matches_rule(shape: Shape, target: str) -> bool:
    """Whether an address is that of an article by the shape's rule."""
    return re.fullmatch(shape.article_rule, target) is not None
