"""The portal as a process of its own, steered through its control endpoint."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.error import HTTPError

import pytest

from newscrawl.demo import SEED_PATH, ControlClient, PortalProcess, expected_articles, portal_process
from newscrawl.demo.control import CONTROL_PATH
from tests.demo.client import fetch

if TYPE_CHECKING:
    from collections.abc import Iterator


PATH = "/baoliao/2026-09-23/81691.html"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalProcess]:
    file = tmp_path_factory.mktemp("faults") / "faults.json"
    file.write_text(json.dumps([{"pattern": "/wenhua/*", "kind": "status", "status": 410}]), encoding="utf-8")
    with portal_process("--port", "0", "--faults", str(file), "--held-back", "2") as running:
        yield running


def test_faults_file_is_on_from_the_start(portal: PortalProcess) -> None:
    assert fetch(portal.url, "/wenhua/").status == 410
    assert fetch(portal.url, "/jiaoyu/").status == 200


def test_faults_and_log_through_the_endpoint(portal: PortalProcess) -> None:
    portal.control.clear_log()
    portal.control.fault(PATH, "status", status=429, retry_after="3", times=1)
    assert [fetch(portal.url, PATH).status for _ in range(2)] == [429, 200]
    log = portal.control.log()
    assert [(entry["target"], entry["status"], entry["fault"]) for entry in log] == [
        (PATH, 429, "status"),
        (PATH, 200, ""),
    ]
    assert all(CONTROL_PATH not in entry["target"] for entry in log)
    portal.control.clear_faults("/wenhua/*")
    assert fetch(portal.url, "/wenhua/").status == 200


def test_truth_and_release_through_the_endpoint(portal: PortalProcess) -> None:
    everything = set(expected_articles())
    assert len(everything - set(portal.control.expected())) == 2
    assert len(portal.control.release()) == 2
    truth = portal.control.expected()
    assert set(truth) == everything
    assert truth[PATH]["published"] == "2026-09-23 10:20:00+08:00"
    assert truth[PATH]["reporters"] == ["周晓岚"]


@pytest.mark.parametrize("address", [f"{CONTROL_PATH}log", f"{CONTROL_PATH}{'x' * 32}/log", f"{CONTROL_PATH}é/log"])
def test_no_token_no_answer(portal: PortalProcess, address: str) -> None:
    assert fetch(portal.url, address.encode("latin-1").decode("ascii", "replace").replace("�", "%E9")).status == 404


def test_day_through_the_endpoint(portal: PortalProcess) -> None:
    portal.control.show_until(datetime(2026, 9, 1, tzinfo=UTC))
    assert list(portal.control.expected()) == [SEED_PATH]
    portal.control.show_until(None)
    assert PATH in portal.control.expected()


def test_bad_commands_are_told(portal: PortalProcess) -> None:
    with pytest.raises(HTTPError) as unknown_kind:
        portal.control.fault("/*", "earthquake")
    assert unknown_kind.value.code == 400
    assert "earthquake" in unknown_kind.value.read().decode()
    with pytest.raises(HTTPError) as wrong_type:
        portal.control.fault("/*", "cut", size="much")
    assert wrong_type.value.code == 400
    with pytest.raises(HTTPError) as unknown_command:
        ControlClient(portal.control.url + "nothing/").log()
    assert unknown_command.value.code == 404


@pytest.mark.parametrize(
    "arguments",
    [["--faults", "/nowhere/faults.json"], ["--host", "192.0.2.1"], ["--shape", "hexagon"], ["--port", "x"]],
)
def test_wrong_arguments_end_with_one_line(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "newscrawl.demo", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)  # noqa: S603 - own code
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.strip().splitlines()[-1].startswith(("newscrawl.demo: ", "python -m newscrawl.demo: "))


def test_the_package_needs_no_scrapy() -> None:
    code = "import sys, newscrawl.demo; sys.exit(any(name in sys.modules for name in ('scrapy', 'lxml', 'twisted')))"
    assert subprocess.run([sys.executable, "-c", code], timeout=30, check=False).returncode == 0  # noqa: S603 - own code
