"""deploy/backup and deploy/restore, run as they are: into an empty store, compared with the old one."""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl.items import Article, RunRecord, UrlState, article_id
from newscrawl.store import open_store

if TYPE_CHECKING:
    from newscrawl.store import Store

PROJECT = Path(__file__).parent.parent.parent
NOW = datetime(2026, 9, 23, 4, 0, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project folder whose environment is that of the tests, as if just installed."""
    root = tmp_path / "project"
    (root / "venv" / "bin").mkdir(parents=True)
    shutil.copytree(PROJECT / "deploy", root / "deploy", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "requirements.txt", root)
    (root / "newscrawl").symlink_to(PROJECT / "newscrawl")
    python = root / "venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    python.chmod(0o755)
    stamp = subprocess.run(["cksum"], input=(root / "requirements.txt").read_bytes(), capture_output=True, check=True)  # noqa: S607
    (root / "venv" / ".installed-run").write_text(stamp.stdout.decode().strip())
    return root


def run(root: Path, script: str, *words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("NEWSCRAWL_", "MONGO_"))}
    return subprocess.run(  # noqa: S603  our own words
        [root / "deploy" / script, *map(str, words)],
        env={**kept, "NEWSCRAWL_VENV": str(root / "venv"), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def fill(store: Store) -> None:
    """Store some of everything."""
    for number in range(12):
        url = f"https://portal.example/a/2026-09-23/{number}.html"
        first = Article(
            id=article_id(url),
            url=url,
            canonical_url=url,
            site="alpha",
            title=f"标题{number}",
            body="正文",
            fetched_at=NOW,
        )
        store.put([first])
        store.put([replace(first, body="正文二", fetched_at=NOW + timedelta(hours=1))])
        store.settle_urls([UrlState(url=url, fetch_url=url, site="alpha", found_at=NOW, state="stored")])
    store.forget(article_id("https://portal.example/a/2026-09-23/3.html"), NOW)
    store.put_run(RunRecord("alpha-1", "alpha", NOW, finished=NOW, verdict="ok"))
    store.put_site_state("alpha", {"schedule": {"due": NOW, "attempts": 1, "finished": True}})
    store.put_profile("alpha", "v1", {"lines": ["甲"]})


def contents(uri: str) -> dict[str, Any]:
    """Return everything that a store holds, but the moments of writing, which another kind of store sets anew."""

    def plain(found: Article) -> Article:
        found.updated_at = None
        return found

    store = open_store(uri)
    articles = [plain(found) for found in store.articles()]
    held = {
        "articles": articles,
        "revisions": [[plain(row.article) for row in store.revisions(found.id)] for found in articles],
        "forgotten": [identity for identity, _ in store.forgotten_since(None)],
        "urls": list(store.url_states()),
        "runs": store.runs(limit=None),
        "states": {site: store.site_state(site) for site in store.sites()},
        "profiles": store.get_profile("alpha"),
    }
    store.close()
    assert len(articles) == 11
    return held


def test_a_backup_restored_is_the_store_it_was(store_uri: str, root: Path, tmp_path: Path) -> None:
    store = open_store(store_uri)
    fill(store)
    folder = tmp_path / "backups"
    made = run(root, "backup", folder, NEWSCRAWL_STORE=store_uri)
    store.close()
    assert (made.returncode, made.stderr) == (0, "")
    (file,) = folder.iterdir()
    assert file.stat().st_mode & 0o077 == 0
    target = f"sqlite:///{tmp_path / 'new' / 'store.db'}"
    assert run(root, "restore", "--store", target, file).returncode == 0
    assert contents(target) == contents(store_uri)
    again = run(root, "restore", "--store", target, file)
    assert again.returncode == 1
    assert "is not empty" in again.stderr
    assert again.stderr.count("\n") == 1


@pytest.mark.mongo
def test_a_backup_of_a_file_goes_into_an_empty_mongodb(mongo_uri: str, root: Path, tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path / 'store.db'}"
    store = open_store(uri)
    fill(store)
    store.close()
    assert run(root, "backup", "--store", uri, tmp_path / "backups").returncode == 0
    (file,) = (tmp_path / "backups").iterdir()
    done = run(root, "restore", "--store", mongo_uri, file)
    assert (done.returncode, done.stderr) == (0, "")
    assert contents(mongo_uri) == contents(uri)


def test_old_backups_go_and_other_files_stay(root: Path, tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path / 'store.db'}"
    store = open_store(uri)
    store.init()
    store.close()
    folder = tmp_path / "backups"
    for day in range(1, 5):
        now = f"2026-09-0{day}T00:00:00+00:00"
        done = run(root, "backup", "--quiet", "--keep", 2, "--store", uri, folder, NEWSCRAWL_NOW=now)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        (folder / "notes.db").touch()
    assert sorted(path.name for path in folder.iterdir()) == [
        "newscrawl-20260903T000000Z.db",
        "newscrawl-20260904T000000Z.db",
        "notes.db",
    ]


def test_what_cannot_be_backed_up_or_restored_is_one_line(root: Path, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path / 'new.db'}"
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database" * 100)
    for script, words in (
        ("backup", ["--store", f"sqlite:///{tmp_path / 'nowhere.db'}", tmp_path / "backups"]),
        (
            "backup",
            ["--store", "mongodb://user:geheim@127.0.0.1:1/x?serverSelectionTimeoutMS=200", tmp_path / "backups"],
        ),
        ("restore", ["--store", target, tmp_path / "nowhere.db"]),
        ("restore", ["--store", target, broken]),
    ):
        done = run(root, script, *words)
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert "geheim" not in done.stderr
    assert not (tmp_path / "new.db").exists()
    assert list((tmp_path / "backups").iterdir()) == [], "nothing half-written stays"


def test_a_backup_is_whole_while_others_write(root: Path, tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path / 'store.db'}"
    store = open_store(uri)
    fill(store)
    open_write = sqlite3.connect(tmp_path / "store.db")
    open_write.execute("BEGIN IMMEDIATE")
    done = run(root, "backup", "--store", uri, tmp_path / "backups")
    open_write.rollback()
    open_write.close()
    store.close()
    assert done.returncode == 0, done.stderr
    (file,) = (tmp_path / "backups").iterdir()
    assert contents(f"sqlite:///{file}") == contents(uri)
