"""A real cron daemon crawls two sites for ten minutes, with the line that `newscrawl schedule` prints. By hand:

    apt-get install cron
    NEWSCRAWL_CRON_MINUTES=10 deploy/test -n 0 -m by_hand tests/operate/test_cron_daemon.py

As root: the line goes into a file of its own in /etc/cron.d, which is taken away at the end. Where no cron daemon runs,
one is started for the test; it also runs what else is due on this machine. With fewer than ten minutes the line runs
every minute instead of every five.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from newscrawl.crawl.project import project_settings
from newscrawl.crawl.sites import all_sites
from newscrawl.demo import run_portal
from newscrawl.store import open_store
from tests.operate.support import SPIDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newscrawl.demo import Portal
    from newscrawl.items import RunRecord

PROJECT = Path(__file__).parents[2]
MINUTES = int(os.environ.get("NEWSCRAWL_CRON_MINUTES", "10"))
TABLE = Path("/etc/cron.d/newscrawl-by-hand")
PID_FILE = Path("/run/crond.pid")
#: Seconds that the last crawls may go on behind the end.
GRACE = 60
#: Behind the spiders' other attributes: their portals, and a gentle pace.
PACE = """    custom_settings = {{
        "NEWSCRAWL_SITE_BASE": {{"{name}": "{url}"}},
        "DOWNLOAD_SLOTS": {{"127.0.0.1": {{"delay": 0.2, "concurrency": 1}}}},
        "AUTOTHROTTLE_ENABLED": False,
    }}
"""

#: Opens the demo portals to the crawl, which reaches no loopback address otherwise.
OPEN = """
from newscrawl import settings
settings.NEWSCRAWL_OPEN_LOOPBACK = {netlocs!r}
"""


def daemon_runs() -> bool:
    """Tell whether a cron daemon runs on this machine."""
    try:
        os.kill(int(PID_FILE.read_text("ascii")), 0)
    except (OSError, ValueError):
        return False
    return True


@contextmanager
def cron_daemon() -> Iterator[None]:
    """Have a cron daemon while the block runs: the one that is there, or one of our own."""
    if daemon_runs():
        yield
        return
    binary = shutil.which("cron", path="/usr/sbin:/usr/bin")
    assert binary is not None, "no cron: apt-get install cron"
    with subprocess.Popen([binary, "-f"]) as process:  # noqa: S603  Debian's own
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)


@contextmanager
def crontab_line(home: Path) -> Iterator[None]:
    """Put the line of `newscrawl schedule` where cron finds it; what it prints (cron would mail it) goes to a file."""
    environment = {
        **os.environ,
        "NEWSCRAWL_DATA": str(home / "data"),
        "NEWSCRAWL_SITES": str(home / "sites"),
        "NEWSCRAWL_CONFIG": str(home / "newscrawl.toml"),
        "NEWSCRAWL_VENV": str(Path(sys.executable).parents[1]),
    }
    printed = subprocess.run(
        [sys.executable, "-m", "newscrawl.cli", "schedule"],
        env=environment, cwd=PROJECT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    (line,) = [line for line in printed.splitlines() if not line.startswith("#")]
    fields = line.split(" ", 5)
    if MINUTES < 10:
        fields[0] = "*"
    opened = fields[5].replace("env ", f"env PYTHONPATH={home / 'open'} ", 1)
    command = f"{opened} >>{home / 'mail'} 2>&1"
    TABLE.write_text(f'MAILTO=""\n{" ".join(fields[:5])} root {command}\n')
    TABLE.chmod(0o644)
    try:
        yield
    finally:
        TABLE.unlink()


def runs_of(home: Path, site: str) -> list[RunRecord]:
    store = open_store(f"sqlite:///{home / 'data' / 'newscrawl.db'}")
    found = store.runs(site, limit=None)
    store.close()
    return sorted(found, key=lambda run: run.started)


def write_sites(home: Path, portals: dict[str, Portal]) -> None:
    (home / "sites").mkdir()
    (home / "data").mkdir()
    others = all_sites(project_settings())  # the portals of the package are not to be crawled
    (home / "newscrawl.toml").write_text("".join(f"[sites.{name}]\nenabled = false\n" for name in others))
    (home / "open").mkdir()
    netlocs = [urlsplit(portal.url).netloc for portal in portals.values()]
    (home / "open" / "sitecustomize.py").write_text(OPEN.format(netlocs=netlocs))
    for name, portal in portals.items():
        text = SPIDER.format(name=name, schedule="1m") + PACE.format(name=name, url=portal.url)
        (home / "sites" / f"{name}.py").write_text(text)


@pytest.mark.by_hand
def test_cron_crawls_two_sites(tmp_path: Path) -> None:
    assert os.geteuid() == 0, "cron's folder belongs to root"
    with run_portal() as first, run_portal() as second:
        portals = {"north": first, "south": second}
        write_sites(tmp_path, portals)
        with crontab_line(tmp_path), cron_daemon():
            time.sleep(60 * MINUTES)
        deadline = time.monotonic() + GRACE
        while time.monotonic() < deadline and any(
            run.finished is None for name in portals for run in runs_of(tmp_path, name)
        ):
            time.sleep(1)
        mail = (tmp_path / "mail").read_text("utf-8") if (tmp_path / "mail").exists() else ""
        assert mail == ""
        ticks = MINUTES // 5 if MINUTES >= 10 else MINUTES - 1
        for name, portal in portals.items():
            runs = runs_of(tmp_path, name)
            assert ticks - 1 <= len(runs) <= ticks + 2, [run.started for run in runs]
            assert {(run.verdict, run.trigger) for run in runs} == {("ok", "due")}
            pairs = list(pairwise(runs))
            assert all(run.finished and run.finished <= later.started for run, later in pairs)
            assert runs[0].counts["new"] == sum(path.startswith("/baoliao/") for path in portal.expected())
            assert all(run.counts.get("new", 0) == 0 for run in runs[1:])
            assert all(later.started - run.started < timedelta(minutes=7) for run, later in pairs)
