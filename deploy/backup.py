"""Back a store up into one SQLite file, and restore one into an empty store. For deploy/backup and deploy/restore.

A SQLite store is copied by SQLite's backup API while crawls go on, a MongoDB as `newscrawl db copy` does it.
"""  # noqa: INP001  a script among scripts

from __future__ import annotations

import argparse
import os
import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from newscrawl import clock
from newscrawl.errors import NewscrawlError
from newscrawl.search.index import default_path
from newscrawl.store import open_store
from newscrawl.store.copy import copy
from newscrawl.store.uri import default_uri, redact, sqlite_path

_NAME = re.compile(r"newscrawl-\d{8}T\d{6}Z\.db")


class BackupError(NewscrawlError):
    """The backup cannot be made or used; nothing was changed."""


def backup(uri: str, folder: Path) -> Path:
    """Write a backup of a store into a folder and return its file; a half-written one never has a backup's name."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"newscrawl-{clock.now():%Y%m%dT%H%M%SZ}.db"
    if target.exists():
        raise BackupError(f"{target} is there already")
    partial = target.with_name(f".{target.name}.part")
    partial.unlink(missing_ok=True)
    os.umask(0o077)
    try:
        if is_mongo(uri):
            copy_store(uri, f"sqlite:///{partial.absolute()}")
        else:
            copy_file(existing(uri), partial)
        sync(partial)
        partial.rename(target)
    finally:
        for rest in folder.glob(f"{partial.name}*"):
            rest.unlink()
    return target


def restore(file: Path, uri: str) -> None:
    """Restore a backup into a store that holds nothing yet."""
    if not file.is_file():
        raise BackupError(f"there is no file {file}")
    if is_mongo(uri) or Path(sqlite_path(uri)).exists():
        need_empty(uri)
    check(file)
    index = default_path(uri)  # that of a store which is gone; the next search makes it anew
    for stale in (index, Path(f"{index}-wal"), Path(f"{index}-shm")):
        stale.unlink(missing_ok=True)
    if is_mongo(uri):
        copy_store(f"sqlite:///{file.absolute()}", uri)
        return
    target = Path(sqlite_path(uri))
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.part")
    partial.unlink(missing_ok=True)
    copy_file(file, partial)
    sync(partial)
    for rest in (f"{target}-wal", f"{target}-shm"):
        Path(rest).unlink(missing_ok=True)
    partial.replace(target)


def is_mongo(uri: str) -> bool:
    """Tell whether a store is a MongoDB."""
    return uri.startswith("mongodb")


def existing(uri: str) -> Path:
    """Return the file of a SQLite store that is there."""
    path = Path(sqlite_path(uri))
    if not path.is_file():
        raise BackupError(f"there is no store at {path}")
    return path


def need_empty(uri: str) -> None:
    """Refuse a store that holds something: a restore never overwrites."""
    store = open_store(uri)
    try:
        held = {name: number for name, number in store.status().counts.items() if number}
    finally:
        store.close()
    if held:
        what = ", ".join(f"{number} {name}" for name, number in held.items())
        raise BackupError(f"{redact(uri)} is not empty ({what}): restore into a new store, then change over to it")


def copy_file(source: Path, target: Path) -> None:
    """Copy a SQLite database as it is at one moment, while others write to it, and check the copy."""
    with closing(sqlite3.connect(source, timeout=60)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new, pages=4096, sleep=0.01)
        new.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
    check(target)


def check(file: Path) -> None:
    """Refuse a file that is no sound SQLite database."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            found = opened.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise BackupError(f"{file} is damaged: {found}")


def copy_store(source_uri: str, target_uri: str) -> None:
    """Copy one store into another, of whatever kind."""
    source, target = open_store(source_uri), open_store(target_uri)
    try:
        target.init()
        copy(source, target)
    finally:
        source.close()
        target.close()


def sync(file: Path) -> None:
    """Have a file on the disk before it gets its name."""
    descriptor = os.open(file, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def prune(folder: Path, keep: int) -> list[Path]:
    """Delete all backups in a folder but the newest `keep`; other files stay."""
    found = sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    old = found[:-keep]
    for path in old:
        path.unlink()
    return old


def main() -> int:
    """Do what the command line says; errors are one line."""
    parser = argparse.ArgumentParser(prog="deploy/backup or deploy/restore")
    parser.add_argument("action", choices=("backup", "restore"), help=argparse.SUPPRESS)
    parser.add_argument("path", type=Path, metavar="FOLDER|FILE", help="where backups go, or the one to restore")
    parser.add_argument("--store", metavar="URI", default="", help="which store (default: that of the environment)")
    parser.add_argument("--keep", metavar="N", type=int, default=0, help="backup: delete all but the newest N")
    parser.add_argument("--quiet", action="store_true", help="print only what is wrong")
    options = parser.parse_args()
    uri = options.store or default_uri()
    try:
        if options.action == "restore":
            restore(options.path, uri)
            said = f"restored into {redact(uri)}"
        else:
            said = f"written: {backup(uri, options.path)}"
            if options.keep > 0:
                prune(options.path, options.keep)
    except (NewscrawlError, OSError, sqlite3.Error) as error:
        print(f"newscrawl {options.action}: {' '.join(redact(str(error)).split())}", file=sys.stderr)  # noqa: T201
        return 1
    if not options.quiet:
        print(said)  # noqa: T201  a command prints
    return 0


if __name__ == "__main__":
    sys.exit(main())
