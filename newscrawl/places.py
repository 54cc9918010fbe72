"""Where newscrawl keeps its files."""

from __future__ import annotations

import os
from pathlib import Path


def data_dir() -> Path:
    """Return the folder of store, archive, search index and spool: NEWSCRAWL_DATA, else `data` where one stands."""
    return Path(os.environ.get("NEWSCRAWL_DATA") or "data")


def own_sites() -> Path | None:
    """Return the folder with spider files of one's own, NEWSCRAWL_SITES; None where none is named."""
    named = os.environ.get("NEWSCRAWL_SITES")
    return Path(named).absolute() if named else None
