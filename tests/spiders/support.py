"""Real crawls of many small sites in one process: portals on loopback, spiders written for the test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newscrawl.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newscrawl.items import Article

PROJECT = Path(__file__).parent.parent.parent
#: A crawl that takes longer than this hangs (seconds).
TIMEOUT = 240
CHILD = """
import json, sys
from newscrawl.crawl.project import project_settings
from newscrawl.crawl.run.runner import run_sites
settings = json.loads(sys.argv[1])
sys.exit(run_sites(settings.pop("SITES"), project_settings(**settings)).exit_code)
"""


@dataclass
class Sites:
    """Spiders of a test and the addresses that stand in for their portals."""

    home: Path
    now: str = ""
    bases: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, base: str, source: str) -> None:
        """Write the module of a spider; `base` is where its portal is."""
        package = self.home / "testspiders"
        package.mkdir(exist_ok=True)
        (package / "__init__.py").touch()
        (package / f"{name}.py").write_text(source, "utf-8")
        self.bases[name] = base

    def crawl(self, **settings: object) -> int:
        """Crawl all of them in one process and return the exit code."""
        words = {
            "SITES": list(self.bases),
            "SPIDER_MODULES": ["testspiders"],
            "NEWSCRAWL_STORE": self.store_uri,
            "NEWSCRAWL_SITE_BASE": self.bases,
            "NEWSCRAWL_OPEN_LOOPBACK": [urlsplit(base).netloc for base in self.bases.values()],
            "DOWNLOAD_SLOTS": {"127.0.0.1": {"delay": 0, "concurrency": 8}},
            "AUTOTHROTTLE_ENABLED": False,
            "NEWSCRAWL_WARC": False,
            "NEWSCRAWL_BROWSER": False,
            "NEWSCRAWL_DEDUP": "off",
            **settings,
        }
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("NEWSCRAWL_", "MONGO_"))}
        mine = {"NEWSCRAWL_DATA": str(self.home), "PYTHONPATH": f"{PROJECT}{os.pathsep}{self.home}"}
        if self.now:
            mine["NEWSCRAWL_NOW"] = self.now
        with (self.home / "crawl.log").open("a") as log:
            return subprocess.run(  # noqa: S603  our own words
                [sys.executable, "-c", CHILD, json.dumps(words)],
                env={**kept, **mine},
                cwd=self.home,
                stdout=log,
                stderr=log,
                timeout=TIMEOUT,
                check=False,
            ).returncode

    @property
    def store_uri(self) -> str:
        """Where the articles go."""
        return f"sqlite:///{self.home / 'sites.db'}"

    def articles(self) -> dict[str, dict[str, Article]]:
        """Return the stored articles by site, then by path and query of their canonical URLs."""
        found: dict[str, dict[str, Article]] = {name: {} for name in self.bases}
        store = open_store(self.store_uri)
        for article in store.articles():
            parts = urlsplit(article.canonical_url)
            found[article.site][parts.path + (f"?{parts.query}" if parts.query else "")] = article
        store.close()
        return found

    def log(self) -> str:
        """Return what the crawls logged."""
        return (self.home / "crawl.log").read_text("utf-8", "replace")


@dataclass
class Shelf:
    """A server of ready-made answers on loopback: by path and query, each with its media type; what was asked for."""

    answers: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    url: str = ""


@contextmanager
def serve(answers: Mapping[str, tuple[str, bytes]]) -> Iterator[Shelf]:
    """Serve answers on a free loopback port; everything else is 404."""
    shelf = Shelf(dict(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shelf.asked.append(self.path)
            found = shelf.answers.get(self.path)
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", found[0] if found else "text/plain")
            self.end_headers()
            self.wfile.write(found[1] if found else b"no such page")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    shelf.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield shelf
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
