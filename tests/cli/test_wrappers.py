"""deploy/newscrawl and deploy/test in the shells of Debian, Alpine and macOS, with a stub for Python: no network."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SHELLS = [["dash"], ["busybox", "sh"], ["bash", "--posix"], ["sh"]]

#: Answers what the wrappers ask of Python, and writes down what it was asked for in $STUB_LOG.
STUB = """#!/bin/sh
printf '%s %s\\n' "$0" "$*" >>"$STUB_LOG"
case $* in
  *"version_info < (3, 11)"*) exit "${STUB_OLD:-0}" ;;
  *"import ensurepip"*) [ -z "${STUB_NO_VENV-}" ] || [ -e "$STUB_NO_VENV" ] ;;
  *"python%d.%d-venv"*) echo python3.99-venv ;;
  *'"%d.%d" %'*) cat "$(dirname "$0")/version" 2>/dev/null || echo 3.11 ;;
  *"import pip"*) [ -e "$(dirname "$0")/../pip" ] ;;
  *"-m venv"*)
    for venv in "$@"; do :; done
    rm -rf "$venv"; mkdir -p "$venv/bin"; cp "$0" "$venv/bin/python"; touch "$venv/pip" ;;
  *"-m pip install"*) sleep "${STUB_SLEEP:-0}"; exit "${STUB_PIP:-0}" ;;
  *"-m newscrawl.cli"*) shift 3; for word in "$@"; do echo "<$word>"; done; pwd -P; echo "data=$NEWSCRAWL_DATA" ;;
esac
"""


@dataclass
class Clone:
    """A clone of the project in a folder with spaces, and a PATH on which python3 is the stub."""

    root: Path
    tools: Path
    shell: list[str] = field(default_factory=lambda: ["sh"])
    cwd: Path = Path("/")

    def environment(self, **more: str) -> dict[str, str]:
        return {"PATH": f"{self.tools}:/usr/bin:/bin", "STUB_LOG": str(self.tools / "log"), **more}

    def start(self, *words: str, script: Path | None = None, **more: str) -> subprocess.Popen[str]:
        command = [*self.shell, str(script or self.root / "deploy/newscrawl"), *words]
        pipe = subprocess.PIPE
        return subprocess.Popen(  # noqa: S603  our own words
            command, env=self.environment(**more), cwd=self.cwd, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe,
            text=True,
        )  # fmt: skip

    def run(self, *words: str, script: Path | None = None, **more: str) -> tuple[int, str, str]:
        process = self.start(*words, script=script, **more)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    def asked(self, words: str) -> int:
        """Return how often Python was asked for something."""
        log = self.tools / "log"
        return sum(words in line for line in log.read_text().splitlines()) if log.exists() else 0


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    root, tools = tmp_path / "my clone", tmp_path / "tools"
    shutil.copytree(ROOT / "deploy", root / "deploy")
    shutil.copy(ROOT / "requirements.txt", root)
    tools.mkdir()
    (tools / "python3").write_text(STUB)
    (tools / "python3").chmod(0o755)
    return Clone(root, tools)


@pytest.fixture(params=SHELLS, ids=lambda words: words[0])
def any_shell(request: pytest.FixtureRequest, clone: Clone) -> Clone:
    if not shutil.which(request.param[0]):
        pytest.skip(f"no {request.param[0]} here")
    clone.shell = request.param
    return clone


def test_first_use_installs_and_second_use_does_not(any_shell: Clone) -> None:
    code, out, err = any_shell.run("search", "a  b", "")
    assert (code, out) == (0, f"<search>\n<a  b>\n<>\n/\ndata={any_shell.root}/data\n")
    assert "making" in err
    assert any_shell.run("sites") == (0, f"<sites>\n/\ndata={any_shell.root}/data\n", "")
    assert (any_shell.asked("-m venv"), any_shell.asked("-m pip install")) == (1, 1)
    assert not (any_shell.root / ".venv.lock").exists()


def test_through_links_from_another_folder(any_shell: Clone, tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "absolute").symlink_to(any_shell.root / "deploy/newscrawl")
    (folder / "relative").symlink_to("../my clone/deploy/newscrawl")
    (folder / "twice").symlink_to("relative")
    any_shell.cwd = folder
    for name in ("absolute", "relative", "twice"):
        assert any_shell.run(script=Path(name))[:2] == (0, f"{folder}\ndata={any_shell.root}/data\n")
    assert any_shell.run(script=Path("twice"), CDPATH="/:/tmp")[0] == 0


def test_changed_requirements_are_installed(clone: Clone) -> None:
    clone.run()
    with (clone.root / "requirements.txt").open("a") as file:
        file.write("another>=1\n")
    assert clone.run()[0] == 0
    assert (clone.asked("-m venv"), clone.asked("-m pip install")) == (1, 2)


def test_environment_of_a_python_that_is_gone_is_made_again(any_shell: Clone) -> None:
    any_shell.run()
    python = any_shell.root / ".venv/bin/python"
    python.unlink()
    python.symlink_to("/nonexistent/python3")
    assert any_shell.run()[0] == 0
    assert any_shell.asked("-m venv") == 2


@pytest.mark.parametrize("stamped", [True, False])
def test_environment_without_packages_is_made_again(clone: Clone, stamped: bool) -> None:
    # Python was replaced by another version below it, or making it was interrupted before pip was there
    clone.run()
    (clone.root / ".venv/pip").unlink()
    if not stamped:
        (clone.root / ".venv/.installed-run").unlink()
    assert clone.run()[0] == 0
    assert clone.asked("-m venv") == 2


def test_moved_clone_works_on(clone: Clone) -> None:
    clone.run()
    clone.root = clone.root.rename(clone.root.with_name("moved 名"))
    assert clone.run() == (0, f"/\ndata={clone.root}/data\n", "")


def test_failed_installation_is_one_line_and_tried_again(clone: Clone) -> None:
    code, out, err = clone.run(STUB_PIP="1")
    assert (code, out) == (1, "")
    assert err.splitlines()[-1].endswith("check the network and try again")
    assert not (clone.root / ".venv.lock").exists()
    assert clone.run()[0] == 0


def test_two_at_once_build_one_environment(any_shell: Clone) -> None:
    both = [any_shell.start("sites", STUB_SLEEP="1") for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert (any_shell.asked("-m venv"), any_shell.asked("-m pip install")) == (1, 1)
    for process in both:
        process.communicate()


def test_lock_of_a_dead_process_is_taken_away(any_shell: Clone) -> None:
    lock = any_shell.root / ".venv.lock"
    lock.mkdir()
    with subprocess.Popen(["true"]) as gone:  # noqa: S607
        pass
    (lock / "pid").write_text(f"{gone.pid}\n")
    assert any_shell.run()[0] == 0
    assert not lock.exists()


def test_place_that_cannot_be_written(any_shell: Clone) -> None:
    code, _, err = any_shell.run(NEWSCRAWL_VENV="/proc/nowhere/venv")
    assert code == 1
    assert err.startswith("newscrawl: cannot write beside /proc/nowhere/venv")
    assert len(err.splitlines()) == 1


def test_relative_environment_and_empty_home(clone: Clone, tmp_path: Path) -> None:
    clone.cwd = tmp_path
    assert clone.run(NEWSCRAWL_VENV="other env", HOME="")[0] == 0
    assert (tmp_path / "other env/bin/python").exists()


def test_named_python_is_used_or_refused(clone: Clone) -> None:
    code, _, err = clone.run(PYTHON="/nonexistent/python3.13")
    assert (code, err) == (
        1,
        "newscrawl: PYTHON=/nonexistent/python3.13 is no Python 3.11 or newer that can be run here\n",
    )
    (clone.tools / "python3").rename(clone.tools / "python3.13")
    assert clone.run(PYTHON="python3.13")[0] == 0
    assert clone.asked("python3.13 -I -m venv") == 1


def test_other_python_than_that_of_the_environment_is_told(clone: Clone, tmp_path: Path) -> None:
    clone.run()
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(clone.tools / "python3", other / "python3.13")
    (other / "version").write_text("3.13\n")
    code, _, err = clone.run(PYTHON=str(other / "python3.13"))
    assert code == 0
    assert "is not used" in err
    assert "has Python 3.11" in err


def test_python_of_pyenv_is_found(clone: Clone, tmp_path: Path) -> None:
    folder = tmp_path / "home/.pyenv/versions/3.13.0/bin"
    folder.mkdir(parents=True)
    shutil.copy(clone.tools / "python3", folder / "python3.13")
    assert clone.run(PYTHON="python3.13", HOME=str(tmp_path / "home"))[0] == 0
    assert clone.asked(f"{folder}/python3.13 -I -m venv") == 1


def test_old_python_only(clone: Clone) -> None:
    (clone.tools / "id").symlink_to("/bin/true")
    clone.shell = [shutil.which("sh") or "sh"]
    code, _, err = clone.run(STUB_OLD="1", PATH=f"{clone.tools}:{_without_python(clone.tools)}")
    assert code == 1
    assert err.startswith("newscrawl: no Python 3.11 or newer was found; install one (")
    assert len(err.splitlines()) == 1


def _without_python(tools: Path) -> str:
    """Return a folder with the tools that the wrappers call, and no Python."""
    folder = tools / "plain"
    folder.mkdir()
    for name in ("sh", "cat", "cksum", "dirname", "readlink", "mkdir", "rm", "mv", "cp", "touch", "sleep"):
        (folder / name).symlink_to(shutil.which(name) or name)
    return str(folder)


@pytest.fixture
def without_venv(clone: Clone) -> Clone:
    """Give a clone whose Python lacks the venv module until the stub of apt-get has installed it."""
    clone.shell = [shutil.which("sh") or "sh"]
    apt = clone.tools / "apt-get"
    apt.write_text(
        '#!/bin/sh\necho "apt-get $*" >>"$STUB_LOG"\ncase $* in *venv*) touch "$STUB_VENV_INSTALLED" ;; esac\n'
    )
    apt.chmod(0o755)
    return clone


def _user(clone: Clone, number: int) -> None:
    (clone.tools / "id").write_text(f"#!/bin/sh\necho {number}\n")
    (clone.tools / "id").chmod(0o755)


def test_missing_venv_module_and_no_rights(without_venv: Clone) -> None:
    _user(without_venv, 1000)
    code, _, err = without_venv.run(STUB_NO_VENV="/nonexistent")
    assert code == 1
    assert err.endswith("lacks its venv module; type: sudo apt-get install python3.99-venv\n")
    assert without_venv.asked("apt-get") == 0
    assert not (without_venv.root / ".venv.lock").exists()


def test_missing_venv_module_is_installed_for_root(without_venv: Clone, tmp_path: Path) -> None:
    _user(without_venv, 0)
    module = str(tmp_path / "ensurepip")
    assert without_venv.run(STUB_NO_VENV=module, STUB_VENV_INSTALLED=module)[0] == 0
    assert without_venv.asked("apt-get install -y -qq --no-install-recommends python3.99-venv") == 1


def test_package_that_does_not_bring_the_module(without_venv: Clone, tmp_path: Path) -> None:
    _user(without_venv, 0)
    code, _, err = without_venv.run(STUB_NO_VENV="/nonexistent", STUB_VENV_INSTALLED=str(tmp_path / "elsewhere"))
    assert code == 1
    assert "python3.99-venv did not bring it" in err


def test_missing_venv_module_where_there_is_no_apt(clone: Clone) -> None:
    code, _, err = clone.run(STUB_NO_VENV="/nonexistent", PATH=f"{clone.tools}:{_without_python(clone.tools)}")
    assert code == 1
    assert "with the system's package manager" in err


def test_test_wrapper_hands_its_words_to_pytest(any_shell: Clone, tmp_path: Path) -> None:
    browser = tmp_path / "browsers/chromium-1"
    browser.mkdir(parents=True)
    code, _, err = any_shell.run(
        "tests/text", "-k", "a b", script=any_shell.root / "deploy/test", PLAYWRIGHT_BROWSERS_PATH=str(browser.parent)
    )
    assert (code, "Chromium" in err) == (0, False)
    assert any_shell.asked("-m pytest -n auto tests/text -k a b") == 1
    assert any_shell.asked("-r deploy/requirements-test.txt") == 1
