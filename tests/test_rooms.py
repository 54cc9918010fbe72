"""The house keeps its order: imports go downwards only, Scrapy stays in its rooms, files stay small."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "newscrawl"

#: What every room may import: stdlib-only modules at the top of the package.
BASE = {"items", "clock", "errors", "places", "__init__"}

#: Room -> rooms that it may import beside BASE and itself.
MAY_IMPORT: dict[str, set[str]] = {
    "items": set(),
    "clock": set(),
    "errors": set(),
    "places": set(),
    "__init__": {"notebook"},
    "notebook": {"store"},
    "text": set(),
    "page": {"text"},
    "dedup": {"text"},
    "archive": {"text"},
    "store": set(),
    "search": {"store", "text"},
    "chain": {"text", "page"},
    "demo": {"text"},
    "replay": {"archive", "page", "chain", "dedup", "store", "text"},
    "crawl": {"replay", "archive", "page", "chain", "dedup", "store", "search", "text"},
    "settings": set(),
    "extensions": {"crawl"},
    "middlewares": {"crawl"},
    "pipelines": {"crawl", "chain", "dedup", "store"},
    "spiders": {"crawl", "page", "text"},
    "web": {"store", "search", "archive"},
    "cli": {"web", "crawl", "demo", "replay", "archive", "page", "chain", "dedup", "store", "search", "text"},
}
#: Rooms whose types a room names without importing them at run time.
NAMES_TYPES_OF = {"crawl": {"spiders"}, "cli": {"spiders"}}
#: The parts of `crawl`, from the ground up: each may import those named before it.
CRAWL_FLOORS = (
    "project", "sites", "gate", "fetch", "frontier", "ingest", "schedule", "monitoring", "run", "cluster", "due",
    "scout", "fixtures", "scaffold", "checks", "commands", "forget", "rekey", "portals_table",
)  # fmt: skip
SCRAPY_ROOMS = {"spiders", "pipelines", "middlewares", "extensions", "settings", "crawl"}
TEXT_MAY_USE = {"opencc", "dateparser", "w3lib"}


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "data" not in path.relative_to(PACKAGE).parts)


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(path: Path) -> set[str]:
    """All absolute module names that a file imports, wherever in it the import stands."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            if node.module == "newscrawl":
                names.update(f"newscrawl.{alias.name}" for alias in node.names)
            else:
                names.add(node.module)
    return names


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_downwards(path: Path) -> None:
    room = room_of(path)
    assert room in MAY_IMPORT, f"{room} is no room of the house"
    wrong = set()
    for name in imported(path):
        top, _, rest = name.partition(".")
        if top == "newscrawl" and rest:
            target = rest.split(".")[0]
            if target not in BASE | MAY_IMPORT[room] | NAMES_TYPES_OF.get(room, set()) | {
                room
            } and not target.startswith("__"):
                wrong.add(name)
        elif top != "newscrawl" and not may_use(room, top):
            wrong.add(name)
    assert not wrong


@pytest.mark.parametrize(
    "path", [path for path in modules() if room_of(path) == "crawl"], ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_the_parts_of_a_crawl_build_on_those_below(path: Path) -> None:
    part = path.relative_to(PACKAGE / "crawl").with_suffix("").parts[0]
    below = CRAWL_FLOORS[: CRAWL_FLOORS.index(part) + 1] if part in CRAWL_FLOORS else ()
    parts = {name.split(".")[2] for name in imported(path) if name.startswith("newscrawl.crawl.")}
    assert part in CRAWL_FLOORS or part == "__init__", f"{part} is no part of the crawl"
    assert parts <= set(below)


def may_use(room: str, library: str) -> bool:
    """Tell whether a room may import a library from outside."""
    if library in sys.stdlib_module_names:
        return True
    if room == "text":
        return library in TEXT_MAY_USE
    return room not in BASE and (library not in ("scrapy", "scrapy_playwright") or room in SCRAPY_ROOMS)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 420


@pytest.mark.parametrize("statement", ["import newscrawl.chain", "import newscrawl.store", "import newscrawl.cli"])
def test_scrapy_is_not_loaded_where_it_is_not_needed(statement: str) -> None:
    check = f"{statement}; import sys; sys.exit(bool({{'scrapy', 'twisted', 'pymongo'}} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0  # noqa: S603  our own words


def test_a_list_of_spiders_does_without_what_runs_them() -> None:
    modules = "{'newscrawl.chain', 'newscrawl.dedup', 'scrapy.crawler', 'scrapy.core.downloader.handlers.http11'}"
    check = (
        "import sys; from newscrawl.crawl.project import project_settings; from newscrawl.crawl.sites import all_sites;"
        f"assert all_sites(project_settings()); sys.exit(', '.join({modules} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", check], check=False, capture_output=True, text=True)  # noqa: S603  our own words
    assert (done.returncode, done.stderr) == (0, "")
