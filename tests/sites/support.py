"""`newscrawl` in real processes, with demo portals in the place of live ones and a folder of one's own for spiders."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from newscrawl.demo import Portal

PROJECT = Path(__file__).parents[2]
TIMEOUT = 180
#: The command with the project's settings of the test.
COMMAND = """
import json, sys
from newscrawl import settings
for name, value in json.loads(sys.argv.pop(1)).items():
    setattr(settings, name, value)
from newscrawl.cli import main
sys.exit(main(sys.argv[1:]))
"""


@dataclass
class Desk:
    """A folder with spiders of its own and a store; `portals` stand in for sites, by name."""

    home: Path
    portals: dict[str, Portal] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def sites(self) -> Path:
        """Return the folder of the spiders."""
        return self.home / "portals"

    @property
    def store_uri(self) -> str:
        """Return the address of the store."""
        return f"sqlite:///{self.home / 'newscrawl.db'}"

    def __call__(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `newscrawl WORDS` to its end."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("NEWSCRAWL_", "MONGO_"))}
        mine = {
            "NEWSCRAWL_DATA": str(self.home),
            "NEWSCRAWL_SITES": str(self.sites),
            "NEWSCRAWL_STORE": self.store_uri,
            "NEWSCRAWL_CONTACT": "https://desk.example/",
            "PYTHONPATH": str(PROJECT),
            "COLUMNS": "200",
        }
        settings = {
            "NEWSCRAWL_SITE_BASE": {name: portal.url for name, portal in self.portals.items()},
            "NEWSCRAWL_OPEN_LOOPBACK": [urlsplit(portal.url).netloc for portal in self.portals.values()],
            "DOWNLOAD_SLOTS": {"127.0.0.1": {"delay": 0, "concurrency": 8}},
            "AUTOTHROTTLE_ENABLED": False,
            "RETRY_TIMES": 0,
            **self.settings,
        }
        return subprocess.run(  # noqa: S603  our own words
            [sys.executable, "-c", COMMAND, json.dumps(settings), *words],
            env={**kept, **mine, **environment},
            cwd=self.home,
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT,
        )

    def spider(self, name: str, *lines: str, base: str = "newscrawl.spiders.xjnnet:XjnnetSpider") -> Path:
        """Write a spider file that derives from another and sets these class attributes."""
        module, _, parent = base.partition(":")
        self.sites.mkdir(exist_ok=True)
        body = "\n".join(f"    {line}" for line in (f'name = "{name}"', f'domains = ("{name}.example",)', *lines))
        path = self.sites / f"{name}.py"
        path.write_text(f"from {module} import {parent}\n\n\nclass Spider_{name}({parent}):\n{body}\n", "utf-8")
        return path
