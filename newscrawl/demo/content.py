"""The articles of the demo portal and the truth about them (data/portal.toml, data/articles_*.toml).

All people, places and events are invented; one article is the seed text as a mirror served it.
"""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from newscrawl.clock import CHINA

DATA = Path(__file__).parent / "data"
SEED_PATH = "/baoliao/2023-01-04/31277.html"


@dataclass(slots=True, frozen=True)
class Channel:
    """A section of the portal: directory, name, charset its pages are encoded in, look of its meta line."""

    slug: str
    name: str
    encoding: str
    declared: str
    meta_line: str


@dataclass(slots=True, frozen=True)
class Picture:
    """An image that stands behind paragraph number `after` (from 1; 0 = before the first)."""

    src: str
    caption: str = ""
    after: int = 1


@dataclass(slots=True, frozen=True)
class Attachment:
    """A file the article links to."""

    href: str
    text: str


@dataclass(slots=True, frozen=True)
class Credits:
    """Who is named on the page."""

    reporters: tuple[str, ...] = ()
    correspondents: tuple[str, ...] = ()
    photographers: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    interns: tuple[str, ...] = ()


@dataclass(slots=True, frozen=True)
class Story:
    """One article as the portal holds it.

    head stands before the first paragraph (dateline and byline), tail behind the last one, head_line and tail_line
    in paragraphs of their own; author is what the meta line prints after 作者 (author), source what it prints after
    来源 (source); first_source who first published it, where that is somebody else; split is the number of
    paragraphs of the first page, 0 for an article of one page; copy_of is the id of the article reprinted here.
    """

    id: int
    channel: str
    time: datetime
    title: str
    paragraphs: tuple[str, ...]
    credits: Credits = Credits()
    subtitle: str = ""
    source: str = ""
    first_source: str = ""
    author: str = ""
    head: str = ""
    head_line: str = ""
    tail: str = ""
    tail_line: str = ""
    editor_line: str = ""
    agency: str = ""
    place: str = ""
    tags: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    split: int = 0
    copy_of: int = 0
    copy_kind: str = ""
    mirror: bool = False

    @property
    def path(self) -> str:
        """Where the article stands on the portal."""
        return f"/{self.channel}/{self.time:%Y-%m-%d}/{self.id}.html"

    @property
    def printed(self) -> tuple[str, ...]:
        """The paragraphs as printed: with dateline, byline and the like."""
        texts = list(self.paragraphs)
        if texts:
            texts[0] = self.head + texts[0]
            texts[-1] += self.tail
        return tuple(line for line in (self.head_line, *texts, self.tail_line) if line)


@dataclass(slots=True, frozen=True)
class ExpectedArticle:
    """What a perfect crawl makes of one article.

    paragraphs are without dateline and byline, `printed` are with them; published is aware (China), with precision
    "minute", or "day" (then at midnight); images and attachments are paths; section is the name of the channel;
    duplicate_of is the path of the article this one repeats, duplicate_kind then "exact", "near" or "excerpt".
    """

    path: str
    title: str
    paragraphs: tuple[str, ...]
    printed: tuple[str, ...]
    published: datetime
    published_day: str
    precision: str
    reporters: tuple[str, ...] = ()
    correspondents: tuple[str, ...] = ()
    photographers: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    interns: tuple[str, ...] = ()
    source: str = ""
    agency: str = ""
    place: str = ""
    channel: str = ""
    section: str = ""
    images: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    duplicate_of: str = ""
    duplicate_kind: str = ""

    @property
    def body(self) -> str:
        """The clean body, paragraphs joined by newlines."""
        return "\n".join(self.paragraphs)


@cache
def portal_facts() -> dict[str, Any]:
    """The contents of data/portal.toml: name of the portal, channels, advertisements, disclaimers."""
    return tomllib.loads((DATA / "portal.toml").read_text(encoding="utf-8"))


@cache
def channels() -> dict[str, Channel]:
    """The sections of the portal by directory."""
    return {row["slug"]: Channel(**row) for row in portal_facts()["channel"]}


@dataclass(slots=True, frozen=True)
class Stray:
    """A link in a list that looks like an article's and leads to none.

    kind: why there is none: "error" (the page says so), "login", "empty", or "404" (nothing there at all).
    """

    channel: str
    id: int
    time: datetime
    title: str
    kind: str
    page: str
    mirror: bool = False

    @property
    def path(self) -> str:
        """Where the link leads."""
        return f"/{self.channel}/{self.time:%Y-%m-%d}/{self.id}.html"


@cache
def strays() -> tuple[Stray, ...]:
    """The links of the lists that lead to no article."""
    rows = portal_facts()["stray"]
    return tuple(Stray(**{**row, "time": datetime.fromisoformat(row["time"]).replace(tzinfo=CHINA)}) for row in rows)


def expected_drops() -> dict[str, str]:
    """What a crawl of the bundled portal has to drop: path of the link and why (`Stray.kind`)."""
    return {stray.path: stray.kind for stray in strays()}


@cache
def bundled_stories() -> tuple[Story, ...]:
    """All articles written for the portal, newest first; the seed is the last."""
    rows: list[dict[str, Any]] = []
    for slug in channels():
        file = DATA / f"articles_{slug}.toml"
        if file.exists():
            table = tomllib.loads(file.read_text(encoding="utf-8"))
            rows += [{"channel": slug, **row} for row in table["article"]]
    by_id = {row["id"]: row for row in rows}
    stories = [_story(row, by_id) for row in rows]
    stories.append(seed_story())
    return tuple(sorted(stories, key=lambda story: (story.time, story.id), reverse=True))


def _story(row: dict[str, Any], by_id: dict[int, dict[str, Any]]) -> Story:
    """Make a story of a table row; a reprint takes the paragraphs of its original, an excerpt the first `keep`."""
    original = by_id[row["copy_of"]] if "copy_of" in row else row
    lines = [line.strip() for line in row.get("body", original["body"]).strip().splitlines() if line.strip()]
    names = {name: tuple(row.get(name, ())) for name in Credits.__dataclass_fields__}
    texts = (
        "title",
        "subtitle",
        "source",
        "author",
        "first_source",
        "head",
        "head_line",
        "tail",
        "tail_line",
        "editor_line",
        "agency",
        "place",
    )
    return Story(
        id=row["id"],
        channel=row["channel"],
        time=datetime.fromisoformat(row["time"]).replace(tzinfo=CHINA),
        paragraphs=tuple(lines[: row.get("keep", len(lines))]),
        credits=Credits(**names),
        tags=tuple(row.get("tags", ())),
        pictures=tuple(Picture(**picture) for picture in row.get("pictures", ())),
        attachments=tuple(Attachment(**file) for file in row.get("attachments", ())),
        split=row.get("split", 0),
        copy_of=row.get("copy_of", 0),
        copy_kind=row.get("copy_kind", ""),
        **{name: row.get(name, "") for name in texts},
    )


@cache
def seed_facts() -> dict[str, Any]:
    """The contents of data/seed.toml: chrome of the mirror's page, and the truth of the restored text."""
    return tomllib.loads((DATA / "seed.toml").read_text(encoding="utf-8"))


@cache
def seed_lines() -> tuple[str, ...]:
    """The seed text as its mirror served it, line by line."""
    return tuple((DATA / "seed_xjnnet_article.txt").read_text(encoding="utf-8").splitlines())


def seed_story() -> Story:
    """The seed article with its damaged text; its truth is in `expected_articles`."""
    facts = seed_facts()
    return Story(
        id=int(SEED_PATH.rpartition("/")[2].removesuffix(".html")),
        channel="baoliao",
        time=datetime.fromisoformat(facts["day"]).replace(tzinfo=CHINA),
        title=facts["title"],
        paragraphs=seed_lines()[: facts["paragraph_count"]],
        mirror=True,
    )


def expect(story: Story, by_id: dict[int, Story]) -> ExpectedArticle:
    """The truth about a story; `by_id` finds what it repeats."""
    paragraphs, printed, title, credit = story.paragraphs, story.printed, story.title, story.credits
    if story.mirror:
        facts = seed_facts()
        title = facts["restored_title"]
        gained = story.paragraphs[facts["paragraph_count"] :]
        restored = facts["restored"].strip().splitlines()
        printed = (*restored, *gained)
        paragraphs = (*restored[:-1], restored[-1].removesuffix(facts["byline"]), *gained)
        credit = Credits(reporters=tuple(facts["reporters"]))
    original = by_id.get(story.copy_of)
    return ExpectedArticle(
        path=story.path,
        title=title,
        paragraphs=paragraphs,
        printed=printed,
        published=story.time,
        published_day=f"{story.time:%Y-%m-%d}",
        precision="day" if story.mirror else "minute",
        reporters=credit.reporters,
        correspondents=credit.correspondents,
        photographers=credit.photographers,
        editors=credit.editors,
        interns=credit.interns,
        source=story.first_source or story.source,
        agency=story.agency,
        place=story.place,
        channel=story.channel,
        section=channels()[story.channel].name if story.channel in channels() else "",
        attachments=tuple(file.href for file in story.attachments),
        images=tuple(picture.src for picture in story.pictures),
        captions=tuple(picture.caption for picture in story.pictures if picture.caption),
        duplicate_of=original.path if original else "",
        duplicate_kind=story.copy_kind,
    )


def expected_articles(stories: tuple[Story, ...] | None = None) -> dict[str, ExpectedArticle]:
    """The truth by path, of the given stories or of all that are bundled."""
    chosen = bundled_stories() if stories is None else stories
    by_id = {story.id: story for story in chosen}
    return {story.path: expect(story, by_id) for story in chosen}


def comparable(text: str) -> str:
    """A text for comparison: without white space, with punctuation and digits of full width made half (NFKC).

    For texts that differ only in the width of their punctuation, as a mirror's page and its restored text do.
    """
    return "".join(unicodedata.normalize("NFKC", text).split())


def changed_story(story: Story, sentence: str = "") -> Story:
    """The story after an update: one paragraph more (`sentence`, or the portal's standing one)."""
    return replace(story, paragraphs=(*story.paragraphs, sentence or portal_facts()["update_sentence"]))
