"""Further articles, generated: plausible regional news, the same for the same number every time.

The word pools of data/synthetic.toml are wide, so that two generated articles share few phrases (see the test).
"""

from __future__ import annotations

import random
import tomllib
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from newscrawl.clock import CHINA
from newscrawl.demo.content import DATA, Credits, Story, channels

#: Generated articles are older than the bundled ones, one every 47 minutes back from here.
NEWEST = datetime(2026, 8, 31, 21, 40, tzinfo=CHINA)
STEP = timedelta(minutes=47)
FIRST_ID = 79_999


@cache
def pools() -> dict[str, Any]:
    """The word pools."""
    return tomllib.loads((DATA / "synthetic.toml").read_text(encoding="utf-8"))


@cache
def synthetic_stories(count: int) -> tuple[Story, ...]:
    """Return the first `count` generated stories, newest first."""
    return tuple(synthetic_story(number) for number in range(count))


def synthetic_story(number: int, age: int | None = None) -> Story:
    """Return generated story `number` (from 0, the newest), published `age` steps of time ago (default: `number`)."""
    draw = _Draw(number)
    time = NEWEST - (number if age is None else age) * STEP
    place, organ = draw.place(), draw.pick("organs")
    paragraphs = tuple(draw.paragraph(part, place, organ, time) for part in _outline(draw.random))
    slugs = list(channels())
    paper, reporter = draw.pick("papers"), draw.name()
    action, thing = draw.pick("actions"), draw.pick("objects")
    head = tail = ""
    if number % 3 == 0:
        head = f"本报讯（记者 {reporter}）"
    elif number % 3 == 1:
        tail = f"（记者 {reporter}）"
    named = bool(head or tail) or "$author" in channels()[slugs[number % len(slugs)]].meta_line
    return Story(
        id=FIRST_ID - number,
        channel=slugs[number % len(slugs)],
        time=time,
        title=f"{place}{action.removesuffix('了')}{thing}，{draw.pick('outcomes')}",
        paragraphs=paragraphs,
        credits=Credits(reporters=(reporter,) if named else ()),
        source=paper,
        author=reporter,
        head=head,
        tail=tail,
        agency="本报" if head else "",
        tags=(draw.pick("tags"), thing[:2]),
    )


def _outline(rng: random.Random) -> list[str]:
    """The order of the paragraphs: a lead, two to four in the middle, an end."""
    middle = ["scene", "background", "voice", "numbers", "voice"]
    rng.shuffle(middle)
    return ["lead", *middle[: rng.randint(2, 4)], "end"]


class _Draw:
    """Draws from the pools for one story; no phrase twice."""

    def __init__(self, number: int) -> None:
        self.random = random.Random(number)  # noqa: S311 - has to be repeatable, not secret
        self._left: dict[str, list[str]] = {}

    def pick(self, pool: str) -> str:
        """The next phrase of a pool, in this story's own order."""
        left = self._left.get(pool)
        if not left:
            left = self._left[pool] = self.random.sample(pools()[pool], len(pools()[pool]))
        return left.pop()

    def name(self) -> str:
        """A person's name of two or three characters."""
        given: str = pools()["given"]
        length = self.random.choice((1, 2, 2))
        surname: str = self.random.choice(pools()["surnames"])
        return surname + "".join(self.random.choice(given) for _ in range(length))

    def place(self) -> str:
        """A town, a quarter or the like."""
        return self.pick("towns") + self.pick("kinds")

    def paragraph(self, part: str, place: str, organ: str, time: datetime) -> str:
        """One paragraph of the kind `part`."""
        day = time - timedelta(days=self.random.randint(0, 2))
        date = f"{day.month}月{day.day}日"
        if part == "lead":
            thing = self.pick("actions") + self.pick("objects")
            return f"{self.pick('openings')}，{place}{organ}{thing}，{self.pick('outcomes')}。{date}，记者前往采访。"
        if part == "scene":
            spot = self.pick("objects")
            return (
                f"在{self.pick('towns')}的{spot}现场，{self.pick('scenes')}，{self.pick('scenes')}。"
                f"{self.pick('roles')}{self.name()}告诉记者，{self.pick('quotes')}。"
            )
        if part == "background":
            return (
                f"{self.pick('backgrounds')}。为此，{self.pick('organs')}{self.pick('measures')}，"
                f"{self.pick('outcomes')}。"
            )
        if part == "voice":
            return (
                f"“{self.pick('quotes')}，{self.pick('quotes')}。”{self.pick('roles')}{self.name()}说，"
                f"{self.pick('backgrounds')}，如今{self.pick('outcomes')}。"
            )
        if part == "numbers":
            amount, share = self.random.randint(120, 98_000), self.random.randint(2, 89)
            return (
                f"统计显示，截至{date}，{self.pick('metrics')}{amount}{self.pick('units')}，同比{self.pick('trends')}"
                f"{share}.{self.random.randint(0, 9)}%；{self.pick('metrics')}{amount // 7}{self.pick('units')}。"
            )
        return (
            f"{self.pick('organs')}{self.pick('roles')}{self.name()}表示，下一步将{self.pick('plans')}，"
            f"并{self.pick('plans')}。"
        )
