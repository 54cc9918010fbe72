"""`newscrawl replay` as a user calls it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.replay.support import ArchiveMaker, article_html, newscrawl, stored
from tests.replay.test_archives import OWN, PAGE

if TYPE_CHECKING:
    from pathlib import Path


def make(home: Path, author: str = "林知远", pages: int = 5) -> Path:
    maker = ArchiveMaker(home / "archive/20260301/xjnnet-1-00000.warc.gz", software=OWN)
    for number in range(pages):
        maker.add(PAGE.format(number), article_html(number, author=author if number < 3 else "林知远"))
    return maker.close()


def test_a_dry_run_tells_what_would_change_and_changes_nothing(tmp_path: Path) -> None:
    make(tmp_path)
    assert newscrawl(tmp_path, "replay", "--all").returncode == 0
    uri = f"sqlite:///{tmp_path / 'newscrawl.db'}"
    before = stored(uri)
    path = make(tmp_path, author="周慕白", pages=6)
    done = newscrawl(tmp_path, "replay", "--all", "--dry-run", "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["counts"]["would change"] == 3
    assert result["counts"]["would stay the same"] == 2
    assert result["counts"]["would be new"] == 1
    assert result["fields"]["reporters"]["articles"] == 3
    assert "林知远" in result["fields"]["reporters"]["before"]
    assert "周慕白" in result["fields"]["reporters"]["after"]
    shown = newscrawl(tmp_path, "replay", str(path), "--dry-run", "--diff")
    assert shown.stdout.count("-林知远") == 3
    assert shown.stdout.count("+周慕白") == 3
    assert "what would change" in shown.stdout
    assert stored(uri) == before


def test_pages_that_are_no_articles_any_more_are_told(tmp_path: Path) -> None:
    make(tmp_path)
    assert newscrawl(tmp_path, "replay", "--all").returncode == 0
    maker = ArchiveMaker(tmp_path / "archive/20260301/xjnnet-1-00000.warc.gz", software=OWN)
    maker.add(PAGE.format(0), b"<html><body></body></html>")
    maker.close()
    done = newscrawl(tmp_path, "replay", "--all", "--dry-run", "--json")
    (lost,) = json.loads(done.stdout)["no_longer_articles"]
    assert lost["url"] == PAGE.format(0)


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["replay"], 2, "name WARC files or folders"),
        (["replay", "--all", "x.warc"], 2, "name WARC files or folders"),
        (["replay", "nowhere.warc.gz"], 2, "no file or folder"),
        (["replay", "."], 2, "holds no archive file"),
        (["replay", "--all"], 2, "no file or folder"),
        (["replay", "notes.txt", "--site", "xjnett"], 2, "no site is called"),
        (["replay", "notes.txt", "--since", "yesterday"], 2, "is no day"),
        (["replay", "notes.txt", "--diff"], 2, "--dry-run"),
        (["replay", "notes.txt", "--mirror", "xjnnet"], 2, "is no mirror"),
        (["replay", "notes.txt"], 1, "no WARC or ARC file"),
    ],
)
def test_errors_are_one_clear_line(tmp_path: Path, words: list[str], code: int, message: str) -> None:
    (tmp_path / "notes.txt").write_text("no archive")
    done = newscrawl(tmp_path, *words)
    assert done.returncode == code, done.stderr
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
