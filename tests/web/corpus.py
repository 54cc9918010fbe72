"""A small corpus of invented news: two sites, a story with copies, versions, a damaged page, and texts that attack."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from newscrawl.archive import Exchange, WarcWriter
from newscrawl.items import Article, Edit, Removed, RestorationRecord, RunRecord, article_id

if TYPE_CHECKING:
    from pathlib import Path

    from newscrawl.items import ArchivePointer
    from newscrawl.store import Store

START = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
#: What a page would do if any text of the corpus were taken for markup.
SCRIPT = "<script>document.title='owned'</script>"
IMAGE = "<img src=x onerror=\"document.title='owned'\">"
QUOTE = "\"><svg onload=document.title='owned'>"

FULL = {"title": 1.0, "body": 0.99, "published": 1.0, "reporters": 1.0, "source": 0.95}

COTTON = (
    "本报讯 记者 顾青禾 三月二日，临溪县棉花收购在北关粮站开秤，首日收购籽棉四百二十吨。\n"
    "县农业农村局介绍，今年全县种植棉花六万亩，比去年多出八千亩。收购价格随行就市，现款现结。\n"
    "棉农柳大川说，自家十二亩地收了三千六百公斤，刨去成本能落两万多元。\n"
    "据了解，收购将持续到四月底，沿线乡镇设了九个临时收购点。"
)


def url_of(name: str, site: str = "linxi") -> str:
    return f"https://news.{site}.example/a/{name}.html"


def id_of(name: str, site: str = "linxi") -> str:
    return article_id(url_of(name, site))


def make(name: str, *, site: str = "linxi", days: float = 0, **fields: Any) -> Article:
    published = START + timedelta(days=days)
    values: dict[str, Any] = {
        "section": "要闻",
        "body": "无",
        "published": published,
        "published_day": (published + timedelta(hours=8)).strftime("%Y-%m-%d"),
        "published_precision": "minute",
        "fetched_at": published + timedelta(hours=1),
        "source": "临溪日报",
        "reporters": ["顾青禾"],
    }
    url = url_of(name, site)
    return Article(url, canonical_url=url, site=site, **{"title": name, **values, **fields})


def damaged() -> Article:
    raw = "臨溪縣(xiàn)的棉花收購開(kāi)秤。\n現場來了兩百輛車。\n掃碼關注本報"
    edits = [
        Edit(0, "臨溪縣", "临溪县", "script"),
        Edit(3, "(xiàn)", "", "pinyin"),
        Edit(12, "收購開", "收购开", "script"),
        Edit(15, "(kāi)", "", "pinyin"),
    ]
    return make(
        "damaged",
        days=1,
        title="临溪县棉花开秤",
        body="临溪县的棉花收购开秤。\n現場來了兩百輛車。",
        body_raw=raw,
        restoration=RestorationRecord("mirror-pinyin", 0.97, _placed(raw, edits)),
        removed=[Removed("cta", "掃碼關注本報")],
    )


def _placed(raw: str, edits: list[Edit]) -> list[Edit]:
    """The edits at the offsets where their texts stand."""
    found, place = [], 0
    for edit in edits:
        place = raw.index(edit.before, place)
        found.append(edit._replace(offset=place))
        place += len(edit.before)
    return found


def story() -> list[Article]:
    return [
        make("cotton", title="临溪棉花开秤首日收购四百二十吨", body=COTTON, editors=["温石"]),
        make(
            "cotton-copy",
            site="hexi",
            days=0.4,
            title="临溪棉花开秤",
            body=COTTON.replace("四百二十吨", "四百吨").replace("本报讯 记者 顾青禾 ", ""),
            source="河西网",
            reporters=[],
        ),
        make(
            "cotton-short",
            site="hexi",
            days=1.2,
            title="棉花收购开秤",
            body=COTTON.partition("\n")[0],
        ),
    ]


def attacks() -> list[Article]:
    return [
        make(
            "attack",
            days=3,
            title=f"棉花 {SCRIPT}{QUOTE}",
            subtitle=IMAGE,
            body=f"棉花的正文 {SCRIPT}\n{IMAGE}\n{QUOTE}{{{{7*7}}}}",
            body_raw=f"棉花的正文 {SCRIPT}\n{IMAGE}\n{QUOTE}{{{{7*7}}}}\n{SCRIPT}",
            removed=[Removed(QUOTE, SCRIPT)],
            reporters=[f"{IMAGE}"],
            editors=[SCRIPT],
            source=QUOTE,
            section=f"x{QUOTE}",
            notes=[SCRIPT],
            url_aliases=["javascript:document.title='owned'", "data:text/html," + SCRIPT],
            attachments=["javascript:document.title='owned'"],
        )
    ]


def plain(count: int = 30) -> list[Article]:
    return [
        make(
            f"plain-{number}",
            site="hexi" if number % 3 else "linxi",
            days=number * 5,
            title=f"渡口修桥第{number}期",
            section="民生" if number % 2 else "经济",
            body=f"第{number}期工程在渡口动工。\n村民说，桥通以后，到镇上只要一刻钟。",
            reporters=[["顾青禾", "骆一川", "闻雁"][number % 3]],
        )
        for number in range(count)
    ]


def changed() -> list[Article]:
    first = make("changed", days=2, title="县医院新楼启用", body="新楼今天启用。\n床位三百张。\n停车场在北门。")
    second = make(
        "changed",
        days=2,
        title="县医院新楼正式启用",
        body="新楼今天启用。\n床位三百五十张。\n停车场在北门。\n咨询电话见门诊大厅。",
        fetched_at=START + timedelta(days=3),
    )
    return [first, second]


def runs() -> list[RunRecord]:
    found = []
    for number in range(12):
        started = START + timedelta(days=number)
        failed = number in (4, 11)
        found.append(
            RunRecord(
                f"linxi-{number}",
                "linxi",
                started,
                finished=started + timedelta(seconds=83),
                verdict="no items" if failed else "ok",
                exit_code=10 if failed else 0,
                counts={"items": 0 if failed else 20 + number, "new": 0 if failed else 3, "requests": 40},
                coverage={} if failed else {**FULL, "published": 1.0 - 0.05 * (number % 4), "reporters": 0.8},
                reasons=["3 list pages read, none links to an article"] if failed else [],
                errors=[f"parse: {SCRIPT}"] if failed else [],
            )
        )
        found.append(
            RunRecord(
                f"hexi-{number}",
                "hexi",
                started,
                finished=started + timedelta(seconds=9),
                verdict="ok",
                counts={"items": 7, "requests": 12},
                coverage={**FULL, "reporters": 0.4 + 0.04 * number},
            )
        )
    return found


def archive(root: Path) -> ArchivePointer:
    """Write the page of the attacking article, and return where it lies."""
    html = (
        "<!doctype html><meta charset='utf-8'><title>存档</title>"
        "<h1>存档的页面</h1><p>棉花的正文</p>"
        f"{SCRIPT}<script>parent.document.title='owned'</script>{IMAGE}"
        "<meta http-equiv='refresh' content='1;url=/sites'>"
        "<form action='/runs'><button>送</button></form><a target='_top' href='/sites'>上层</a>"
    )
    writer = WarcWriter(root, "test")
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Refresh", "0;url=/runs")]
    pointer = writer.append(Exchange(url_of("attack"), 200, html.encode(), START, response_headers=headers))
    writer.close()
    return pointer


def fill(store: Store, root: Path) -> None:
    """Put all of it into a store, its archive under `root`."""
    attack = attacks()
    attack[0].archive = archive(root)
    store.put([*story(), damaged(), *attack, *plain(), *changed()])
    original = id_of("cotton")
    store.set_story(
        [
            {"id": original, "story_id": original},
            {"id": id_of("cotton-copy", "hexi"), "story_id": original, "duplicate_of": original,
             "duplicate_kind": "near", "similarity": 0.93},
            {"id": id_of("cotton-short", "hexi"), "story_id": original, "duplicate_of": original,
             "duplicate_kind": "excerpt", "similarity": 0.61},
        ]
    )  # fmt: skip
    for run in runs():
        store.put_run(run)
