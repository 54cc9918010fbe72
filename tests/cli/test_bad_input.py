"""Bad input through the real command: one clear line, the right exit code, no traceback without -v."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from newscrawl.cli.parser import build_parser
from tests.cli.support import environment, fill, newscrawl

if TYPE_CHECKING:
    from pathlib import Path

#: Nothing listens there.
MONGO_DOWN = "mongodb://127.0.0.1:1/x?serverSelectionTimeoutMS=300"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("home")
    fill(made)
    (made / "folder.db").mkdir()
    (made / "damaged.db").write_bytes(b"no database " * 500)
    return made


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["crawl", "nosuch"], 2, "no site is called 'nosuch'"),
        (["crawl", "xjnet"], 2, "did you mean xjnnet?"),
        (["crawl", "xjnnet", "--since", "yesterday"], 2, "'yesterday' is no day"),
        (["search", '"open'], 2, "quotation mark is not closed"),
        (["search", "x", "--store", "mysql://a/b"], 2, "is no store address"),
        (["search", "x", "--store", "sqlite:///damaged.db"], 1, "is damaged or no SQLite file"),
        (["db", "status", "--store", "sqlite:///folder.db"], 1, "folder.db"),
        (["crawl", "xjnnet", "--store", "sqlite:///folder.db"], 14, "folder.db"),
        (["show", "x", "--store", MONGO_DOWN], 1, "does not answer"),
        (["db", "status", "--store", MONGO_DOWN], 1, "does not answer"),
        (["crawl", "xjnnet", "--store", MONGO_DOWN], 14, "does not answer"),
        (["show", "ffff"], 1, "no article is 'ffff'"),
        (["db", "status", "sqlite:///other.db"], 2, "name a store with --store"),
        (["db", "copy", "sqlite:///no.db", "sqlite:///new.db"], 2, "nothing in sqlite:///no.db to copy"),
    ],
)
def test_one_line_and_the_code(home: Path, words: list[str], code: int, says: str) -> None:
    done = newscrawl(home, *words)
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith(f"newscrawl {words[0]}: ")
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        ["search", "x", "-n", "0"],
        ["search", "x", "--page", "-1"],
        ["crawl", "xjnnet", "--max-requests", "-3"],
        ["kwic", "x", "--width", "many"],
        ["stats", "--ngrams", "9"],
        ["serve", "--port", "70000"],
    ],
)
def test_numbers_that_cannot_be_meant(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args(words)
    assert ended.value.code == 2
    assert "is no whole number from" in capsys.readouterr().err


def test_verbose_adds_the_traceback_and_keeps_the_code(home: Path) -> None:
    done = newscrawl(home, "crawl", "nosuch", "-v")
    assert done.returncode == 2
    assert "Traceback" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("newscrawl crawl: no site is called")


def test_no_words_show_the_help(home: Path) -> None:
    done = newscrawl(home)
    assert (done.returncode, done.stdout) == (2, "")
    assert "COMMAND" in done.stderr
    assert "demo" in done.stderr


def test_a_disk_that_is_full_from_the_start(home: Path) -> None:
    done = newscrawl(home, "db", "init", "--store", "sqlite:////dev/full")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        ["search", "湿地"],
        ["search", "nothing"],
        ["show", "https://xjnnet.com/baoliao/2026-09-23/1.html"],
        ["stats", "湿地"],
        ["kwic", "湿地"],
        ["sites"],
        ["runs"],
        ["health"],
        ["db", "status"],
        ["db", "init"],
    ],
    ids=" ".join,
)
def test_json_is_json(home: Path, words: list[str]) -> None:
    # ASCII: the harder case, as JSON must not hold what replaces a character for people
    done = newscrawl(home, *words, "--json", PYTHONIOENCODING="ascii")
    json.loads(done.stdout)
    assert done.stderr == ""


@pytest.mark.parametrize(
    "words", [["search", "湿地"], ["show", f"{1:040x}"], ["kwic", "收官阶段"], ["stats", "收官阶段"]]
)
def test_no_control_character_reaches_the_terminal(home: Path, words: list[str]) -> None:
    done = newscrawl(home, *words)
    assert done.returncode == 0, done.stderr
    assert not [c for c in done.stdout if c != "\n" and not (c.isprintable() or c == "\u3000")]


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
def test_poor_encodings_lose_no_output(home: Path, encoding: str) -> None:
    for words in (["search", "湿地"], ["--help"], ["stats", "--help"]):
        done = subprocess.run(  # noqa: S603  our own words
            [sys.executable, "-m", "newscrawl.cli", *words],
            env=environment(home, PYTHONIOENCODING=encoding), cwd=home, capture_output=True, check=False, timeout=60,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, b""), words


@pytest.mark.parametrize("words", ["search 湿地 -n 40", f"show {1:040x}", "kwic 收官阶段", "stats 湿地", "--help"])
def test_a_reader_that_goes_early(home: Path, words: str) -> None:
    command = f"set -o pipefail; '{sys.executable}' -m newscrawl.cli {words} | head -1"
    done = subprocess.run(  # noqa: S603  our own words
        ["bash", "-c", command],  # noqa: S607
        env=environment(home), cwd=home, capture_output=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_a_closed_output(home: Path) -> None:
    done = subprocess.run(  # noqa: S603  our own words
        ["bash", "-c", f"'{sys.executable}' -m newscrawl.cli search 湿地 >&-"],  # noqa: S607
        env=environment(home), cwd=home, capture_output=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "words", ["search 湿地", "kwic 收官阶段", "sites", "runs", "stats 湿地 --over month", "db status"]
)
@pytest.mark.parametrize("width", [60, 80])
def test_tables_fit_and_keep_short_words_whole(home: Path, words: str, width: int) -> None:
    from rich.cells import cell_len

    done = newscrawl(home, *words.split(), COLUMNS=str(width))
    assert max(map(cell_len, done.stdout.splitlines())) <= width
    if words.startswith(("search", "kwic")):
        assert "2026-09-23" in done.stdout
    if words == "sites":
        assert "xjnnet" in done.stdout
        assert "inferred" in done.stdout


def test_nothing_slow_is_imported_for_the_help() -> None:
    code = (
        "import sys, newscrawl.cli.parser as p; p.build_parser().format_help();"
        "print([m for m in ('scrapy', 'rich', 'pymongo', 'lxml', 'opencc', 'selectolax', 'dateparser', 'asyncio')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)  # noqa: S603
    assert done.stdout == "[]\n"
