"""The table of portals for the README, between two markers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.errors import WrongUseError
from newscrawl.places import own_sites

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from newscrawl.spiders._base import NewsSpider

BEGIN, END = "<!-- portals: `newscrawl sites --markdown README.md` writes this -->", "<!-- end of portals -->"


def portals_table(spiders: Iterable[type[NewsSpider]]) -> str:
    """Return a Markdown table of the portals that come with newscrawl, by region; those of one's own are left out."""
    own = own_sites()
    mine = {path.stem for path in own.glob("*.py")} if own is not None and own.is_dir() else set()
    known = [spider for spider in spiders if spider.__module__.rpartition(".")[2] not in mine]
    lines = ["| region | portal | | site | system | seen |", "|---|---|---|---|---|---|"]
    for spider in sorted(known, key=lambda entry: (entry.region, str(entry.name))):
        place = " ".join(dict.fromkeys(part for part in (spider.region, spider.city) if part))
        link = f"[{_cell(spider.title)}]({spider.homepage})" if spider.homepage else _cell(spider.title)
        seen = f"{spider.evidence} {spider.status}".strip()
        cells = (_cell(place), link, _cell(spider.title_en), f"`{spider.name}`", _cell(spider.cms), seen)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def with_table(text: str, table: str) -> str:
    """Return a document with the table between its markers. Raises WrongUseError where it has none."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise WrongUseError(f"no place for the table: write these two lines where it is to stand: {BEGIN} {END}")
    return f"{before}{begin}\n{table}{end}{after}"


def write_table(path: Path, spiders: Iterable[type[NewsSpider]]) -> bool:
    """Bring the table in a file up to date; tells whether it was not. Raises WrongUseError as `with_table`."""
    text = path.read_text("utf-8")
    changed = with_table(text, portals_table(spiders))
    if changed == text:
        return False
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(changed, "utf-8")
    draft.replace(path)
    return True


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
