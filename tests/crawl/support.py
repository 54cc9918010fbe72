"""Real crawls of the demo portal in processes of their own, for tests."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newscrawl.store import open_store

if TYPE_CHECKING:
    from newscrawl.items import Article, RunRecord
    from newscrawl.store import Store

PROJECT = Path(__file__).parent.parent.parent
#: A crawl of the demo portal that takes longer than this hangs (seconds).
TIMEOUT = 240


@dataclass
class Crawls:
    """Crawls of one portal into one store, by `scrapy crawl`: what tests set and what they look at."""

    portal_url: str
    home: Path
    store_uri: str = ""
    now: str = ""
    settings: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.store_uri = self.store_uri or f"sqlite:///{self.home / 'newscrawl.db'}"

    def environment(self) -> dict[str, str]:
        """Return the environment of a crawl: nothing of the tester's own stores."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("NEWSCRAWL_", "MONGO_"))}
        mine = {
            "NEWSCRAWL_STORE": self.store_uri,
            "NEWSCRAWL_DATA": str(self.home),
            "PYTHONPATH": f"{PROJECT}{os.pathsep}{self.home}",
            "SCRAPY_SETTINGS_MODULE": "newscrawl.settings",
        }
        if self.now:
            mine["NEWSCRAWL_NOW"] = self.now
        return {**kept, **mine}

    def command(self, **settings: object) -> list[str]:
        """Return the command line of a crawl of the portal."""
        host = urlsplit(self.portal_url)
        all_settings: dict[str, object] = {
            "NEWSCRAWL_SITE_BASE": {"xjnnet": self.portal_url},
            "NEWSCRAWL_OPEN_LOOPBACK": host.netloc,
            "DOWNLOAD_SLOTS": {host.hostname: {"delay": 0, "concurrency": 8}},
            "AUTOTHROTTLE_ENABLED": False,
            "LOG_LEVEL": "INFO",
            **self.settings,
            **settings,
        }
        words = [sys.executable, "-m", "scrapy", "crawl", "xjnnet"]
        for name, value in all_settings.items():
            words += ["-s", f"{name}={json.dumps(value) if isinstance(value, dict) else value}"]
        return words

    def start(self, **settings: object) -> subprocess.Popen[str]:
        """Start a crawl; its log goes to crawl.log in `home`."""
        with (self.home / "crawl.log").open("a") as log:
            return subprocess.Popen(  # noqa: S603  our own words
                self.command(**settings), env=self.environment(), cwd=self.home, stdout=log, stderr=log, text=True
            )

    def run(self, **settings: object) -> int:
        """Crawl to the end and return the exit code."""
        return self.start(**settings).wait(TIMEOUT)

    def measure(self, **settings: object) -> tuple[int, float]:
        """Crawl to the end and return the exit code and the greatest memory in MB.

        Read from /proc while the crawl runs: what `wait4` tells holds the memory of this process too, from the fork.
        """
        child = self.start(**settings)
        peak, deadline = 0.0, time.monotonic() + TIMEOUT
        while child.poll() is None:
            assert time.monotonic() < deadline
            with suppress(OSError):
                status = Path(f"/proc/{child.pid}/status").read_text("ascii", "replace")
                if found := re.search(r"VmHWM:\s+(\d+) kB", status):
                    peak = max(peak, int(found[1]) / 1024)
            time.sleep(0.02)
        return child.returncode, peak

    def command_line(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `newscrawl WORDS` on the store of the crawls."""
        return subprocess.run(  # noqa: S603  our own words
            [sys.executable, "-m", "newscrawl.cli", *words],
            env=self.environment(),
            cwd=self.home,
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT,
        )

    def write_spider(self, **attributes: object) -> None:
        """Give xjnnet's spider other class attributes, for all crawls from now on."""
        lines = [f"    {name} = {value!r}" for name, value in {"name": "xjnnet", **attributes}.items()]
        text = "from newscrawl.spiders.xjnnet import XjnnetSpider\n\nclass OtherSpider(XjnnetSpider):\n"
        (self.home / "other_spider.py").write_text(text + "\n".join(lines) + "\n")
        self.settings["SPIDER_MODULES"] = "other_spider"

    def log(self) -> str:
        """Return what all crawls have logged so far."""
        return (self.home / "crawl.log").read_text("utf-8", "replace")

    def store(self) -> Store:
        """Open the store that the crawls write to."""
        return open_store(self.store_uri)

    def articles(self) -> dict[str, Article]:
        """Return the stored articles by the path of their canonical URL."""
        store = self.store()
        found = {urlsplit(article.canonical_url).path: article for article in store.articles()}
        store.close()
        return found

    def last_run(self) -> RunRecord:
        """Return the record of the newest run."""
        store = self.store()
        run = store.runs("xjnnet", limit=1)[0]
        store.close()
        return run
