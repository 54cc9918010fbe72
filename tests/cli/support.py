"""The real command in a process of its own, for tests: nothing of the tester's environment or stores."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from newscrawl.items import Article
from newscrawl.store import open_store
from tests.crawl.support import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

#: A title and a body with what must not reach a terminal: an escape sequence, a bell, a carriage return, an override.
HOSTILE = "湿地\x1b]0;owned\x07\x1b[31m修复\r\u202e工程"


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("NEWSCRAWL_", "MONGO_", "PYTHON", "LC_", "LANG", "COLUMNS"))
    }
    return {**kept, "NEWSCRAWL_DATA": str(home / "data"), "PYTHONPATH": str(PROJECT), "PYTHONUTF8": "1", **more}


def newscrawl(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command in `home` to its end."""
    return subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-m", "newscrawl.cli", *words],
        cwd=home,
        env=environment(home, **more),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def fill(home: Path, number: int = 40) -> str:
    """Make the default store of `home` and put articles into it; returns the address of the store."""
    (home / "data").mkdir(exist_ok=True)
    uri = f"sqlite:///{home / 'data' / 'newscrawl.db'}"
    store = open_store(uri)
    store.init()
    articles = []
    for position in range(number):
        address = f"https://xjnnet.com/baoliao/2026-09-23/{position}.html"
        articles.append(
            Article(
                id=f"{position:040x}",
                url=address,
                canonical_url=address,
                site="xjnnet",
                title=f"{HOSTILE}第{position}期",
                body=f"本报讯 {HOSTILE}进入收官阶段，八百亩芦苇重回水岸。\n" + "候鸟在湖面停留的时间一年比一年长。" * 6,
                published_day="2026-09-23",
                reporters=["高立群"],
                source=HOSTILE,
            )
        )
    store.put(articles)
    store.close()
    return uri
