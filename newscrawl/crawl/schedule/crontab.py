"""The entry in a user's crontab: made, found between its markers, written and taken out; all else there stays."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import newscrawl
from newscrawl.errors import NewscrawlError

BEGIN = "# >>> newscrawl (written by `newscrawl schedule --install`) >>>"
END = "# <<< newscrawl <<<"
#: Minutes between two looks at what is due.
EVERY = 5
#: Settings that cron would not know; those with a path go into the entry, those with secrets do not.
PATHS = ("NEWSCRAWL_DATA", "NEWSCRAWL_CONFIG", "NEWSCRAWL_VENV", "NEWSCRAWL_LOG", "NEWSCRAWL_SITES")
OTHERS = ("NEWSCRAWL_STORE", "MONGO_URI", "MONGO_DATABASE", "NEWSCRAWL_CONTACT", "NEWSCRAWL_CHROMIUM")


class CrontabError(NewscrawlError):
    """The crontab cannot be read or written; it is as it was."""


def root() -> Path:
    """Return the folder that holds the package."""
    return Path(newscrawl.__file__).resolve().parent.parent


def wrapper() -> Path | None:
    """Return the script that runs newscrawl from cron, None where only the package is installed."""
    script = root() / "deploy" / "cron"
    return script if script.is_file() else None


def entry() -> str:
    """Return the lines of the crontab, markers and all. Raises CrontabError for a path that cron cannot hold."""
    words = [f"{name}={_absolute(name, os.environ[name])}" for name in PATHS if os.environ.get(name)]
    script = wrapper()
    command = [str(script)] if script else [sys.executable, "-m", "newscrawl.cli"]
    if script is None and not os.environ.get("NEWSCRAWL_DATA"):
        words.append(f"NEWSCRAWL_DATA={Path('data').absolute()}")
    line = shlex.join([*(["env", *words] if words else []), *command, "crawl", "--due"])
    if any(ord(c) < 32 for c in line):
        raise CrontabError("a path with control characters cannot stand in a crontab")
    return f"{BEGIN}\n*/{EVERY} * * * * {line.replace('%', chr(92) + '%')}\n{END}\n"


def _absolute(name: str, value: str) -> str:
    return value if name == "NEWSCRAWL_LOG" and value == "-" else str(Path(value).absolute())


def notes() -> list[str]:
    """Return what cron will not know of what is set here."""
    unknown = [name for name in OTHERS if os.environ.get(name)]
    if not unknown:
        return []
    place = f"write {'it' if len(unknown) == 1 else 'them'} to {root() / 'newscrawl.env'}"
    if wrapper() is None:
        place = "set it at the top of the crontab"
    return [f"{', '.join(unknown)} is set here, but cron does not know it: {place}"]


def change(block: str | None) -> bool:
    """Put the entry into the crontab, None takes it out; False where nothing had to be done. Raises CrontabError."""
    if shutil.which("crontab") is None:
        raise CrontabError(
            "there is no `crontab` command here: install cron (Debian: apt-get install cron), or use the systemd timer"
            " or supercronic as deploy/README.md says"
        )
    before = _read()
    after = replace(before, block)
    if after == before:
        return False
    _run(["crontab", "-"], after)
    return True


def replace(crontab: str, block: str | None) -> str:
    """Return a crontab with the entry replaced, added at its end or taken out. Raises CrontabError for lone markers."""
    lines = crontab.splitlines(keepends=True)
    begins = [number for number, line in enumerate(lines) if line.rstrip() == BEGIN]
    ends = [number for number, line in enumerate(lines) if line.rstrip() == END]
    if not begins and not ends:
        if block is None:
            return crontab
        return crontab + ("\n" if crontab and not crontab.endswith("\n") else "") + block
    if len(begins) != 1 or len(ends) != 1 or begins[0] > ends[0]:
        raise CrontabError("the markers of newscrawl in the crontab do not match; mend them with `crontab -e`")
    return "".join(lines[: begins[0]]) + (block or "") + "".join(lines[ends[0] + 1 :])


def _read() -> str:
    done = _run(["crontab", "-l"], None)
    if done.returncode == 0:
        return done.stdout
    if "no crontab" in done.stderr.lower():
        return ""
    raise CrontabError(f"the crontab cannot be read: {' '.join(done.stderr.split()) or done.returncode}")


def _run(command: list[str], text: str | None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LC_ALL": "C"}
    try:
        done = subprocess.run(  # noqa: S603  our own words
            command, input=text, capture_output=True, env=environment, timeout=30, check=False,
            encoding="utf-8", errors="surrogateescape",
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CrontabError(f"`{' '.join(command)}` does not answer: {type(error).__name__}") from None
    if text is not None and done.returncode:
        raise CrontabError(f"the crontab was not written: {' '.join(done.stderr.split()) or done.returncode}")
    return done
