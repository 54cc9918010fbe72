"""Invented articles: sentences put together from a few hundred words, the same for the same seed."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

from newscrawl.items import Article, article_id

WORDS = """
青禾县 兰河镇 白杉社区 云岭水库 石桥小学 东篱果园 新岸码头 北苑车站 松风书院 赤溪茶场 居民
农户 工人 学生 老师 游客 医生 司机 摊主 技术员 修好了 种下了 送来了 整理出 检查了 登记了
搬走了 试验了 讲述了 公布了 旧路灯 新水泵 桃树苗 防滑垫 图书角 捐赠清单 灌溉管道 公交线路
雨水井盖 夜校课程 清晨 傍晚 雨后 月底 周末 在河堤旁 沿着老街 在礼堂里 从邻村 经过商议
冒着大风 按照计划 用了整整三天 没有耽误农时 得到邻居帮助
"""
_WORDS = WORDS.split()


def sentence(draw: random.Random) -> str:
    return "".join(draw.choice(_WORDS) for _ in range(draw.randint(5, 9))) + "。"


def paragraphs(seed: int, count: int = 5) -> list[str]:
    draw = random.Random(seed)
    return ["".join(sentence(draw) for _ in range(draw.randint(2, 4))) for _ in range(count)]


def text(seed: int, count: int = 5) -> str:
    return "\n".join(paragraphs(seed, count))


def article(name: str, body: str, *, hour: int = 8, day: int = 1, **fields: Any) -> Article:
    """An article of a site at an invented address, published and fetched at an hour of a day in March 2026."""
    site = str(fields.pop("site", name.partition("-")[0]))
    url = f"https://{site}.example/{name}.html"
    published = datetime(2026, 3, day, hour, tzinfo=UTC)
    values: dict[str, Any] = {
        "title": f"标题{name}",
        "published": published,
        "fetched_at": datetime(2026, 3, 31, tzinfo=UTC),
    } | fields
    return Article(url=url, canonical_url=url, id=article_id(url), site=site, body=body, **values)
