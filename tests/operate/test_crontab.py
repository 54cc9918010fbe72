"""`newscrawl schedule`: the entry in the crontab, and everything else in it untouched."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from newscrawl.crawl.schedule.crontab import BEGIN, END, CrontabError, replace

PROJECT = Path(__file__).parent.parent.parent
OTHERS = "MAILTO=desk@example.org\n# 每天\n5 4 * * * /usr/bin/backup --day=\\%d\n"
ENTRY = f"{BEGIN}\n*/5 * * * * newscrawl crawl --due\n{END}\n"

#: A `crontab` that keeps the table in a file, as the real one answers.
CRONTAB = """#!/bin/sh
table=$(dirname "$0")/table
case $1 in
  -l) [ -f "$table" ] || { echo "no crontab for tester" >&2; exit 1; }; cat "$table" ;;
  -) [ ! -e "$table.locked" ] || { echo "you are not allowed" >&2; exit 1; }; cat >"$table" ;;
esac
"""


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "crontab").write_text(CRONTAB)
    (folder / "crontab").chmod(0o755)
    return folder


def schedule(tools: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("NEWSCRAWL_", "MONGO_"))}
    return subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-m", "newscrawl.cli", "schedule", *words],
        env={**kept, "PATH": f"{tools}:/usr/bin:/bin", "PYTHONPATH": str(PROJECT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_it_is_written_once_and_taken_out_without_a_trace(tools: Path) -> None:
    table = tools / "table"
    table.write_text(OTHERS)
    assert schedule(tools, "--install").returncode == 0
    written = table.read_text()
    assert written.startswith(OTHERS)
    assert written.count("crawl --due") == 1
    assert schedule(tools).stdout == written[len(OTHERS) :], "what is printed is what is written"
    assert "nothing was done" in schedule(tools, "--install").stdout
    assert table.read_text() == written
    table.write_text(written + "# behind it\n")
    assert schedule(tools, "--install", NEWSCRAWL_DATA="/srv/100% data").returncode == 0
    assert "NEWSCRAWL_DATA=/srv/100\\% data" in table.read_text(), "a bare % would end the command"
    assert table.read_text().endswith("# behind it\n")
    assert schedule(tools, "--remove").returncode == 0
    assert table.read_text() == OTHERS + "# behind it\n"
    assert "nothing was done" in schedule(tools, "--remove").stdout


def test_a_user_without_a_crontab_gets_one(tools: Path) -> None:
    assert schedule(tools, "--install").returncode == 0
    assert (tools / "table").read_text().startswith(BEGIN)


def test_a_crontab_that_cannot_be_written_is_told(tools: Path) -> None:
    (tools / "table.locked").touch()
    done = schedule(tools, "--install")
    assert done.returncode == 1
    assert "not allowed" in done.stderr


def test_without_cron_one_line_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "python3").symlink_to(sys.executable)
    done = schedule(tmp_path, "--install", PATH=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "apt-get install cron" in done.stderr


def test_what_cron_will_not_know_is_told_without_secrets(tools: Path) -> None:
    done = schedule(tools, NEWSCRAWL_STORE="mongodb://user:word@db.example/news")
    assert "NEWSCRAWL_STORE" in done.stderr
    assert "word" not in done.stdout + done.stderr.replace("password", "")


@pytest.mark.parametrize(
    ("before", "block", "after"),
    [
        ("", ENTRY, ENTRY),
        ("# no end of line", ENTRY, f"# no end of line\n{ENTRY}"),
        (f"a\n{BEGIN}\nold\nolder\n{END}\nb\n", ENTRY, f"a\n{ENTRY}b\n"),
        (f"a\n{BEGIN}\nold\n{END}\nb\n", None, "a\nb\n"),
        ("a\n\n\n", None, "a\n\n\n"),
    ],
)
def test_only_what_stands_between_the_markers_changes(before: str, block: str | None, after: str) -> None:
    assert replace(before, block) == after


@pytest.mark.parametrize("broken", [f"{BEGIN}\nx\n", f"x\n{END}\n", f"{END}\n{BEGIN}\n", ENTRY + ENTRY])
def test_markers_that_do_not_match_are_left_to_a_person(broken: str) -> None:
    with pytest.raises(CrontabError, match="crontab -e"):
        replace(broken, ENTRY)
