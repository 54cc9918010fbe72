"""An installation of its own for a test: portals, spider files, a store, the operator's file, a webhook receiver."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from newscrawl.demo import Portal, run_portal
from newscrawl.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from newscrawl.store import Store

PROJECT = Path(__file__).parent.parent.parent
#: A tick that takes longer than this hangs (seconds).
TIMEOUT = 120

SPIDER = """
from newscrawl.spiders.xjnnet import XjnnetSpider

class Spider_{name}(XjnnetSpider):
    name = "{name}"
    domains = ("{name}.example",)
    homepage = ""
    sections = ("https://{name}.example/baoliao/",)
    schedule = "{schedule}"
"""

#: `newscrawl crawl --due` with the project's settings of the test: its spiders, its portals, no pauses.
TICK = """
import json, sys
from pathlib import Path
sys.path[:0] = [{project!r}, {home!r}]
from newscrawl import settings
for name, value in json.loads(Path({home!r}, "settings.json").read_text()).items():
    setattr(settings, name, value)
from newscrawl.cli import main
sys.exit(main(sys.argv[1:] or ["crawl", "--due"]))
"""


@dataclass
class Receiver:
    """A webhook receiver on loopback: what it was sent, and what it is to answer."""

    url: str = ""
    received: list[tuple[str, bytes]] = field(default_factory=list)
    status: int = 200
    answer: bytes = b'{"errcode":0,"code":0}'
    headers: dict[str, str] = field(default_factory=dict)

    def messages(self, path: str = "/hook") -> list[dict[str, Any]]:
        """Return the JSON bodies that came to a path."""
        return [json.loads(body) for target, body in self.received if urlsplit(target).path == path]

    def paths(self) -> list[str]:
        """Return the paths that were asked for."""
        return [urlsplit(target).path for target, _ in self.received]


@contextmanager
def run_receiver() -> Iterator[Receiver]:
    """Run a webhook receiver on a free loopback port."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            receiver.received.append((self.path, body))
            self.send_response(receiver.status)
            for name, value in {**receiver.headers, "Content-Length": str(len(receiver.answer))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(receiver.answer)

        do_GET = do_POST  # noqa: N815  the name that http.server calls

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name in http.server
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@dataclass
class Station:
    """Sites on portals of their own, crawled by `newscrawl crawl --due` in real processes."""

    home: Path
    portals: dict[str, Portal]
    settings: dict[str, Any]
    store_uri: str = ""

    def __post_init__(self) -> None:
        self.store_uri = self.store_uri or f"sqlite:///{self.home / 'data' / 'newscrawl.db'}"

    def store(self) -> Store:
        """Open the station's store."""
        return open_store(self.store_uri)

    def configure(self, text: str) -> None:
        """Write the operator's file."""
        (self.home / "newscrawl.toml").write_text(text, "utf-8")

    def write(self) -> None:
        """Write the settings that ticks take up."""
        (self.home / "settings.json").write_text(json.dumps(self.settings))
        (self.home / "tick.py").write_text(TICK.format(project=str(PROJECT), home=str(self.home)))

    def spider(self, name: str, schedule: str) -> None:
        """Write a spider file."""
        folder = self.home / "stationspiders"
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
        (folder / f"{name}.py").write_text(SPIDER.format(name=name, schedule=schedule))

    def environment(self) -> dict[str, str]:
        """Return the environment of the station's processes: nothing of the tester's own stores."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("NEWSCRAWL_", "MONGO_"))}
        mine = {"NEWSCRAWL_DATA": str(self.home / "data"), "SCRAPY_SETTINGS_MODULE": "newscrawl.settings"}
        return {**kept, **mine, "NEWSCRAWL_STORE": self.store_uri}

    def start(self, now: datetime | None = None, *words: str) -> subprocess.Popen[str]:
        """Start a tick, or another command; the clock stands at `now`."""
        clock = {} if now is None else {"NEWSCRAWL_NOW": now.isoformat()}
        return subprocess.Popen(  # noqa: S603  our own words
            [sys.executable, str(self.home / "tick.py"), *words],
            env={**self.environment(), **clock},
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def tick(self, now: datetime | None = None, *words: str) -> tuple[int, str]:
        """Run a tick, or another command, to its end; returns exit code and what it printed."""
        process = self.start(now, *words)
        output, _ = process.communicate(timeout=TIMEOUT)
        return process.returncode, output

    def log(self) -> str:
        """Return the log of all ticks."""
        path = self.home / "data" / "log" / "crawl.log"
        return path.read_text("utf-8", "replace") if path.exists() else ""


@contextmanager
def run_station(home: Path, schedules: dict[str, str], *, articles: int = 3) -> Iterator[Station]:
    """Run a portal for every site and write the spider files."""
    with ExitStack() as stack:
        portals = {name: stack.enter_context(run_portal(articles=articles)) for name in schedules}
        station = Station(
            home,
            portals,
            {
                "SPIDER_MODULES": ["stationspiders"],
                "NEWSCRAWL_SITE_BASE": {name: portal.url for name, portal in portals.items()},
                "NEWSCRAWL_OPEN_LOOPBACK": [urlsplit(portal.url).netloc for portal in portals.values()],
                "DOWNLOAD_SLOTS": {"127.0.0.1": {"delay": 0, "concurrency": 8}},
                "AUTOTHROTTLE_ENABLED": False,
                "RETRY_TIMES": 0,
                "NEWSCRAWL_WARC": False,
                "NEWSCRAWL_LEASE_SECONDS": 100_000.0,
            },
        )
        (home / "data").mkdir(exist_ok=True)
        for name, schedule in schedules.items():
            station.spider(name, schedule)
        station.write()
        yield station
