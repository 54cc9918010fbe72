"""Synthetic articles that look like news: words follow each other as in a sample of real text, or as often as in a
dictionary; people, places, numbers and dates are drawn anew, so that rare bigrams keep coming as in a real corpus."""

from __future__ import annotations

import gzip
import itertools
import json
import random
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING

from newscrawl.items import Article, article_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡"
SECTIONS = ("要闻", "社会", "经济", "文化", "体育", "教育", "法治", "国际")
SOURCES = ("新华社", "中新网", "本地日报", "晚报", "广播电视台", "人民网", "")
#: How often a walk through the sample leaves it for a word of the dictionary, and for a name.
STRAY, NAME = 0.03, 0.01
#: How often an article says again what it said: real ones keep to their subject. Set so that an index of as many
#: articles takes as many bytes a character as one of the real sample (`bench_search` prints both).
AGAIN, AGAIN_WORDS = 0.04, 8


class Generator:
    """Draws articles; the same seed and sample give the same articles."""

    def __init__(self, data: Path | None, *, seed: int = 1, characters: int = 700) -> None:
        self.random = random.Random(seed)
        self.characters = characters
        self.followers = _followers(data) if data else {}
        self.words = _dictionary(self.random)
        self.starts = list(self.followers) or self.words
        self.reporters = [self.person() for _ in range(3000)]

    def person(self) -> str:
        codes = [bytes((self.random.randrange(0xB0, 0xD7), self.random.randrange(0xA1, 0xFF))) for _ in range(2)]
        # The first level of GB 2312: the 3,755 characters in common use.
        given = b"".join(codes[: self.random.choice((1, 2, 2))]).decode("gb2312")
        return self.random.choice(SURNAMES) + given

    def text(self, length: int) -> str:
        """Return about `length` characters of text."""
        draw, followers, words, starts = self.random.random, self.followers, self.words, self.starts
        parts, size, word = [], 0, "。"
        while size < length:
            chance = draw()
            nexts = followers.get(word)
            if chance < NAME:
                word = self.person()
            elif chance < NAME + STRAY or not nexts:
                word = words[int(draw() * len(words))] if chance < 0.9 else starts[int(draw() * len(starts))]
            else:
                word = nexts[int(draw() * len(nexts))]
            if word.isdecimal():
                word = str(int(draw() * 10 ** min(len(word), 6)))
            parts.append(word)
            size += len(word)
            if draw() < AGAIN:
                first = int(draw() * len(parts))
                parts += parts[first : first + AGAIN_WORDS]
                size += sum(map(len, parts[first : first + AGAIN_WORDS]))
            if not followers and draw() < 0.12:
                parts.append("，" if draw() < 0.7 else "。")
        return "".join(parts)

    def articles(self, count: int) -> Iterator[Article]:
        """Yield `count` articles of 20 sites over ten years, one in ten of them a copy of the one before."""
        start = datetime(2016, 1, 1, tzinfo=UTC)
        before: Article | None = None
        for number in range(count):
            url = f"http://news{number % 20}.example/{number}.html"
            published = start + timedelta(minutes=self.random.randrange(10 * 365 * 24 * 60))
            length = max(80, int(self.random.lognormvariate(0, 0.6) * self.characters / 1.2))
            article = Article(
                url=url, canonical_url=url, id=article_id(url), site=f"news{number % 20}.example",
                section=self.random.choice(SECTIONS), title=self.text(18), body=self.text(length),
                published=published, published_day=published.astimezone(UTC).date().isoformat(),
                reporters=[self.random.choice(self.reporters)], source=self.random.choice(SOURCES),
                fetched_at=published, content_hash=f"{number:040x}", language="zh",
            )  # fmt: skip
            if before is not None and number % 10 == 0:
                article.title, article.body, article.story_id = before.title, before.body, before.id
            before = article
            yield article


def real_texts(data: Path, count: int | None = None) -> Iterator[tuple[str, str]]:
    """Yield (title, text) of the sample's articles, without their synthetic copies."""
    with gzip.open(data / "dedup" / "near-duplicates.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = (json.loads(line) for line in lines)
        yield from itertools.islice(((row["title"], row["text"]) for row in rows if row["kind"] == "base"), count)


def _followers(data: Path) -> dict[str, list[str]]:
    rjieba = import_module("rjieba")
    followers: dict[str, list[str]] = {}
    for _, text in real_texts(data):
        words = ["。", *rjieba.cut(text)]
        for word, following in itertools.pairwise(words):
            followers.setdefault(word, []).append(following)
    return followers


def _dictionary(source: random.Random, size: int = 400_000) -> list[str]:
    """Return words drawn as often as jieba's dictionary says that they are used."""
    try:
        jieba = import_module("jieba")
    except ImportError:
        raise SystemExit("the generator draws words from jieba's dictionary: pip install jieba rjieba") from None

    with jieba.get_dict_file() as lines:
        entries = [line.decode("utf-8").split(" ") for line in lines]
    return source.choices([entry[0] for entry in entries], [int(entry[1]) for entry in entries], k=size)
