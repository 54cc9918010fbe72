"""The script pages in a real browser: what they hide from a plain fetch, a browser shows."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from newscrawl.demo import run_portal

if TYPE_CHECKING:
    from pathlib import Path

    from newscrawl.demo.faults import FaultKind

PATH = "/baoliao/2026-09-23/81691.html"

pytestmark = pytest.mark.browser


def rendered(chromium: str, url: str, profile: Path) -> str:
    """The document after its scripts ran."""
    command = [chromium, "--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--disable-sync"]
    command += ["--disable-background-networking", "--disable-component-update", f"--user-data-dir={profile}"]
    command += ["--no-sandbox"] if os.geteuid() == 0 else []
    command += ["--virtual-time-budget=4000", "--dump-dom", url]
    done = subprocess.run(command, capture_output=True, timeout=90, check=True)  # noqa: S603 - own arguments
    return done.stdout.decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("kind", "text"), [("js-only", ""), ("js-cookie", ""), ("js-cookie", "computed"), ("meta-refresh", "")]
)
def test_a_browser_sees_the_article(chromium: str, kind: FaultKind, text: str, tmp_path: Path) -> None:
    with run_portal() as portal:
        portal.fault("/*", kind, text=text)
        page = rendered(chromium, portal.url.rstrip("/") + PATH, tmp_path)
        assert all(paragraph in page for paragraph in portal.expected()[PATH].printed)


def test_a_browser_sees_the_list_of_the_app(chromium: str, tmp_path: Path) -> None:
    with run_portal(shape="json-app") as portal:
        page = rendered(chromium, f"{portal.url}h5/channel/3.html", tmp_path)
        listed = [path for path, truth in portal.expected().items() if truth.channel == "yaowen"][:10]
        assert all(path in page for path in listed)
